"""Comparisons over HTTP: two photos that belong to nothing, and pictures for people."""

from dataclasses import asdict
from hashlib import sha256
from typing import Annotated

from fastapi import APIRouter, Form, Path, Query, Response
from pydantic import BaseModel, Field

from api import examples
from api.dependencies import KEY, OnceDep, ServiceDep
from api.digests import DeclaredDep
from api.etags import IfNoneMatch
from api.examples import shown
from api.fields import Sha256
from api.photos import FORM, File
from api.pictures import answer, drawn
from api.problems import problems
from api.verdicts import VerdictView
from evidence.comparison.verdict import verdict_to_json
from evidence.service.comparisons import (
    Comparison,
    Overlay,
    compare_loose,
    draw_overlay,
    overlay_tag,
)

router = APIRouter(
    prefix="/v1/comparisons",
    tags=["comparisons"],
    dependencies=[KEY],
    form_limits={"max_files": 2, "max_fields": 0},
)

ComparisonId = Annotated[Sha256, Path(description="id of the comparison", examples=["7f" * 32])]


class ComparisonForm(BaseModel, extra="forbid", json_schema_extra=shown(examples.COMPARISON_FORM)):
    """Two photos."""

    reference: File
    query: File


Row = tuple[float, float, float]


class PlacementView(BaseModel):
    """How both photos show one plane: the reference's item seen straight on."""

    width: int = Field(description="of that plane, in its own pixels")
    height: int
    px_per_mm: float | None = Field(description="null where the item's size is not known")
    reference_size: tuple[int, int] = Field(description="of the upright original, in pixels")
    query_size: tuple[int, int]
    reference_from_frame: tuple[Row, Row, Row] = Field(
        description="homography from pixels of the plane to pixels of the upright original; "
        "(0, 0) is the centre of the top-left pixel"
    )
    query_from_frame: tuple[Row, Row, Row] = Field(description="the same for the other photo")


class ComparisonView(VerdictView, json_schema_extra=shown(examples.COMPARISON)):
    """A verdict, where its pictures are, and how one photo lies on the other."""

    id: str = Field(description="of the comparison", examples=["7f" * 32])
    placement: PlacementView | None = Field(description="null where no map was found")

    @classmethod
    def of_comparison(cls, comparison: Comparison) -> "ComparisonView":
        """Show a comparison."""
        placement = comparison.verdict.placement
        return cls.model_validate(
            {
                "id": comparison.key,
                "placement": placement and asdict(placement),
                **verdict_to_json(comparison.verdict),
            }
        )


@router.post(
    "",
    status_code=201,
    response_model=ComparisonView,
    responses={
        200: {"model": ComparisonView, "description": "The two were compared before"},
        **problems(400, 409, 410, 413, 415),
    },
)
def post_comparison(
    form: Annotated[ComparisonForm, Form(media_type=FORM)],
    service: ServiceDep,
    declared: DeclaredDep,
    once: OnceDep,
) -> Response:
    """Compare a photo in question (`query`) with another (`reference`)."""
    reference, query = declared.read(form.reference), declared.read(form.query)

    def compare() -> tuple[int, ComparisonView]:
        comparison = compare_loose(service, reference, query)
        return (201 if comparison.new else 200), ComparisonView.of_comparison(comparison)

    return once([sha256(reference).hexdigest(), sha256(query).hexdigest()], compare)


@router.head("/{comparison_id}/overlay.png", include_in_schema=False)
@router.get(
    "/{comparison_id}/overlay.png",
    response_class=Response,
    responses={**drawn("image/png"), **problems(404, 410)},
)
def read_overlay(
    comparison_id: ComparisonId,
    service: ServiceDep,
    kind: Annotated[
        Overlay,
        Query(
            description="what to draw: both photos side by side (`aligned`, by their `cut`, with "
            "`matches`), or the `difference`",
            examples=["difference"],
        ),
    ] = "aligned",
    if_none_match: IfNoneMatch = None,
) -> Response:
    """Draw a comparison for people: both photos aligned, their cut, what differs, what matched."""
    return answer(
        overlay_tag(service, comparison_id, kind),
        if_none_match,
        "image/png",
        lambda: draw_overlay(service, comparison_id, kind),
    )
