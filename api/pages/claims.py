"""Support's queue of claims, and opening one."""

import secrets
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Literal, get_args

from fastapi import APIRouter, Query, Response
from fastapi.responses import RedirectResponse

from api.dependencies import ServiceDep
from api.pages.case import blind_claims
from api.pages.rendering import ReaderDep, require, show
from evidence.errors import NotFoundError
from evidence.policy.case import Reason
from evidence.policy.life import STATES, State
from evidence.policy.life_wording import STATES as STATE_WORDS
from evidence.registry.listing_rows import ClaimFilter
from evidence.registry.records import Claim, Item
from evidence.service.listing import list_claims, list_items
from evidence.service.parts import Service

router = APIRouter(include_in_schema=False)

REASONS: tuple[Reason, ...] = get_args(Reason)
_ROWS = 50  # a page of the queue
_MOST_ITEMS = 50  # of one order
Text = Annotated[str, Query(max_length=128)]


@dataclass(frozen=True, slots=True)
class Queued:
    """A claim in the queue, with the item that it is about."""

    claim: Claim
    item: Item | None

    @property
    def value(self) -> Decimal:
        """The item's declared value."""
        return Decimal(self.claim.value_milli) / 1000


@router.get("/claims")
def read_queue(
    reader: ReaderDep,
    service: ServiceDep,
    q: Text = "",
    state: State | Literal[""] = "",
    reason: Reason | Literal[""] = "",
    sort: Literal["deadline", "value"] = "deadline",
    cursor: Annotated[str | None, Query(max_length=400)] = None,
) -> Response:
    """Show the queue; a claim's own id leads straight to it."""
    require(reader, "GET /v1/claims/x/recommendation")
    if q.strip() and _is_known(service, q.strip()):
        return RedirectResponse(f"/claims/{q.strip()}", 303)
    wanted = ClaimFilter(state=state or None, reason=reason or None, order_id=q.strip() or None)
    page = list_claims(service, wanted, sort=sort, cursor=cursor, limit=_ROWS)
    blind = blind_claims(reader, service)
    shown = [claim for claim in page.rows if claim.claim_id not in blind]
    return show(
        reader,
        "claims.html",
        rows=[Queued(claim, _item(service, claim)) for claim in shown],
        blind=bool(blind),
        next=page.next,
        asked={"q": q.strip(), "state": state, "reason": reason, "sort": sort},
        states={name: STATE_WORDS[name] for name in STATES},
        reasons=REASONS,
    )


@router.get("/claims/new")
def read_new_claim(
    reader: ReaderDep, service: ServiceDep, order: Text = "", item: Text = ""
) -> Response:
    """Show the form of a claim, for an order or an item."""
    require(reader, "PUT /v1/claims/x")
    items: list[Item] = []
    if item:
        items = [service.registry.item(item)]
    elif order.strip():
        found = list_items(
            service, order_id=order.strip(), sealed=None, cursor=None, limit=_MOST_ITEMS
        )
        items = list(found.rows)
    return show(
        reader,
        "new-claim.html",
        order=order.strip(),
        items=items,
        claim_id=f"c-{reader.now.astimezone(reader.zone):%y%m%d}-{secrets.token_hex(3)}",
        reasons=REASONS,
    )


def _is_known(service: Service, claim_id: str) -> bool:
    try:
        service.registry.claim(claim_id)
    except NotFoundError:
        return False
    return True


def _item(service: Service, claim: Claim) -> Item | None:
    return None if claim.item_id is None else service.registry.item(claim.item_id)
