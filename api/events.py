"""The feed of what happened: read it on from where you were, as often as you like."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from api import workflow_examples as examples
from api.callers import CallerDep
from api.dependencies import KEY, ServiceDep
from api.examples import shown
from api.problems import problems
from evidence.registry.records import Event
from evidence.service.listing import follow_events
from evidence.service.watch import OWNERS_ONLY

router = APIRouter(prefix="/v1/events", tags=["workflow"], dependencies=[KEY])

LARGEST = 2**63 - 1


class EventView(BaseModel, json_schema_extra=shown(examples.EVENT)):
    """One change: of an item, a claim, or who may do what."""

    number: int = Field(description="counts up; later changes have larger numbers")
    at: datetime
    kind: str = Field(
        description="`item.registered`, `item.changed`, `item.photo_added`, `item.sealed`, "
        "`claim.opened`, `claim.changed`, `claim.photo_added`, `claim.recommended`, "
        "`claim.moved`, `claim.decided`, `claim.second_reading_asked`, "
        "`claim.second_reading_answered`, `claim.second_reading_withdrawn`, `inspection.made`, "
        "`staff.added`, `staff.changed`, `staff.password_set`, `key.added`, `key.rotated`, "
        "`key.revoked`, `photo.damaged`, `photo.healed`, `photo.erased`, `hold.placed`, "
        "`hold.lifted`, `store.damaged`, "
        + ", ".join(f"`{kind}`" for kind in sorted(OWNERS_ONLY))
        + "; pass over those that you do not know",
        examples=["claim.decided"],
    )
    subject: str = Field(description="what it happened to", examples=["claim"])
    subject_id: str = Field(examples=["claim-1"])
    actor: str = Field(description="the API key's name; of what a named person did, that person")
    body: dict[str, Any] = Field(description="what changed; read the subject for the rest")

    @classmethod
    def of(cls, event: Event) -> "EventView":
        """Show an event."""
        return cls.model_validate(asdict(event))


class EventsView(BaseModel, json_schema_extra=shown(examples.EVENTS)):
    """Some events, and where to go on."""

    events: list[EventView]
    next: int = Field(description="send it as `after` to go on, also where there is nothing new")
    more: bool = Field(description="there is more already")


@router.get("", responses=problems())
def read_events(
    service: ServiceDep,
    caller: CallerDep,
    after: Annotated[
        int,
        Query(ge=0, le=LARGEST, description="number of the last event known", examples=[42]),
    ] = 0,
    limit: Annotated[
        int, Query(ge=1, le=1000, description="how many at most", examples=[100])
    ] = 100,
) -> EventsView:
    """Read what happened after an event, the oldest first; each exactly once, none ever missing.

    Persons who are no owners are not told what was refused and who looked at what.
    """
    events, more = follow_events(service, after=after, limit=limit, without=caller.not_told)
    return EventsView(
        events=[EventView.of(event) for event in events],
        next=events[-1].number if events else after,
        more=more,
    )
