"""The catalogue's picture of an item, over HTTP."""

from hashlib import sha256
from typing import Annotated

from fastapi import APIRouter, Form, Response
from pydantic import BaseModel

from api import search_examples
from api.dependencies import KEY, ClientDep, ItemId, OnceDep, ServiceDep
from api.digests import DeclaredDep
from api.etags import ChangingDep
from api.examples import shown
from api.items import ItemView
from api.photos import FORM, DeclaredSha256, File
from api.problems import problems
from evidence.service.items import add_catalogue_photo
from evidence.service.three_way import check_packing

router = APIRouter(
    prefix="/v1/items",
    tags=["items"],
    dependencies=[KEY],
    form_limits={"max_files": 1, "max_fields": 1, "max_part_size": 4096},
)


class CataloguePhotoForm(
    BaseModel, extra="forbid", json_schema_extra=shown(search_examples.CATALOGUE_FORM)
):
    """The picture that customers order by."""

    file: File
    sha256: DeclaredSha256 = None


@router.post(
    "/{item_id}/catalogue-photo",
    response_model=ItemView,
    responses=problems(400, 404, 409, 410, 412, 413, 415),
)
def post_catalogue_photo(
    item_id: ItemId,
    form: Annotated[CataloguePhotoForm, Form(media_type=FORM)],
    declared: DeclaredDep,
    service: ServiceDep,
    once: OnceDep,
    client: ClientDep,
    expected: ChangingDep,
) -> Response:
    """Keep the catalogue's picture; photos before shipping are held against it as they come."""
    data = declared.read(form.file, form.sha256)

    def take() -> tuple[int, ItemView]:
        item = add_catalogue_photo(service, item_id, data, actor=client, expected=expected)
        photos = service.registry.item_photos(item_id)
        return 200, ItemView.of(item, photos, check_packing(service, item_id))

    return once(sha256(data).hexdigest(), take)
