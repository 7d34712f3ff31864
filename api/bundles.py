"""The evidence bundle over HTTP: the case as one file that proves itself."""

from typing import Any, Self

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field, model_validator

from api import bundle_examples as examples
from api.callers import Caller, CallerDep
from api.dependencies import KEY, ClaimId, ClientDep, ServiceDep
from api.etags import ChangingDep
from api.examples import shown
from api.fields import Line, Sha256
from api.problems import ProblemError, problems
from evidence.photo.redaction import Box
from evidence.policy.second_reading import is_same_person
from evidence.service.bundles import Bundle, export_bundle
from evidence.service.parts import Service
from evidence.service.redactions import Redaction

router = APIRouter(prefix="/v1/claims/{claim_id}/bundle", tags=["claims"], dependencies=[KEY])

MOST_SIDE = 100_000  # pixels; beyond every photo that is taken
ZIP: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "One ZIP file, to be saved: reports in both languages, the photos, the "
        "findings, the policy, the decision, the entries of the log with their proofs, and a "
        "program that checks all of it offline",
        "content": {"application/zip": {}},
        "headers": {
            "X-Manifest-SHA256": {
                "description": "what the log knows this bundle by",
                "schema": {"type": "string", "examples": ["9f86d081884c7d65…"]},
            }
        },
    }
}


class BoxForm(BaseModel, extra="forbid"):
    """A part of the photo to be covered, in pixels of the upright picture."""

    x: int = Field(ge=0, le=MOST_SIDE, description="of its left edge", examples=[40])
    y: int = Field(ge=0, le=MOST_SIDE, description="of its upper edge", examples=[60])
    width: int = Field(ge=1, le=MOST_SIDE)
    height: int = Field(ge=1, le=MOST_SIDE)


class RedactionForm(BaseModel, extra="forbid"):
    """What becomes of one photo in the bundle; its sealed original stays as it is."""

    photo_id: Sha256
    reason: Line = Field(
        description="why, as the report tells it; name nobody", examples=["address of the customer"]
    )
    boxes: list[BoxForm] = Field(
        default=[], max_length=50, description="painted over in a copy without metadata"
    )
    omit: bool = Field(default=False, description="give neither the original nor a copy")

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if self.omit == bool(self.boxes):
            raise ValueError("give boxes, or omit the photo: one of both")
        return self


class BundleRequest(BaseModel, extra="forbid", json_schema_extra=shown(examples.BUNDLE_REQUEST)):
    """What the bundle is to cover or leave out."""

    redactions: list[RedactionForm] = Field(default=[], max_length=200)
    strip_metadata: bool = Field(
        default=False,
        description="give copies without metadata in place of all originals, which may tell where "
        "and with what a photo was taken",
    )

    def chosen(self) -> list[Redaction]:
        """Return the redactions."""
        return [
            Redaction(
                one.photo_id,
                one.reason,
                tuple(Box(**box.model_dump()) for box in one.boxes),
                one.omit,
            )
            for one in self.redactions
        ]


@router.get("", response_class=Response, responses={**ZIP, **problems(404, 409, 413)})
def get_bundle(
    claim_id: ClaimId, service: ServiceDep, client: ClientDep, caller: CallerDep
) -> Response:
    """Save the case as one file, with the sealed originals as they are, metadata and all.

    Every export is an entry of the log.
    """
    _refuse_blind(service, caller, claim_id)
    return _as_file(claim_id, export_bundle(service, claim_id, actor=client))


@router.post("", response_class=Response, responses={**ZIP, **problems(400, 404, 409, 412, 413)})
def post_bundle(
    claim_id: ClaimId,
    request: BundleRequest,
    service: ServiceDep,
    client: ClientDep,
    caller: CallerDep,
    expected: ChangingDep,
) -> Response:
    """Save the case as one file, with parts of photos covered, or without some.

    What is covered is named in the reports and in the log. It takes no Idempotency-Key, because
    its answer is not kept: asked again, it is made again, and logged again.
    """
    _refuse_blind(service, caller, claim_id)
    bundle = export_bundle(
        service,
        claim_id,
        actor=client,
        redactions=request.chosen(),
        strip_metadata=request.strip_metadata,
        expected=expected,
    )
    return _as_file(claim_id, bundle)


def _as_file(claim_id: str, bundle: Bundle) -> Response:
    name = claim_id.replace(":", "_")  # which Windows takes in no file's name
    headers = {
        "Content-Disposition": f'attachment; filename="evidence-{name}.zip"',
        "X-Manifest-SHA256": bundle.manifest_sha256,
    }
    return Response(bundle.data, headers=headers, media_type="application/zip")


def _refuse_blind(service: Service, caller: Caller, claim_id: str) -> None:
    """Keep the score from whoever is to answer a second reading of the claim.

    Raises:
        ProblemError: 403.
    """
    if caller.session is None:
        return
    name = caller.session.staff.name
    readings = service.registry.second_readings(claim_id)
    if any(one.waits and is_same_person(one.reader, name) for one in readings):
        raise ProblemError(
            403,
            "answer your second reading of this claim first",
            "先にこの申し出の二次確認に回答してください。",
        )
