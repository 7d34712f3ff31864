"""Returned parcels: take one in, look at what came back, photograph it."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal, get_args

from fastapi import APIRouter, Path, Query, Response

from api.dependencies import ClaimId, ServiceDep
from api.etags import etag
from api.pages.case import blind_claims, refuse_blind, waiting_for
from api.pages.rendering import Reader, ReaderDep, show
from api.pages.shots import lay_tiles, outline_mm
from evidence.errors import NotFoundError
from evidence.policy.final import ConditionSeen, Fault, ItemSeen
from evidence.policy.life import State, allowed_actions
from evidence.policy.life_wording import STATES as STATE_WORDS
from evidence.registry.life_records import Inspection
from evidence.registry.listing_rows import ClaimFilter
from evidence.registry.records import Claim, Item
from evidence.service.listing import list_claims
from evidence.service.parts import Service

router = APIRouter(include_in_schema=False)

Awaited = Literal["return_authorised", "shipped", "quarantine", "received"]
AWAITED: tuple[Awaited, ...] = get_args(Awaited)
_ROWS = 50  # claims of a state that are shown
_CHOICES = {
    "item": get_args(ItemSeen),
    "condition": get_args(ConditionSeen),
    "fault": get_args(Fault),
}
Asked = Annotated[str, Query(max_length=300)]  # a scanner types whatever the code says


@dataclass(frozen=True, slots=True)
class Parcel:
    """A claim whose parcel is awaited or there, its item, and what the reader may do now."""

    claim: Claim
    item: Item | None
    allowed: tuple[str, ...]

    @property
    def etag(self) -> str:
        """The claim as it is shown, for If-Match."""
        return etag(self.claim.version)


@router.get("/parcels")
def read_parcels(
    reader: ReaderDep, service: ServiceDep, q: Asked = "", state: Awaited | Literal[""] = ""
) -> Response:
    """Show the parcels that are awaited or wait; what was scanned leads to its claims."""
    asked = q.strip()
    states = (state,) if state else AWAITED
    blind = blind_claims(reader, service)
    claims = _find(service, asked) if asked else _awaited(service, states)
    claims = [claim for claim in claims if claim.claim_id not in blind]
    return show(
        reader,
        "parcels.html",
        asked=asked,
        state=state,
        parcels=[_parcel(reader, service, claim) for claim in claims],
        states={name: STATE_WORDS[name] for name in AWAITED},
        words=STATE_WORDS,
        blind=bool(blind),
    )


@router.get("/claims/{claim_id}/inspection")
def read_inspection_page(claim_id: ClaimId, reader: ReaderDep, service: ServiceDep) -> Response:
    """Show the form for what came back, and once that is noted, what to photograph of it."""
    claim = service.registry.claim(claim_id)
    waiting = waiting_for(reader, service.registry.second_readings(claim_id))
    if waiting is not None:  # what the inspector found tells which item the photos show
        return show(reader, "blind.html", claim=claim, reading=waiting)
    parcel = _parcel(reader, service, claim)
    if parcel.item is None:
        raise NotFoundError(
            f"claim {claim_id} names no item: have it name one first",
            f"申し出 {claim_id} に商品が指定されていません。先に商品を指定してください。",
        )
    made = service.registry.inspections_of(claim_id)
    last = made[-1] if made else None
    return show(
        reader,
        "inspection.html",
        parcel=parcel,
        item=parcel.item,
        before=service.registry.item_photos(parcel.item.item_id),
        last=last,
        choices=_CHOICES,
        words=STATE_WORDS,
        size=outline_mm(parcel.item, service.settings.reading),
        may=reader.may("POST /v1/inspections/1/photos"),
        owner=f"/v1/inspections/{last.inspection_id}/photos" if last else "",
        **({} if last is None else _shots(service, last, parcel.item)),
    )


@router.get("/inspections/{inspection_id}/shots")
def read_inspection_shots(
    inspection_id: Annotated[int, Path(ge=1, le=2**53)], reader: ReaderDep, service: ServiceDep
) -> Response:
    """Show what of the returned item was taken: a part of the inspection's page."""
    last = service.registry.inspection(inspection_id)
    if last.claim_id is not None:
        refuse_blind(reader, service, last.claim_id)
    item = service.registry.item(last.item_id)
    return show(reader, "inspection-shots.html", **_shots(service, last, item))


def _shots(service: Service, made: Inspection, item: Item) -> dict[str, Any]:
    photos = service.registry.inspection_photos(made.inspection_id)
    return {"tiles": lay_tiles(service, item.kind, photos, returned=True)}


def _parcel(reader: Reader, service: Service, claim: Claim) -> Parcel:
    item = None if claim.item_id is None else service.registry.item(claim.item_id)
    role = reader.session.staff.role if reader.session else "warehouse"
    return Parcel(claim, item, allowed_actions(service.registry.standing(claim.claim_id), role))


def _awaited(service: Service, states: tuple[State, ...]) -> list[Claim]:
    return [claim for state in states for claim in _list(service, ClaimFilter(state=state))]


def _find(service: Service, asked: str) -> list[Claim]:
    """Return the claim with this id, else those of the item or of the order with it."""
    try:
        return [service.registry.claim(asked)]
    except NotFoundError:
        of_item = _list(service, ClaimFilter(item_id=asked))
    if of_item:
        return of_item
    found = _list(service, ClaimFilter(order_id=asked))
    for item in service.registry.items_of_order(asked):
        found += _list(service, ClaimFilter(item_id=item.item_id))
    return list({claim.claim_id: claim for claim in found}.values())


def _list(service: Service, wanted: ClaimFilter) -> list[Claim]:
    rows = list_claims(service, wanted, sort="deadline", cursor=None, limit=_ROWS).rows
    return list(rows)
