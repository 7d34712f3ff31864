"""Scripts and styles: our own and the libraries', compressed once, kept by browsers for ever."""

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from fastapi import APIRouter, HTTPException, Request, Response

router = APIRouter(include_in_schema=False)

_TYPES = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
    "webmanifest": "application/manifest+json",
}


@dataclass(frozen=True, slots=True)
class StaticFile:
    """One file as it is sent.

    Attributes:
        data, packed: as it is, and by gzip.
        media_type: by its ending.
    """

    data: bytes
    packed: bytes
    media_type: str


@cache
def static_files() -> Mapping[str, StaticFile]:
    """Return every file under ``static`` by its path there."""
    return dict(sorted(_read(files("api.pages").joinpath("static"), "")))


@cache
def _version() -> str:
    """Return a digest of all of them: scripts name one another, so they change together."""
    digest = hashlib.sha256()
    for path, file in static_files().items():
        digest.update(path.encode() + b"\0" + hashlib.sha256(file.data).digest())
    return digest.hexdigest()[:16]


def static_address(path: str) -> str:
    """Return where a file is; another address whenever any of them has changed.

    Raises:
        KeyError: there is no such file.
    """
    _ = static_files()[path]
    return f"/static/{_version()}/{path}"


@router.get("/static/{version}/{path:path}")
def read_static(version: str, path: str, request: Request) -> Response:
    """Send a file; an old version's address gets the present one, which is not kept."""
    file = static_files().get(path)
    if file is None:
        raise HTTPException(404)
    kept = "public, max-age=31536000, immutable" if version == _version() else "no-cache"
    headers = {"Cache-Control": kept, "Vary": "Accept-Encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        return Response(file.packed, media_type=file.media_type, headers=headers)
    return Response(file.data, media_type=file.media_type, headers=headers)


def _read(folder: Traversable, place: str) -> list[tuple[str, StaticFile]]:
    found = []
    for one in folder.iterdir():
        path = f"{place}{one.name}"
        if one.is_dir():
            found += _read(one, f"{path}/")
        elif (media_type := _TYPES.get(path.rpartition(".")[2])) is not None:
            data = one.read_bytes()
            found.append((path, StaticFile(data, gzip.compress(data, mtime=0), media_type)))
    return found
