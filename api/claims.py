"""Claims over HTTP: support opens, adds photos, asks for a recommendation, decides."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Form, Response
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool

from api import examples
from api.callers import CallerDep
from api.decisions import DecisionRequest, DecisionView
from api.dependencies import KEY, AheadDep, ClaimId, ClientDep, OnceDep, ServiceDep
from api.digests import DeclaredDep
from api.etags import (
    NOT_MODIFIED,
    SAID,
    TAGGED,
    ChangingDep,
    IfNoneMatch,
    PuttingDep,
    etag,
    knows,
    unchanged,
)
from api.examples import shown
from api.fields import Country, Id, Instant, Zone
from api.photos import FORM, ClaimPhotoForm, PhotoView, TakenPhotoView
from api.problems import problems
from api.recommendations import RecommendationView
from evidence.policy.case import Reason
from evidence.policy.life import State, Step, allowed_steps
from evidence.policy.recommendation import WindowState
from evidence.registry.records import Claim, Parcel
from evidence.service.claims import add_claim_photo, decide_claim, open_claim
from evidence.service.parts import Service
from evidence.service.recall import recall_at_once, recall_recommendation
from evidence.service.reckoning import reckon_claim
from evidence.service.recommendations import JSON

router = APIRouter(
    prefix="/v1/claims",
    tags=["claims"],
    dependencies=[KEY],
    form_limits={"max_files": 1, "max_fields": 8, "max_part_size": 4096},
)


class ParcelForm(BaseModel, extra="forbid"):
    """One parcel of a split order."""

    parcel_id: Id = Field(examples=["parcel-1"])
    delivered_at: Instant | None = Field(
        default=None, description="the carrier's delivered-to-recipient event; null if unknown"
    )


class ClaimRequest(BaseModel, extra="forbid", json_schema_extra=shown(examples.CLAIM_REQUEST)):
    """What a customer told the shop about one line of an order."""

    item_id: Id | None = Field(default=None, description="the disputed item", examples=["item-1"])
    order_id: Id | None = Field(
        default=None, description="instead of item_id, if the order has one item"
    )
    reason: Reason = Field(examples=["damage"])
    residence: Country | None = Field(
        default=None, description="country the customer declared, ISO 3166", examples=["JP"]
    )
    ship_to: Country | None = Field(
        default=None, description="country of the delivery address, ISO 3166"
    )
    ordered_at: Instant = Field(
        description="chooses the policy's version", examples=["2025-03-01T12:00:00+09:00"]
    )
    delivered_at: Instant | None = Field(
        default=None,
        description="the carrier's delivered-to-recipient event; null if unknown",
        examples=["2025-03-05T10:00:00+09:00"],
    )
    notified_at: Instant = Field(
        description="when the first contact on any channel reached the shop",
        examples=["2025-03-07T09:00:00+09:00"],
    )
    notice_sent_at: Instant | None = Field(
        default=None, description="when that contact was sent, if the shop can tell"
    )
    parcels: list[ParcelForm] = Field(
        default=[], max_length=50, description="those that may have held the line, if several"
    )
    ship_to_zone: Zone | None = Field(
        default=None, description="IANA zone of the delivery address, if known"
    )

    def claim(self, claim_id: str) -> Claim:
        """Return the record; where the claim stands is not a fact that a client states."""
        parcels = tuple(Parcel(one.parcel_id, one.delivered_at) for one in self.parcels)
        return Claim(claim_id=claim_id, parcels=parcels, **self.model_dump(exclude={"parcels"}))


class ClaimView(BaseModel, json_schema_extra=shown(examples.CLAIM)):
    """A claim with its photos and decisions."""

    claim_id: str = Field(examples=["claim-1"])
    item_id: str | None = Field(examples=["item-1"])
    order_id: str | None
    reason: Reason
    residence: str | None
    ship_to: str | None
    ordered_at: datetime
    delivered_at: datetime | None
    notified_at: datetime
    notice_sent_at: datetime | None
    parcels: list[ParcelForm]
    ship_to_zone: str | None
    photos_declined: int = Field(description="how often the customer declined to send photos")
    deadline: datetime | None = Field(
        description="last instant of its window, as in the lists; null if that is unknown"
    )
    window_state: WindowState = Field(
        description="was the shop told in time; the recommendation's `window` has it in full"
    )
    return_by: datetime | None = Field(
        description="until when the item is asked back, once the return is authorised; null if the "
        "policy names no day. What comes later is handled as approved"
    )
    state: State = Field(description="where it stands", examples=["decided"])
    allowed_steps: list[Step] = Field(description="what may be told of it now")
    photos: list[PhotoView]
    decisions: list[DecisionView]

    @classmethod
    def of(cls, claim: Claim, service: Service) -> "ClaimView":
        """Show a claim."""
        return cls.model_validate(
            {
                **asdict(claim),
                "window_state": reckon_claim(service, claim).window.state,
                "allowed_steps": allowed_steps(service.registry.standing(claim.claim_id)),
                "photos": map(PhotoView.of, service.registry.claim_photos(claim.claim_id)),
                "decisions": map(DecisionView.of, service.registry.decisions(claim.claim_id)),
            }
        )


@router.put(
    "/{claim_id}",
    responses={
        200: {"description": "Replaced", **TAGGED},
        201: {"model": ClaimView, "description": "Opened", **TAGGED},
        **problems(400, 412, 413),
    },
)
def put_claim(
    claim_id: ClaimId,
    request: ClaimRequest,
    response: Response,
    service: ServiceDep,
    client: ClientDep,
    expected: PuttingDep,
    ahead: AheadDep,
) -> ClaimView:
    """Open a claim, or replace its facts."""
    told = request.claim(claim_id)
    claim, new = open_claim(service, told, actor=client, expected=expected)
    if ahead is not None:
        ahead.prepare(claim_id)
    response.status_code = 201 if new else 200
    response.headers["ETag"] = etag(claim.version)
    return ClaimView.of(claim, service)


@router.get(
    "/{claim_id}",
    response_model=ClaimView,
    responses={200: {"description": "The claim", **TAGGED}, **NOT_MODIFIED, **problems(404)},
)
def read_claim(
    claim_id: ClaimId, response: Response, service: ServiceDep, if_none_match: IfNoneMatch = None
) -> Response | ClaimView:
    """Read a claim with its photos and decisions."""
    claim = service.registry.claim(claim_id)
    if known := unchanged(claim.version, if_none_match):
        return known
    response.headers["ETag"] = etag(claim.version)
    return ClaimView.of(claim, service)


@router.post(
    "/{claim_id}/photos",
    status_code=201,
    response_model=TakenPhotoView,
    responses={
        200: {"model": TakenPhotoView, "description": "The same bytes hang there already"},
        **problems(400, 404, 409, 410, 412, 413, 415),
    },
)
def post_claim_photo(
    claim_id: ClaimId,
    form: Annotated[ClaimPhotoForm, Form(media_type=FORM)],
    declared: DeclaredDep,
    service: ServiceDep,
    client: ClientDep,
    expected: ChangingDep,
    once: OnceDep,
    ahead: AheadDep,
) -> Response:
    """Add a photo that the customer sent; the same bytes twice are one photo."""
    upload = form.upload(declared)

    def take() -> tuple[int, TakenPhotoView]:
        taken = add_claim_photo(service, claim_id, upload, actor=client, expected=expected)
        if ahead is not None:
            ahead.look(claim_id)
        return (201 if taken.new else 200), TakenPhotoView.of_taken(taken)

    return once(upload.facts(), take)


@router.get(
    "/{claim_id}/recommendation",
    response_model=RecommendationView,
    responses={
        200: {"description": "What the rules propose", **SAID},
        304: {"description": "It is still what the If-None-Match says", **SAID},
        **problems(404, 410),
    },
)
async def read_recommendation(
    claim_id: ClaimId, service: ServiceDep, client: ClientDep, if_none_match: IfNoneMatch = None
) -> Response:
    """Compare what was not compared yet, and say what the rules propose.

    What was said a moment ago is said again, if nothing that it rests on has changed.
    """
    said = recall_at_once(service, claim_id)
    if said is None:
        said = await run_in_threadpool(
            recall_recommendation, service, claim_id, _write_recommendation, actor=client
        )
    headers = {"ETag": f'"{said.sha256[:32]}"'}
    if knows(headers["ETag"], if_none_match):
        return Response(status_code=304, headers=headers)
    return Response(said.body, media_type="application/json", headers=headers)


def _write_recommendation(recommendation: JSON) -> bytes:
    return RecommendationView.model_validate(recommendation).model_dump_json(by_alias=True).encode()


@router.post(
    "/{claim_id}/decisions",
    status_code=201,
    response_model=DecisionView,
    responses=problems(400, 404, 409, 410, 412, 413),
)
def post_decision(
    claim_id: ClaimId,
    request: DecisionRequest,
    service: ServiceDep,
    caller: CallerDep,
    client: ClientDep,
    expected: ChangingDep,
    once: OnceDep,
) -> Response:
    """Keep what a named person decided, for ever."""
    told = request.model_dump()
    told["decided_by"] = caller.acting("decided_by", request.decided_by)

    def decide() -> tuple[int, DecisionView]:
        decision = decide_claim(service, claim_id, **told, actor=client, expected=expected)
        return 201, DecisionView.of(decision)

    return once(request.model_dump(), decide)
