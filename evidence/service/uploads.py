"""An uploaded photo on its way from bytes to what is kept."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from evidence.errors import (
    DamagedOriginalError,
    DamagedPhotoError,
    PhotoError,
    PhotoTooLargeError,
    StorageError,
)
from evidence.measured import marked
from evidence.photo.decode import decode_photo
from evidence.photo.quality import Quality, Shortfall
from evidence.photo.reading import Reading, read_decoded, stored_hashes
from evidence.policy.case import Role
from evidence.registry.records import KeptPhoto
from evidence.service.gallery import find_hashes
from evidence.service.parts import Service
from evidence.service.working import work
from evidence.settings import Settings
from evidence.text import Text
from evidence.workers import Unfinished

View = Literal["front", "back", "label", "corner", "edge", "raking", "other"]

_REFUSALS = {
    "too slow": Text(
        "the photo takes too long to read: save it again with a camera or photo program",
        "写真の読み取りに時間がかかりすぎます。カメラや写真アプリで保存し直してください。",
    ),
    "out of memory": Text(
        "the photo takes too much memory to read: save it again, smaller",
        "写真の読み取りにメモリがかかりすぎます。小さくして保存し直してください。",
    ),
    "died": Text(
        "the photo cannot be read: it is damaged or made to harm",
        "写真を読み取れません。ファイルが破損しているおそれがあります。元のファイルを送ってください。",
    ),
    "failed": Text(
        "the photo cannot be read: it is damaged or of an unusual make",
        "写真を読み取れません。破損しているか、特殊な形式です。元のファイルを送ってください。",
    ),
}


@dataclass(frozen=True, slots=True)
class Upload:
    """A photo as it was sent; its name is nobody's business.

    Attributes:
        data: the file, from anyone.
        view: what of the item it shows.
        role: ``product`` unless it shows the delivery note or the parcel.
        captured_at: when it was taken, as the sender says. Aware.
        station: where it was taken, as the sender says.
    """

    data: bytes
    view: View
    role: Role = "product"
    captured_at: datetime | None = None
    station: str | None = None

    @property
    def photo_id(self) -> str:
        """The sha256 of the bytes, 64 hexadecimal digits."""
        return hashlib.sha256(self.data).hexdigest()

    def facts(self) -> dict[str, str | None]:
        """Return all that it says, the bytes by their sha256, to tell a retry by."""
        captured_at = None if self.captured_at is None else self.captured_at.isoformat()
        return {
            "photo_id": self.photo_id,
            "view": self.view,
            "role": self.role,
            "captured_at": captured_at,
            "station": self.station,
        }


@dataclass(frozen=True, slots=True)
class TakenPhoto:
    """A photo that is kept.

    Attributes:
        photo: as it hangs on its item or claim.
        quality: measures of it.
        shortfalls: what it lacks as evidence; it is kept all the same.
        new: false if the same bytes hung there before.
    """

    photo: KeptPhoto
    quality: Quality
    shortfalls: tuple[Shortfall, ...]
    new: bool


def read_upload(
    service: Service,
    data: bytes,
    *,
    size_mm: tuple[float, float] | None = None,
    kind: str = "card",
) -> Reading:
    """Read a photo in a worker that is killed when it takes too long.

    Raises:
        PhotoError: the bytes are no usable photo, or reading them costs too much.
        BusyError: too many photos wait already.
    """
    try:
        return _read_upload(service, data, size_mm, kind)
    except PhotoError as error:
        error.photo_id = hashlib.sha256(data).hexdigest()
        raise


def _read_upload(
    service: Service, data: bytes, size_mm: tuple[float, float] | None, kind: str
) -> Reading:
    limits = service.settings.limits
    if len(data) > limits.max_bytes:
        raise PhotoTooLargeError(
            f"a photo may have {limits.max_bytes // 1_000_000} MB",
            f"写真は {limits.max_bytes // 1_000_000} MB までです。",
        )
    read = work(
        service, "read", _read, data, service.settings, size_mm, kind, seconds=limits.seconds
    )
    if isinstance(read, Unfinished):
        why = _REFUSALS[read.reason]
        raise DamagedPhotoError(why.en, why.ja)
    return Reading.from_bytes(read)


def kept_reading(service: Service, photo_id: str) -> bytes:
    """Return a photo's stored reading, after reading it anew if an older version wrote it.

    Raises:
        NotFoundError: no such photo.
        DamagedOriginalError: its original or its reading was altered.
        BusyError: too many photos wait already.
    """
    stored = service.registry.reading(photo_id)
    try:
        stored_hashes(stored)
    except StorageError:
        stored = read_anew(service, photo_id)
    return stored


def read_anew(service: Service, photo_id: str) -> bytes:
    """Read a kept photo once more, for what it shows, and keep that in place of its reading.

    Returns:
        The stored reading. Where it is the one that was there, nothing is written.

    Raises:
        NotFoundError: no such photo.
        DamagedOriginalError: its original was altered.
        PhotoError: it is no usable photo any more; the old reading stays.
        BusyError: too many photos wait already.
    """
    data = service.registry.original(photo_id)
    size_mm, kind = _shown_size(service, photo_id)
    reading = read_upload(service, data, size_mm=size_mm, kind=kind)
    stored = reading.to_bytes()
    if hashlib.sha256(stored).hexdigest() != service.registry.reading_sha256(photo_id):
        service.registry.put_reading(photo_id, stored, find_hashes(reading))
    return stored


def _shown_size(service: Service, photo_id: str) -> tuple[tuple[float, float] | None, str]:
    """Return size and kind of what a kept photo shows, as it was read for when it was sent."""
    shown = service.registry.shown_item(photo_id)
    if shown is None:
        return None, "card"  # it belongs to nothing
    item_id, role = shown
    if role != "product":
        return None, "other"
    item = service.registry.item(item_id)
    return item.size_mm, item.kind


def kept_photo(upload: Upload, reading: Reading, at: datetime) -> KeptPhoto:
    """Return how the upload will hang on its item or claim."""
    return KeptPhoto(
        photo_id=reading.sha256,
        view=upload.view,
        role=upload.role,
        media_type=reading.media_type,
        captured_at=upload.captured_at and upload.captured_at.astimezone(UTC),
        station=upload.station,
        added_at=at,
        hashes=find_hashes(reading),
    )


def taken_before(
    service: Service,
    photos: Sequence[KeptPhoto],
    upload: Upload,
    *,
    size_mm: tuple[float, float] | None,
    kind: str,
) -> TakenPhoto | None:
    """Return the photo as it was taken, if it is among those that hang there.

    What was damaged of it since is healed by these bytes.

    Raises:
        StorageError: it cannot be healed.
        BusyError: too many photos wait already.
    """
    for photo in photos:
        if photo.photo_id == upload.photo_id:
            service.registry.heal(photo.photo_id, upload.data)
            try:
                reading = Reading.from_bytes(kept_reading(service, photo.photo_id))
            except DamagedOriginalError:
                reading = read_upload(service, upload.data, size_mm=size_mm, kind=kind)
                hashes = find_hashes(reading)
                service.registry.heal(photo.photo_id, upload.data, reading.to_bytes(), hashes)
            return TakenPhoto(photo, reading.quality, reading.shortfalls, new=False)
    return None


def _read(data: bytes, settings: Settings, size_mm: tuple[float, float] | None, kind: str) -> bytes:
    wanted = settings.reading
    with marked("decode"):
        photo = decode_photo(data, side=wanted.view_side, limits=settings.limits)
    return read_decoded(photo, settings=settings, size_mm=size_mm, kind=kind).to_bytes()
