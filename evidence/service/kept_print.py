"""The print of a kept photo, found and read once, before a customer's photo is held against it.

A pre-shipment photo is held against several of a customer's, and its print takes as long as
theirs. A verdict is the same with and without.
"""

import hashlib
import json

from pydantic import TypeAdapter

from evidence.comparison.compare import library_versions
from evidence.comparison.reference_print import ReferencePrint, find_print
from evidence.errors import BusyError
from evidence.photo.reading import Reading
from evidence.service.parts import Service
from evidence.service.uploads import kept_reading
from evidence.service.working import work
from evidence.settings import Settings, fingerprint
from evidence.workers import Unfinished

_PRINT = TypeAdapter(ReferencePrint)


def keep_print(service: Service, photo_id: str) -> None:
    """Find the print of a kept photo and remember where it is, unless that was done before.

    Raises:
        NotFoundError: no such photo.
        DamagedOriginalError: its original is gone or was altered.
        BusyError: no worker came free, or the work did not end in time.
    """
    service.registry.confirm(photo_id)
    reading = kept_reading(service, photo_id)
    key = _key(hashlib.sha256(reading).hexdigest(), service.settings)
    with service.locks.holding(key):
        if service.registry.comparison(key) is not None:
            return
        seconds = service.settings.limits.compare_seconds
        found = work(service, "print", _find, reading, service.settings, seconds=seconds)
        if isinstance(found, Unfinished):
            raise BusyError(
                "the print was not found in time; try again in a moment",
                "印刷部分の検出が時間内に終わりませんでした。しばらくしてからもう一度お試しください。",
            )
        body = _PRINT.dump_json(found).decode()
        service.registry.put_comparison(key, photo_id, photo_id, body)


def known_print(service: Service, reading_sha256: str) -> ReferencePrint | None:
    """Return where a stored reading shows print, None if that was not found yet."""
    body = service.registry.comparison(_key(reading_sha256, service.settings))
    return None if body is None else _PRINT.validate_json(body)


def _key(reading_sha256: str, settings: Settings) -> str:
    parts = ["print with texts", reading_sha256, fingerprint(settings), library_versions()]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def _find(reading: bytes, settings: Settings) -> ReferencePrint:
    return find_print(Reading.from_bytes(reading), settings=settings.text)
