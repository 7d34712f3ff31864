"""Pictures of kept photos for screens: drawn once on demand, in workers, from what is kept."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict

from evidence.comparison.compare import library_versions
from evidence.errors import BusyError, DamagedPhotoError, NotFoundError, PhotoError
from evidence.photo.pictures import draw_large, draw_small
from evidence.photo.pyramid import describe_tiles, draw_tiles, tile_name
from evidence.photo.reading import Reading
from evidence.registry.picture_boxes import Missing
from evidence.service.parts import Service
from evidence.service.uploads import kept_reading
from evidence.service.working import work
from evidence.settings import PICTURES, LimitSettings
from evidence.text import Text
from evidence.workers import Unfinished

Parts = dict[str, bytes]


def picture_tag(subject: str, name: str) -> str:
    """Return the name of a picture's bytes: the same as long as they would be drawn alike."""
    return f"{box_key(subject)[:32]}-{name.replace('/', '-')}"


def box_key(*subject: str) -> str:
    """Return the key of what is drawn of a subject with this version and these settings."""
    recipe = [*subject, asdict(PICTURES), library_versions()]
    return hashlib.sha256(json.dumps(recipe, sort_keys=True).encode()).hexdigest()


def require_photo(service: Service, photo_id: str) -> None:
    """Go on only if the photo is kept and its original whole, also for a picture drawn before.

    Raises:
        NotFoundError: no such photo.
        ErasedError: it was erased.
        DamagedOriginalError: its original is gone or was altered.
    """
    service.registry.confirm(photo_id)


def read_picture(service: Service, photo_id: str, width: int) -> bytes:
    """Return the upright sRGB picture, JPEG without metadata; a smaller photo is not enlarged.

    Args:
        service: the parts.
        photo_id: sha256 of the photo.
        width: in pixels, one of those of the settings.

    Raises:
        NotFoundError: no such photo.
        DamagedPhotoError: it can no longer be shown.
        StorageError: its original or its reading was altered.
        BusyError: no worker came free, or the work did not end in time.
    """
    require_photo(service, photo_id)

    def small() -> Parts:
        return _run(service, _small, kept_reading(service, photo_id))

    def large() -> Parts:
        data, limits = service.registry.original(photo_id), service.settings.limits
        return _run(service, _large, kept_reading(service, photo_id), data, width, limits)

    name = str(width)
    drawn = find_part(service, box_key(photo_id, "small"), name, small, of=(photo_id,))
    if drawn is not None:
        return drawn
    found = find_part(service, box_key(photo_id, name), name, large, of=(photo_id,))
    return _there(found, Text(name, f"幅 {name} の画像"))


def read_descriptor(service: Service, photo_id: str) -> str:
    """Return the Deep Zoom descriptor of a photo, XML.

    Raises:
        NotFoundError: no such photo.
        StorageError: its reading was altered.
        BusyError: too many photos wait already.
    """
    reading = Reading.from_bytes(kept_reading(service, photo_id))
    return describe_tiles(reading.width, reading.height, settings=PICTURES)


def read_tile(service: Service, photo_id: str, level: int, column: int, row: int) -> bytes:
    """Return a tile, JPEG without metadata; the first that is asked for makes them all.

    Raises:
        NotFoundError: no such photo, or it has no such tile.
        DamagedPhotoError: it can no longer be shown.
        StorageError: its original was altered.
        BusyError: no worker came free, or the work did not end in time.
    """
    require_photo(service, photo_id)

    def tiles() -> Parts:
        return _run(service, _tiles, service.registry.original(photo_id), service.settings.limits)

    name = tile_name(level, column, row)
    found = find_part(service, box_key(photo_id, "tiles"), name, tiles, of=(photo_id,))
    return _there(found, Text(f"tile {name}", f"タイル {name} "))


def find_part(
    service: Service, key: str, name: str, draw: Callable[[], Parts], *, of: Sequence[str]
) -> bytes | None:
    """Return one part of a box, None if it has none of that name.

    A box that is missing is drawn; requests for it at once draw it once. What was drawn of photos
    (``of``) that were erased meanwhile is not kept.
    """
    boxes = service.registry.boxes
    part = boxes.read(key, name)
    if part is Missing.BOX:
        with service.locks.holding(key):
            part = boxes.read(key, name)
            if part is Missing.BOX:
                parts = draw()
                boxes.put(key, parts)
                if not all(map(service.registry.has_photo, of)):
                    boxes.remove(key)
                part = parts.get(name, Missing.PART)
    return part if isinstance(part, bytes) else None


def _there(part: bytes | None, what: Text) -> bytes:
    if part is None:
        raise NotFoundError(f"the photo has no {what.en}", f"写真に{what.ja}はありません。")
    return part


def _run(service: Service, stage: Callable[..., Parts], *args: object) -> Parts:
    try:
        done = work(service, "draw", stage, *args, seconds=PICTURES.seconds)
    except PhotoError as error:  # it was read once: limits were lowered, or a decoder changed
        raise DamagedPhotoError(
            f"the photo can no longer be shown: {error}",
            f"写真を表示できなくなりました。{error.ja}",
        ) from error
    if not isinstance(done, Unfinished):
        return done
    if done.reason == "too slow":
        raise BusyError(
            "the picture was not drawn in time; try again in a moment",
            "画像の作成が時間内に終わりませんでした。しばらくしてからもう一度お試しください。",
        )
    raise DamagedPhotoError(
        "the photo cannot be shown at that size; its original can be saved",
        "写真をこの大きさで表示できません。原本は保存できます。",
    )


def _small(stored: bytes) -> Parts:
    return draw_small(Reading.from_bytes(stored), settings=PICTURES)


def _large(stored: bytes, data: bytes, width: int, limits: LimitSettings) -> Parts:
    reading = Reading.from_bytes(stored)
    return draw_large(reading, data, width, limits=limits, settings=PICTURES)


def _tiles(data: bytes, limits: LimitSettings) -> Parts:
    return draw_tiles(data, limits=limits, settings=PICTURES)
