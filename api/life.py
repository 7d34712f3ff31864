"""A claim's life over HTTP: tell a step that was done, read what happened."""

from datetime import datetime
from typing import Any, Self

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from api import examples
from api.callers import Actor, CallerDep
from api.dependencies import KEY, ClaimId, OnceDep, ServiceDep
from api.etags import ChangingDep
from api.examples import shown
from api.fields import Line, Words
from api.items import Money
from api.problems import problems
from api.recommendations import MissingView
from api.verdicts import TextView
from evidence.policy.life import StaffRole, State, Step, allowed_steps
from evidence.policy.recommendation import Missing
from evidence.policy.return_parcel import ReturnParcel
from evidence.registry.life_records import StepTaken, Told
from evidence.service.history import Happening, list_history
from evidence.service.life import take_step
from evidence.service.parts import Service

router = APIRouter(prefix="/v1/claims/{claim_id}", tags=["claims"], dependencies=[KEY])


class StepRequest(BaseModel, extra="forbid", json_schema_extra=shown(examples.STEP_REQUEST)):
    """A step that a named person did; `ship` and `receive` may tell of the parcel."""

    step: Step = Field(examples=["ship"])
    by: Actor = None
    role: StaffRole | None = Field(
        default=None,
        description="as whom; `warehouse`, `support` and `reviewer` may not do every step. Left "
        "out, it is that of the person signed in, and `workflow` for a program",
    )
    note: Words | None = Field(
        default=None, description="why; reopening, and closing before a decision, need it"
    )
    tracking_number: Line | None = None
    carrier: Line | None = Field(default=None, examples=["EMS"])
    insured_value: Money | None = Field(
        default=None, description="what the carrier pays for a loss"
    )
    box_marked: bool | None = Field(
        default=None,
        description="box and label bear the mark that the policy asks for; null: unknown",
    )

    def parcel(self) -> ReturnParcel:
        """Return what it tells of the parcel."""
        insured = self.insured_value
        return ReturnParcel(
            tracking_number=self.tracking_number,
            carrier=self.carrier,
            insured_value=None if insured is None else insured.amount,
            insured_currency=None if insured is None else insured.currency,
            box_marked=self.box_marked,
        )


class StepView(BaseModel, json_schema_extra=shown(examples.STEP)):
    """A step that was taken, where the claim stands now, and what the parcel lacks."""

    step_id: int
    step: Step
    by: str
    role: StaffRole
    note: str
    at: datetime
    from_state: State
    state: State
    allowed_steps: list[Step] = Field(description="what may be told next")
    facts: dict[str, Any] = Field(
        description="what was told of the parcel; `return_by` of an authorised return: until when "
        "the item is asked back"
    )
    warnings: list[MissingView] = Field(description="recorded; nothing is refused for them")

    @classmethod
    def of(cls, taken: StepTaken, warnings: tuple[Missing, ...], service: Service) -> Self:
        """Show a step."""
        return cls.model_validate(
            {
                "step_id": taken.step_id,
                "step": taken.action,
                "by": taken.by,
                "role": taken.role,
                "note": taken.note,
                "at": taken.at,
                "from_state": taken.from_state,
                "state": taken.to_state,
                "allowed_steps": allowed_steps(service.registry.standing(taken.claim_id)),
                "facts": {k: v for k, v in taken.facts.items() if k != "warnings"},
                "warnings": [
                    {"code": one.code, "en": one.text.en, "ja": one.text.ja} for one in warnings
                ],
            }
        )


class HappeningView(TextView):
    """One thing that happened to a claim."""

    at: datetime
    code: str = Field(examples=["decide"])
    by: str | None = Field(description="who did it; null for what the shop was told")
    note: str
    from_state: State | None = Field(description="of a move of the claim, else null")
    to_state: State | None
    facts: dict[str, Any]

    @classmethod
    def of(cls, one: Happening) -> Self:
        """Show a happening."""
        return cls.model_validate(
            {
                "at": one.at,
                "code": one.code,
                "en": one.text.en,
                "ja": one.text.ja,
                "by": one.by,
                "note": one.note,
                "from_state": one.from_state,
                "to_state": one.to_state,
                "facts": one.facts,
            }
        )


class HistoryView(BaseModel, json_schema_extra=shown(examples.HISTORY)):
    """All that happened to a claim, the oldest first."""

    claim_id: str
    history: list[HappeningView]


@router.post(
    "/steps", status_code=201, response_model=StepView, responses=problems(400, 404, 409, 412, 413)
)
def post_step(
    claim_id: ClaimId,
    request: StepRequest,
    service: ServiceDep,
    caller: CallerDep,
    expected: ChangingDep,
    once: OnceDep,
) -> Response:
    """Tell a step that was done; 409 names what is allowed where the claim stands."""
    by, role = caller.acting("by", request.by), caller.role(request.role)

    def take() -> tuple[int, StepView]:
        told = Told(by, service.now(), role=role, note=request.note or "")
        taken, warnings = take_step(
            service, claim_id, request.step, told, request.parcel(), expected=expected
        )
        return 201, StepView.of(taken, warnings, service)

    return once(request.model_dump() | {"role": role}, take)


@router.get("/history", responses=problems(404))
def read_history(claim_id: ClaimId, service: ServiceDep) -> HistoryView:
    """Read what happened to a claim: what was told, photos, proposals, steps, decisions."""
    happened = map(HappeningView.of, list_history(service, claim_id))
    return HistoryView(claim_id=claim_id, history=list(happened))
