"""Inspections over HTTP: what came back, its photos, and what the rules finally propose."""

from datetime import datetime
from typing import Annotated, Literal, Self

from fastapi import APIRouter, Form, Path, Response
from pydantic import BaseModel, Field

from api import examples
from api.callers import Actor, CallerDep
from api.dependencies import KEY, ClaimId, ItemId, OnceDep, ServiceDep
from api.digests import DeclaredDep
from api.etags import ChangingDep
from api.examples import shown
from api.fields import Id, Words
from api.photos import FORM, PhotoForm, PhotoView, TakenPhotoView
from api.problems import problems
from api.recommendations import ClauseView, CostView, PolicyView
from api.verdicts import ClaimVerdictView, FindingView
from evidence.policy.final import ConditionSeen, Fault, FinalOutcome, ItemSeen, Remedy
from evidence.registry.life_records import Inspection
from evidence.service.inspections import (
    add_inspection_photo,
    inspect_item,
    recommend_after_inspection,
)
from evidence.service.parts import Service

router = APIRouter(
    prefix="/v1",
    tags=["inspections"],
    dependencies=[KEY],
    form_limits={"max_files": 1, "max_fields": 8, "max_part_size": 4096},
)
InspectionId = Annotated[int, Path(ge=1, le=2**53, description="its number", examples=[1])]


class FindingsForm(BaseModel, extra="forbid"):
    """What a named person found."""

    item: ItemSeen = Field(description="is it the item that was sent?", examples=["same"])
    condition: ConditionSeen = Field(
        description="is it as the customer's photos showed?", examples=["as_claimed"]
    )
    fault: Fault = Field(
        default="unconfirmed", description="confirmed by this person, never by the product"
    )
    replacement_in_stock: bool | None = Field(
        default=None, description="same SKU, grade and condition; null: nobody has looked"
    )


class InspectionRequest(
    BaseModel, extra="forbid", json_schema_extra=shown(examples.INSPECTION_REQUEST)
):
    """An inspection of one item that came back."""

    claim_id: Id | None = Field(default=None, description="what it came back for, if known")
    inspected_by: Actor = None
    note: Words | None = None
    findings: FindingsForm


class InspectionView(BaseModel, json_schema_extra=shown(examples.INSPECTION)):
    """An inspection with its photos."""

    inspection_id: int
    item_id: str
    claim_id: str | None
    inspected_by: str
    note: str
    findings: FindingsForm
    inspected_at: datetime
    photos: list[PhotoView]

    @classmethod
    def of(cls, one: Inspection, service: Service) -> Self:
        """Show an inspection."""
        photos = service.registry.inspection_photos(one.inspection_id)
        return cls(
            inspection_id=one.inspection_id,
            item_id=one.item_id,
            claim_id=one.claim_id,
            inspected_by=one.inspected_by,
            note=one.note,
            findings=FindingsForm.model_validate(dict(one.findings)),
            inspected_at=one.inspected_at,
            photos=[PhotoView.of(photo) for photo in photos],
        )


class ChoiceView(BaseModel):
    """A remedy with its fees."""

    remedy: Remedy
    costs: list[CostView]


class FinalView(BaseModel, json_schema_extra=shown(examples.FINAL)):
    """What the rules finally propose; never a denial, and nothing is charged by it."""

    outcome: FinalOutcome
    remedy: Remedy
    costs: list[CostView]
    alternatives: list[ChoiceView] = Field(description="what a supervisor may choose instead")
    clauses: list[ClauseView]
    reasons: list[FindingView]
    against_pre_shipment: ClaimVerdictView | None = Field(description="null: nothing to compare")
    against_customer: ClaimVerdictView | None
    requires_decision_by: Literal["person"]
    policy: PolicyView


@router.post(
    "/items/{item_id}/inspections",
    status_code=201,
    response_model=InspectionView,
    responses=problems(400, 404, 409, 412, 413),
)
def post_inspection(
    item_id: ItemId,
    request: InspectionRequest,
    service: ServiceDep,
    caller: CallerDep,
    expected: ChangingDep,
    once: OnceDep,
) -> Response:
    """Keep what was found on an item that came back; its claim moves to inspected."""
    inspected_by = caller.acting("inspected_by", request.inspected_by)

    def inspect() -> tuple[int, InspectionView]:
        made = Inspection(
            inspection_id=0,  # the registry gives the number
            item_id=item_id,
            claim_id=request.claim_id,
            inspected_by=inspected_by,
            note=request.note or "",
            findings=request.findings.model_dump(),
            inspected_at=service.now(),
        )
        return 201, InspectionView.of(inspect_item(service, made, expected=expected), service)

    return once(request.model_dump(), inspect)


@router.get("/inspections/{inspection_id}", responses=problems(404))
def read_inspection(inspection_id: InspectionId, service: ServiceDep) -> InspectionView:
    """Read an inspection with its photos."""
    return InspectionView.of(service.registry.inspection(inspection_id), service)


@router.post(
    "/inspections/{inspection_id}/photos",
    status_code=201,
    response_model=TakenPhotoView,
    responses={
        200: {"model": TakenPhotoView, "description": "The same bytes hang there already"},
        **problems(400, 404, 409, 410, 413, 415),
    },
)
def post_inspection_photo(
    inspection_id: InspectionId,
    form: Annotated[PhotoForm, Form(media_type=FORM)],
    declared: DeclaredDep,
    service: ServiceDep,
    once: OnceDep,
) -> Response:
    """Add a photo of what came back; the same bytes twice are one photo."""
    upload = form.upload(declared)

    def take() -> tuple[int, TakenPhotoView]:
        taken = add_inspection_photo(service, inspection_id, upload)
        return (201 if taken.new else 200), TakenPhotoView.of_taken(taken)

    return once(upload.facts(), take)


@router.get("/claims/{claim_id}/final-recommendation", responses=problems(404, 409, 410))
def read_final(claim_id: ClaimId, service: ServiceDep) -> FinalView:
    """Compare what came back with what was sent and claimed, and say what the rules propose."""
    return FinalView.model_validate(recommend_after_inspection(service, claim_id))
