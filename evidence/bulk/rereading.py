"""Read kept photos anew, so that nobody waits for it once a newer version reads them otherwise."""

from collections.abc import Iterator
from dataclasses import dataclass
from threading import Event
from typing import Literal

from evidence.bulk.flight import fly, in_flight, patiently
from evidence.errors import (
    BusyError,
    DamagedOriginalError,
    ErasedError,
    PhotoError,
    StorageError,
)
from evidence.photo.reading import stored_hashes
from evidence.service.kept_hashes import kept_hashes
from evidence.service.parts import Service
from evidence.service.uploads import read_anew

Outcome = Literal["read anew", "the same", "damaged", "refused", "left", "erased"]
GOOD = ("read anew", "the same", "erased")
_AT_ONCE = 1000  # ids that are listed from one statement


@dataclass(frozen=True, slots=True)
class PhotoReport:
    """What became of one photo.

    Attributes:
        outcome: ``the same`` says that nothing had to be written; ``refused`` that today's reader
            does not take it, and its old reading stays; ``left`` that no worker was free for it.
        reason: why, where it was not read.
    """

    photo_id: str
    outcome: Outcome
    reason: str = ""


def reread_photos(
    service: Service, *, stale: bool, stop: Event, after: str = ""
) -> Iterator[PhotoReport]:
    """Read kept photos anew, several at once, and yield what became of each.

    A photo whose original or reading is damaged is told and left as it is.

    Args:
        service: the parts.
        stale: only those whose reading is of an older version, or that no search can find.
        stop: once it is set no further photo is begun; those in flight are kept and told.
        after: the photo_id to begin after; they are taken in their order.

    Raises:
        StorageError: nothing can be kept; what was told is kept.
    """

    def read(photo_id: str) -> PhotoReport:
        try:
            new = patiently(lambda: _read(service, photo_id, stale=stale), stop)
        except ErasedError as error:
            return PhotoReport(photo_id, "erased", str(error))
        except DamagedOriginalError as error:
            return PhotoReport(photo_id, "damaged", str(error))
        except PhotoError as error:
            return PhotoReport(photo_id, "refused", str(error))
        except BusyError as error:
            return PhotoReport(photo_id, "left", str(error))
        return PhotoReport(photo_id, "read anew" if new else "the same")

    yield from fly(_ids(service, after), read, at_once=in_flight(service), stop=stop)


def _read(service: Service, photo_id: str, *, stale: bool) -> bool:
    """Read a photo, or see that it need not be read; tell whether anything was written."""
    before = service.registry.reading(photo_id)  # a damaged one is for an upload to heal
    if not stale or _is_old(before):
        after = read_anew(service, photo_id)
        changed = after != before
    else:
        changed = False
    if service.registry.hashes(photo_id) is None:
        kept_hashes(service, photo_id)
        changed = True
    return changed


def _is_old(reading: bytes) -> bool:
    try:
        stored_hashes(reading)
    except StorageError:
        return True
    return False


def _ids(service: Service, after: str) -> Iterator[str]:
    while ids := service.registry.photo_ids(after=after, limit=_AT_ONCE):
        yield from ids
        after = ids[-1]
