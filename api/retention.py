"""Retention over HTTP: an owner sees what is due, sets legal holds, and erases what may go.

No other call, whoever makes it, alters or removes an original.
"""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Literal, Self

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel, Field

from api import retention_examples as examples
from api.callers import SessionDep
from api.dependencies import KEY, OnceDep, ServiceDep
from api.examples import shown
from api.fields import Id, Sha256, Words
from api.problems import problems
from evidence.policy.retention import WHY, Ground, Refusal
from evidence.registry.retention_rows import Hold, Tombstone
from evidence.service.retention import Erasing, Standing, erase_claim, erase_due, list_due

router = APIRouter(prefix="/v1", tags=["retention"], dependencies=[KEY])

AT_ONCE = 500  # photos that one call erases
LARGEST = 2**53
Subject = Literal["item", "claim"]


class OwnerView(BaseModel):
    """What a photo hangs on."""

    subject: Literal["item", "claim", "inspection"]
    subject_id: str


class DueView(BaseModel, json_schema_extra=shown(examples.DUE)):
    """A photo that may go."""

    photo_id: Sha256
    size: int = Field(description="bytes of the original")
    added_at: datetime
    due_at: datetime
    owners: list[OwnerView] = Field(description="empty for a photo that hangs on nothing")

    @classmethod
    def of(cls, one: Standing) -> Self:
        """Show it."""
        return cls.model_validate(
            {
                "photo_id": one.photo.photo_id,
                "size": one.photo.size,
                "added_at": one.photo.added_at,
                "due_at": one.due_at,
                "owners": [
                    {"subject": owner.subject, "subject_id": owner.subject_id}
                    for owner in one.photo.owners
                ],
            }
        )


class RulesView(BaseModel):
    """Which rules say so."""

    id: str
    version: str
    sha256: Sha256 = Field(description="of the document")


class RetentionView(BaseModel, json_schema_extra=shown(examples.RETENTION)):
    """Some photos that are due."""

    rules: RulesView
    photos: list[DueView]
    next: Sha256 | None = Field(
        description="send it as `after` to go on, also where this part had none; null at the end"
    )


class HoldRequest(BaseModel, extra="forbid", json_schema_extra=shown(examples.HOLD_REQUEST)):
    """What nothing may be erased of from now on."""

    subject: Subject
    subject_id: Id
    reason: Words


class LiftRequest(BaseModel, extra="forbid", json_schema_extra=shown(examples.LIFT_REQUEST)):
    """Why a hold goes."""

    reason: Words


class HoldView(BaseModel, json_schema_extra=shown(examples.HOLD)):
    """A legal hold."""

    hold_id: int
    subject: Subject
    subject_id: str
    reason: str
    placed_by: str
    placed_at: datetime
    lifted_by: str | None = Field(description="null as long as it holds")
    lifted_at: datetime | None
    lifted_because: str | None

    @classmethod
    def of(cls, hold: Hold) -> Self:
        """Show a hold."""
        return cls.model_validate(asdict(hold))


class HoldsView(BaseModel, json_schema_extra=shown(examples.HOLDS)):
    """Every hold, lifted ones too."""

    holds: list[HoldView]


class ErasureRequest(BaseModel, extra="forbid", json_schema_extra=shown(examples.ERASURE_REQUEST)):
    """What is to be erased, and why."""

    claim_id: Id | None = Field(
        default=None,
        description="a closed claim whose photos a person asked to erase; null: whatever is due",
    )
    reason: Words


class LeftView(BaseModel):
    """A photo that stays."""

    photo_id: Sha256
    why: Refusal
    en: str

    @classmethod
    def of(cls, photo_id: str, why: Refusal) -> Self:
        """Show it."""
        return cls(photo_id=photo_id, why=why, en=WHY[why])


class ErasedView(BaseModel, json_schema_extra=shown(examples.ERASED)):
    """What became of it."""

    erased: list[Sha256]
    left: list[LeftView] = Field(description="of the claim's photos those that stay, and why")
    more: bool = Field(description="more is due: call again")

    @classmethod
    def of(cls, done: Erasing) -> Self:
        """Show it."""
        left = [LeftView.of(*one) for one in done.left.items()]
        return cls(erased=list(done.erased), left=left, more=done.more)


