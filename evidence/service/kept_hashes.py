"""The hashes of a kept photo, computed once."""

from evidence.photo.reading import Reading
from evidence.registry.records import PhotoHashes
from evidence.service.gallery import find_hashes
from evidence.service.parts import Service
from evidence.service.uploads import kept_reading


def kept_hashes(service: Service, photo_id: str) -> PhotoHashes:
    """Return what a kept photo is found by.

    Raises:
        NotFoundError: no such photo.
        BusyError: it had to be read anew, and too many photos wait already.
    """
    hashes = service.registry.hashes(photo_id)
    if hashes is None:
        hashes = find_hashes(Reading.from_bytes(kept_reading(service, photo_id)))
        service.registry.put_hashes(photo_id, hashes)
    return hashes
