"""Pictures of kept photos over HTTP: small ones and tiles for screens, originals to be saved."""

from collections.abc import Callable
from enum import IntEnum
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response

from api.dependencies import KEY, ServiceDep
from api.etags import IfNoneMatch, knows
from api.examples import DZI, PHOTO_ID
from api.fields import Sha256
from api.problems import problems
from evidence.service.pictures import (
    picture_tag,
    read_descriptor,
    read_picture,
    read_tile,
    require_photo,
)

router = APIRouter(prefix="/v1/photos/{photo_id}", tags=["photos"], dependencies=[KEY])

PhotoId = Annotated[Sha256, Path(description="sha256 of the original bytes", examples=[PHOTO_ID])]
Place = Annotated[
    int, Path(ge=0, le=1_000, description="of the tile, from the upper left", examples=[0])
]
Level = Annotated[int, Path(ge=0, le=30, description="0 is a single pixel", examples=[9])]

FOREVER = "private, max-age=31536000, immutable"
ENDINGS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "image/heic": "heic",
    "image/avif": "avif",
}


class Width(IntEnum):
    """The widths of pictures, in pixels; a test holds them against the settings."""

    ROW = 160
    CARD = 320
    HALF = 640
    FULL = 1280
    LARGE = 2048


def drawn(media_type: str, example: Any = None) -> dict[int | str, dict[str, Any]]:
    """Return the ``responses=`` of a route that answers with a picture that never changes."""
    headers = {
        "ETag": {"schema": {"type": "string", "examples": ['"8d1f0c-640"']}},
        "Cache-Control": {"schema": {"type": "string", "examples": [FOREVER]}},
    }
    content = {media_type: {} if example is None else {"example": example}}
    return {
        200: {"description": "Without any metadata", "content": content, "headers": headers},
        304: {"description": "It is what the If-None-Match says", "headers": headers},
    }


def answer(
    tag: str, if_none_match: str | None, media_type: str, draw: Callable[[], bytes]
) -> Response:
    """Answer with a picture that never changes, drawn unless the client has it."""
    headers = {"ETag": f'"{tag}"', "Cache-Control": FOREVER}
    if knows(headers["ETag"], if_none_match):
        return Response(status_code=304, headers=headers)
    return Response(draw(), headers=headers, media_type=media_type)


@router.head("/picture", include_in_schema=False)
@router.get(
    "/picture", response_class=Response, responses={**drawn("image/jpeg"), **problems(404, 410)}
)
def get_picture(
    photo_id: PhotoId,
    service: ServiceDep,
    width: Annotated[
        Width, Query(description="in pixels; a smaller photo is not enlarged", examples=[640])
    ],
    if_none_match: IfNoneMatch = None,
) -> Response:
    """Show a photo, upright and in sRGB, without metadata."""
    require_photo(service, photo_id)
    return answer(
        picture_tag(photo_id, str(width.value)),
        if_none_match,
        "image/jpeg",
        lambda: read_picture(service, photo_id, width.value),
    )


@router.head("/tiles.dzi", include_in_schema=False)
@router.get(
    "/tiles.dzi",
    response_class=Response,
    responses={**drawn("application/xml", DZI), **problems(404, 410)},
)
def get_descriptor(
    photo_id: PhotoId, service: ServiceDep, if_none_match: IfNoneMatch = None
) -> Response:
    """Describe the tiles for Deep Zoom viewers, such as OpenSeadragon."""
    require_photo(service, photo_id)
    return answer(
        picture_tag(photo_id, "dzi"),
        if_none_match,
        "application/xml",
        lambda: read_descriptor(service, photo_id).encode(),
    )


@router.head("/tiles_files/{level}/{column}_{row}.jpg", include_in_schema=False)
@router.get(
    "/tiles_files/{level}/{column}_{row}.jpg",
    response_class=Response,
    responses={**drawn("image/jpeg"), **problems(404, 410)},
)
def get_tile(
    photo_id: PhotoId,
    level: Level,
    column: Place,
    row: Place,
    service: ServiceDep,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """Show a part of a photo, down to the single pixels of its original."""
    require_photo(service, photo_id)
    return answer(
        picture_tag(photo_id, f"{level}-{column}-{row}"),
        if_none_match,
        "image/jpeg",
        lambda: read_tile(service, photo_id, level, column, row),
    )


@router.head("/original", include_in_schema=False)
@router.get(
    "/original",
    response_class=Response,
    responses={
        200: {
            "description": "The bytes as they were sent, metadata and all; to be saved, not shown",
            "content": {"application/octet-stream": {}},
        },
        **problems(404, 410),
    },
)
def get_original(photo_id: PhotoId, service: ServiceDep) -> Response:
    """Save a photo's sealed original, hashed anew."""
    media_type = service.registry.media_type(photo_id)
    return as_attachment(photo_id, media_type, service.registry.original(photo_id))


def as_attachment(photo_id: str, media_type: str, data: bytes) -> Response:
    """Answer with an original as a file to be saved: no browser shows it, whatever is in it."""
    headers = {
        "Content-Disposition": f'attachment; filename="{photo_id}.{ENDINGS[media_type]}"',
        "Cache-Control": "no-store",
        "Content-Security-Policy": "sandbox; default-src 'none'; object-src 'none'; "
        "base-uri 'none'; frame-ancestors 'none'",
    }
    return Response(data, headers=headers, media_type="application/octet-stream")
