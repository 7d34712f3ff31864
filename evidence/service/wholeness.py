"""Photos whose originals are whole: nothing is compared, searched or proposed on others."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

from evidence.errors import DamagedOriginalError, NotFoundError
from evidence.registry.records import KeptPhoto
from evidence.service.parts import Service

_noted: ContextVar[dict[str, bool] | None] = ContextVar("noted", default=None)


@contextmanager
def noting() -> Iterator[dict[str, bool]]:
    """Give the photos that the block asks of whether they are whole, and what it was told.

    Also those of its threads, if they run in the block's context.
    """
    asked: dict[str, bool] = {}
    before = _noted.set(asked)
    try:
        yield asked
    finally:
        _noted.reset(before)


def is_whole(service: Service, photo_id: str) -> bool:
    """Tell whether a photo is kept and its original whole; damage is told in the feed."""
    try:
        service.registry.confirm(photo_id)
        whole = True
    except (DamagedOriginalError, NotFoundError):
        whole = False
    asked = _noted.get()
    if asked is not None:
        asked[photo_id] = whole
    return whole


def whole_photos(service: Service, photos: Sequence[KeptPhoto]) -> list[KeptPhoto]:
    """Leave out damaged photos, as if they had never been taken: no evidence is not evidence."""
    return [
        photo for photo in photos if is_whole(service, photo.photo_id) and photo.damaged_at is None
    ]
