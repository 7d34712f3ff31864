"""Photos of a folder, each on the way of an upload; what hangs there already is passed quickly.

There is no journal to lose: a photo is what its bytes are, so whoever runs it again goes on.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Literal

from evidence.bulk.flight import fly, in_flight, patiently
from evidence.bulk.folder import FoundFile, find_files
from evidence.errors import (
    BusyError,
    DamagedOriginalError,
    ErasedError,
    NotFoundError,
    PhotoError,
    SealedError,
    StorageError,
)
from evidence.photo.reading import Reading
from evidence.photo.shortfalls import Shortfall
from evidence.registry.expectations import PROGRAM
from evidence.service.items import add_item_photo
from evidence.service.parts import Service
from evidence.service.uploads import Upload

Outcome = Literal[
    "added", "there before", "to be tried", "refused", "item unknown", "item sealed", "left",
    "passed over",
]  # fmt: skip
GOOD = ("added", "there before", "to be tried", "passed over")


@dataclass(frozen=True, slots=True)
class FileReport:
    """What became of one file.

    Attributes:
        photo_id: sha256 of its bytes; empty where they were not read.
        outcome: ``left`` says that no worker was free for it, so that another run should try.
        reason: why, where it is not kept.
        shortfalls: codes of what the photo lacks as evidence; it is kept all the same.
    """

    file: FoundFile
    outcome: Outcome
    photo_id: str = ""
    reason: str = ""
    shortfalls: tuple[str, ...] = ()


def import_photos(
    service: Service,
    folder: Path,
    *,
    stop: Event,
    actor: str = PROGRAM,
    pretend: Collection[str] | None = None,
) -> Iterator[FileReport]:
    """Keep the photos of a folder, several at once, and yield what became of each file.

    Args:
        service: the parts.
        folder: see ``bulk.folder``.
        stop: once it is set no further photo is begun; those in flight are kept and told.
        actor: who does it.
        pretend: send nothing to workers and keep nothing, but tell what would be tried if these
            items were registered too; None to do it.

    Raises:
        OSError: the folder cannot be listed.
        StorageError: nothing can be kept; what was told is kept.
    """

    def take(file: FoundFile) -> FileReport:
        if file.misplaced:
            outcome: Outcome = "passed over" if file.hidden else "refused"
            return FileReport(file, outcome, reason=file.misplaced)
        return _Taking(service, file, stop, actor, pretend).take()

    yield from fly(find_files(folder), take, at_once=in_flight(service), stop=stop)


@dataclass(frozen=True, slots=True)
class _Taking:
    """One file on its way."""

    service: Service
    file: FoundFile
    stop: Event
    actor: str
    pretend: Collection[str] | None

    def take(self) -> FileReport:
        """Keep the file's photo, or pretend to; what hinders this one alone is its outcome."""
        most = self.service.settings.limits.max_bytes
        try:
            data = self.file.read(most)
        except OSError as error:
            return FileReport(self.file, "refused", reason=error.strerror or "it cannot be read")
        if len(data) > most:
            return FileReport(self.file, "refused", reason=f"more than {most // 1_000_000} MB")
        upload = Upload(data, self.file.view)
        photo_id = upload.photo_id
        try:
            # A copy of the file under another name waits, and finds it there.
            with self.service.locks.holding(f"import {self.file.item_id} {photo_id}"):
                there = self._find_there(photo_id)
                if there is not None:
                    return there
                return self._add(upload) if self.pretend is None else self._would_add(photo_id)
        except SealedError as error:
            return FileReport(self.file, "item sealed", photo_id, str(error))
        except (PhotoError, ErasedError, DamagedOriginalError) as error:
            return FileReport(self.file, "refused", photo_id, str(error))
        except NotFoundError as error:
            if self.file.item_id in (self.pretend or ()):
                return FileReport(self.file, "to be tried", photo_id)
            return FileReport(self.file, "item unknown", photo_id, str(error))
        except BusyError as error:
            return FileReport(self.file, "left", photo_id, str(error))

    def _find_there(self, photo_id: str) -> FileReport | None:
        """Tell of a photo that hangs there and is not known to be damaged, without a worker."""
        for photo in self.service.registry.item_photos(self.file.item_id):
            if photo.photo_id == photo_id and photo.damaged_at is None:
                try:
                    reading = Reading.from_bytes(self.service.registry.reading(photo_id))
                except StorageError:  # altered, or of another version: an upload mends it
                    return None
                other = photo.view != self.file.view
                return FileReport(
                    self.file,
                    "there before",
                    photo_id,
                    f"it hangs there as {photo.view}" if other else "",
                    _codes(reading.shortfalls),
                )
        return None

    def _would_add(self, photo_id: str) -> FileReport:
        if self.service.registry.item(self.file.item_id).sealed_at is not None:
            raise SealedError(
                f"the photos of {self.file.item_id} are sealed",
                f"商品 {self.file.item_id} の写真は確定済みです。",
            )
        return FileReport(self.file, "to be tried", photo_id)

    def _add(self, upload: Upload) -> FileReport:
        taken = patiently(
            lambda: add_item_photo(self.service, self.file.item_id, upload, actor=self.actor),
            self.stop,
        )
        return FileReport(
            self.file,
            "added" if taken.new else "there before",
            taken.photo.photo_id,
            shortfalls=_codes(taken.shortfalls),
        )


def _codes(shortfalls: tuple[Shortfall, ...]) -> tuple[str, ...]:
    """Return each code once: a photo may lack the same at several places."""
    return tuple(dict.fromkeys(shortfall.code for shortfall in shortfalls))
