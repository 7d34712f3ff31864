"""The log: what happened, to what, by whom; the newest first."""

from dataclasses import dataclass
from typing import Annotated, Literal, get_args

from fastapi import APIRouter, Query, Response

from api.callers import Caller
from api.dependencies import ServiceDep
from api.pages.case import blind_claims
from api.pages.rendering import ReaderDep, require, show
from evidence.registry.records import Event

router = APIRouter(include_in_schema=False)

Subject = Literal[
    "item", "claim", "inspection", "staff", "key", "photo", "comparison", "address", "call"
]
SUBJECTS = get_args(Subject)
_ROWS = 100  # a page


@dataclass(frozen=True, slots=True)
class Line:
    """An event as the page tells it.

    Attributes:
        event: what happened.
        place: the page of what it happened to; None if there is none.
    """

    event: Event
    place: str | None


@router.get("/log")
def read_log(
    reader: ReaderDep,
    service: ServiceDep,
    subject: Subject | Literal[""] = "",
    of: Annotated[str, Query(max_length=128)] = "",
    before: Annotated[int | None, Query(ge=1, le=2**63 - 1)] = None,
) -> Response:
    """Show what happened last, of everything or of one subject."""
    require(reader, "GET /v1/events")
    found = service.registry.recent_events(
        before=before,
        limit=_ROWS,
        subject=subject or None,
        subject_id=of.strip() or None,
        without=Caller(reader.session).not_told,
    )
    blind = blind_claims(reader, service)  # that one was decided tells too
    return show(
        reader,
        "log.html",
        lines=[_line(event) for event in found if not _claims_of(event) & blind],
        asked={"subject": subject, "of": of.strip()},
        before=found[-1].number if len(found) == _ROWS else None,
        subjects=SUBJECTS,
    )


def _line(event: Event) -> Line:
    place = {"item": "/items/", "claim": "/claims/"}.get(event.subject)
    return Line(event, None if place is None else f"{place}{event.subject_id}")


def _claims_of(event: Event) -> set[str]:
    """Return the claims that an event tells of."""
    own = {event.subject_id} if event.subject == "claim" else set()
    return own | {str(event.body.get("claim_id", ""))}