class TombstoneView(BaseModel, json_schema_extra=shown(examples.TOMBSTONE)):
    """What is left of an erased photo; the log proves it."""

    number: int
    photo_id: Sha256
    media_type: str
    size: int
    views: list[str]
    added_at: datetime | None
    erased_at: datetime
    erased_by: str
    ground: Ground
    reason: str

    @classmethod
    def of(cls, one: Tombstone) -> Self:
        """Show a tombstone."""
        return cls.model_validate(asdict(one))


class TombstonesView(BaseModel, json_schema_extra=shown(examples.TOMBSTONES)):
    """Some tombstones, in the order of erasing."""

    erasures: list[TombstoneView]
    next: int = Field(description="send it as `after` to go on")
    more: bool


@router.get("/retention", responses=problems())
def read_retention(
    service: ServiceDep,
    session: SessionDep,
    after: Annotated[
        Sha256 | None, Query(description="the `next` of the part before", examples=["5" * 64])
    ] = None,
) -> RetentionView:
    """List what is due, in the order of ids; each call looks at some thousands of photos."""
    due, further = list_due(service.registry, service.retention, service.now(), after=after or "")
    rules = service.retention
    return RetentionView(
        rules=RulesView(id=rules.id, version=rules.version, sha256=rules.sha256),
        photos=[DueView.of(one) for one in due],
        next=further,
    )


@router.get("/holds", responses=problems())
def read_holds(service: ServiceDep, session: SessionDep) -> HoldsView:
    """List every legal hold, the oldest first."""
    return HoldsView(holds=[HoldView.of(hold) for hold in service.registry.all_holds()])


@router.post(
    "/holds", status_code=201, response_model=HoldView, responses=problems(400, 404, 409, 413)
)
def post_hold(
    request: HoldRequest, service: ServiceDep, session: SessionDep, once: OnceDep
) -> Response:
    """Hold everything of an item or a claim; it wins over every date and every request."""

    def place() -> tuple[int, HoldView]:
        hold = service.registry.place_hold(
            **request.model_dump(), by=session.staff.name, at=service.now()
        )
        return 201, HoldView.of(hold)

    return once(request.model_dump(), place)


@router.post(
    "/holds/{hold_id}/lift", response_model=HoldView, responses=problems(400, 404, 409, 413)
)
def post_lift(
    hold_id: Annotated[int, Path(ge=1, le=LARGEST, description="its number", examples=[1])],
    request: LiftRequest,
    service: ServiceDep,
    session: SessionDep,
    once: OnceDep,
) -> Response:
    """Lift a hold; from now on it holds nothing, and stays in the list."""

    def lift() -> tuple[int, HoldView]:
        hold = service.registry.lift_hold(
            hold_id, because=request.reason, by=session.staff.name, at=service.now()
        )
        return 200, HoldView.of(hold)

    return once(request.model_dump(), lift)


@router.get("/erasures", responses=problems())
def read_erasures(
    service: ServiceDep,
    session: SessionDep,
    after: Annotated[
        int, Query(ge=0, le=LARGEST, description="number of the last known", examples=[0])
    ] = 0,
    limit: Annotated[
        int, Query(ge=1, le=1000, description="how many at most", examples=[100])
    ] = 100,
) -> TombstonesView:
    """List what is left of erased photos, the first erased first."""
    found = service.registry.tombstones(after=after, limit=limit + 1)
    shown_now = found[:limit]
    return TombstonesView(
        erasures=[TombstoneView.of(one) for one in shown_now],
        next=shown_now[-1].number if shown_now else after,
        more=len(found) > limit,
    )


@router.post("/erasures", response_model=ErasedView, responses=problems(400, 404, 409, 413))
def post_erasure(
    request: ErasureRequest, service: ServiceDep, session: SessionDep, once: OnceDep
) -> Response:
    """Erase what is due, or a closed claim's photos on request; for ever, but for a tombstone."""
    by, at = session.staff.name, service.now()
    registry, rules = service.registry, service.retention

    def erase() -> tuple[int, ErasedView]:
        if request.claim_id is not None:
            done = erase_claim(
                registry, request.claim_id, rules, reason=request.reason, by=by, at=at
            )
        else:
            done = erase_due(registry, rules, reason=request.reason, by=by, at=at, limit=AT_ONCE)
        return 200, ErasedView.of(done)

    return once(request.model_dump(), erase)
