"""Two photos of a claim beside and upon each other, with what was seen in them."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from fastapi import APIRouter, Response
from fastapi.responses import RedirectResponse

from api.dependencies import ClaimId, ServiceDep
from api.fields import Sha256
from api.pages.case import refuse_blind
from api.pages.rendering import ReaderDep, require, show
from api.pages.rulers import Ruler, rulers_of
from evidence.comparison.change_wording import KINDS
from evidence.comparison.combine import AGREEING, discount_view
from evidence.comparison.verdict import Verdict, verdict_to_json
from evidence.comparison.weight_rows import rows_of, strength_of
from evidence.errors import NotFoundError
from evidence.registry.records import KeptPhoto
from evidence.service.claim_verdict import judge_claim
from evidence.service.comparisons import compare_kept
from evidence.service.parts import Service

router = APIRouter(prefix="/claims/{claim_id}/comparison", include_in_schema=False)

JSON = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Pair:
    """The two photos that are looked at."""

    reference: KeptPhoto
    query: KeptPhoto


@router.get("")
def read_comparison(
    reader: ReaderDep,
    service: ServiceDep,
    claim_id: ClaimId,
    reference: Sha256 | None = None,
    query: Sha256 | None = None,
) -> Response:
    """Show a pair of the claim's photos; the likeliest of them unless others are asked for."""
    require(reader, f"GET /v1/claims/{claim_id}/recommendation")
    refuse_blind(reader, service, claim_id)
    claim = service.registry.claim(claim_id)
    item = service.registry.item(str(claim.item_id))
    references = service.registry.item_photos(item.item_id)
    photos = service.registry.claim_photos(claim_id)
    queries = [photo for photo in photos if photo.role == "product"]
    if not references or not queries:
        return RedirectResponse(f"/claims/{claim_id}", 303)
    pair = _choose(service, references, queries, reference, query)
    compared = compare_kept(service, pair.reference.photo_id, pair.query.photo_id)
    told = discount_view(
        compared.verdict, reference_view=pair.reference.view, query_view=pair.query.view
    )
    verdict = verdict_to_json(told)
    return show(
        reader,
        "comparison.html",
        claim=claim,
        item=item,
        pair=pair,
        references=references,
        queries=queries,
        key=compared.key,
        verdict=verdict,
        rows=rows_of(verdict),
        strength_of=strength_of,
        kinds=KINDS,
        rulers=_rulers(verdict),
        geometry=_geometry(compared.verdict),
    )


def _choose(
    service: Service,
    references: Sequence[KeptPhoto],
    queries: Sequence[KeptPhoto],
    reference: str | None,
    query: str | None,
) -> Pair:
    chosen = _named(queries, query) if query else queries[0]
    if reference:
        return Pair(_named(references, reference), chosen)
    verdict = judge_claim(service, references, [chosen])
    if verdict is not None and verdict.compared is not None and verdict.verdict in AGREEING:
        return Pair(_named(references, verdict.compared.reference), chosen)
    alike = [photo for photo in references if photo.view == chosen.view]
    return Pair((alike or references)[0], chosen)


def _named(photos: Sequence[KeptPhoto], photo_id: str) -> KeptPhoto:
    for photo in photos:
        if photo.photo_id == photo_id:
            return photo
    raise NotFoundError(
        "this photo is not one of the claim's or its item's",
        "この写真は、この申し出またはその商品の写真ではありません。",
    )


def _rulers(verdict: JSON) -> list[Ruler]:
    cut = next((mark for mark in verdict["copy"]["marks"] if mark["kind"] == "cut"), None)
    return rulers_of(cut["values"]) if cut else []


def _geometry(verdict: Verdict) -> JSON:
    """Return what the script lays the pictures by."""
    told = verdict_to_json(verdict)
    return {
        "placement": verdict.placement and asdict(verdict.placement),
        "regions": told["condition"]["regions"],
        "hidden": told["hidden"],
    }
