"""A search over HTTP: one photo against all photos of items and of claims."""

from hashlib import sha256
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Request, Response
from pydantic import BaseModel, Field

from api import search_examples
from api.dependencies import KEY, OnceDep, ServiceDep
from api.digests import DeclaredDep
from api.examples import shown
from api.fields import Id, Sha256
from api.photos import FORM, File
from api.problems import problems
from api.verdicts import WeightView
from evidence.comparison.verdict import VerdictName
from evidence.service.search import Hit, search_upload
from evidence.service.uploads import View

router = APIRouter(
    prefix="/v1/search",
    tags=["search"],
    dependencies=[KEY],
    form_limits={"max_files": 1, "max_fields": 2, "max_part_size": 4096},
)


class SearchForm(BaseModel, extra="forbid", json_schema_extra=shown(search_examples.SEARCH_FORM)):
    """A photo, and where not to look."""

    file: File
    exclude_order: Id | None = Field(
        default=None,
        description="an order whose items and claims are not looked at",
        examples=["order-1"],
    )
    examine: bool = Field(
        default=False,
        description="also read the print of what looks alike and examine its copy, which takes up "
        "to a second each; without, other products of the same artwork are found too",
    )


class HitView(BaseModel):
    """A kept photo beside the one that was searched for."""

    photo_id: Sha256
    owner: Literal["item", "claim"] = Field(description="what it hangs on")
    owner_id: str = Field(description="id of that item or claim", examples=["item-2"])
    order_id: str | None = Field(description="its order; null if unknown", examples=["order-2"])
    view: View
    distance: int = Field(description="between the perceptual hashes, in bits of 256", ge=0)
    identical: Literal["bytes", "pixels"] | None = Field(
        description="`bytes`: the same file; `pixels`: the same picture in another file"
    )
    verdict: VerdictName = Field(description="what the two photos show")
    design: WeightView = Field(description="is it the same product?")

    @classmethod
    def of(cls, hit: Hit, bound: float) -> "HitView":
        """Show a hit."""
        return cls.model_validate(
            {
                "photo_id": hit.photo.photo_id,
                "owner": hit.photo.owner,
                "owner_id": hit.photo.owner_id,
                "order_id": hit.photo.order_id,
                "view": hit.photo.view,
                "distance": hit.distance,
                "identical": hit.identical,
                "verdict": hit.verdict,
                "design": {"llr": hit.llr, "bound": bound},
            }
        )


class SearchView(BaseModel, json_schema_extra=shown(search_examples.SEARCH)):
    """What was found, and what was only looked at."""

    found: list[HitView] = Field(
        description="the same file, the same picture, or verified to show the same artwork; the "
        "surest first. Which product and copy it is, a comparison says, or `examine`"
    )
    looked_at: list[HitView] = Field(
        description="nearest by their hashes, but not verified: they say nothing"
    )


@router.post("", response_model=SearchView, responses=problems(400, 409, 410, 413, 415))
def post_search(
    request: Request,
    form: Annotated[SearchForm, Form(media_type=FORM)],
    service: ServiceDep,
    declared: DeclaredDep,
    once: OnceDep,
) -> Response:
    """Search the photos of all items and claims for what this photo shows."""
    data, order = declared.read(form.file), form.exclude_order
    request.state.searched_photo = digest = sha256(data).hexdigest()

    def search() -> tuple[int, SearchView]:
        bound = service.settings.calibration.bound
        hits = search_upload(service, data, exclude_order=order, examined=form.examine)
        shown = [(hit.found, HitView.of(hit, bound)) for hit in hits]
        return 200, SearchView(
            found=[view for found, view in shown if found],
            looked_at=[view for found, view in shown if not found],
        )

    return once([digest, order, form.examine], search)
