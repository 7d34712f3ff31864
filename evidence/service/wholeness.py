"""Photos whose originals are whole: nothing is compared, searched or proposed on others."""

from collections.abc import Sequence

from evidence.errors import DamagedOriginalError, NotFoundError
from evidence.registry.records import KeptPhoto
from evidence.service.parts import Service


def is_whole(service: Service, photo_id: str) -> bool:
    """Tell whether a photo is kept and its original whole; damage is told in the feed."""
    try:
        service.registry.confirm(photo_id)
    except (DamagedOriginalError, NotFoundError):
        return False
    return True


def whole_photos(service: Service, photos: Sequence[KeptPhoto]) -> list[KeptPhoto]:
    """Leave out damaged photos, as if they had never been taken: no evidence is not evidence."""
    return [
        photo for photo in photos if is_whole(service, photo.photo_id) and photo.damaged_at is None
    ]
