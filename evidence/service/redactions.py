"""What a caller wants covered or left out of the copies that leave the shop."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evidence.errors import BusyError, DamagedPhotoError, UnacceptableError
from evidence.photo.redaction import Box, Redacted, redact_photo
from evidence.service.parts import Service
from evidence.service.working import work
from evidence.settings import PICTURES, LimitSettings
from evidence.workers import Unfinished

SMALL = 640  # pixels; width of the pictures in a report, one of those of the settings


@dataclass(frozen=True, slots=True)
class Redaction:
    """What becomes of one photo in an exported bundle; its sealed original stays as it is.

    Attributes:
        photo_id: sha256 of the original.
        reason: why, as the report tells it; names nobody. Empty where only metadata goes.
        boxes: parts to be covered; none for a copy that only lacks the metadata.
        omit: neither the original nor a copy is given.
    """

    photo_id: str
    reason: str
    boxes: tuple[Box, ...] = ()
    omit: bool = False


def choose_redactions(
    redactions: Sequence[Redaction], photo_ids: Sequence[str], *, strip_metadata: bool
) -> dict[str, Redaction]:
    """Return what becomes of the photos that are not given as originals, by their sha256.

    Args:
        redactions: as asked for.
        photo_ids: of the case.
        strip_metadata: no original is given at all, since originals carry metadata.

    Raises:
        UnacceptableError: a photo is none of the case, is named twice, or has both boxes and omit.
    """
    chosen: dict[str, Redaction] = {}
    if strip_metadata:
        chosen = {photo_id: Redaction(photo_id, reason="") for photo_id in photo_ids}
    named: set[str] = set()
    for one in redactions:
        if one.photo_id not in photo_ids:
            raise UnacceptableError(
                f"photo {one.photo_id} is none of this claim",
                f"写真 {one.photo_id} はこの申し出の写真ではありません。",
            )
        if one.photo_id in named:
            raise UnacceptableError(
                f"photo {one.photo_id} is named twice",
                f"写真 {one.photo_id} が二度指定されています。一度だけ指定してください。",
            )
        if one.omit and one.boxes:
            raise UnacceptableError(
                f"photo {one.photo_id}: give boxes or omit it, not both",
                f"写真 {one.photo_id}：boxes と omit は、どちらか一方だけ指定してください。",
            )
        named.add(one.photo_id)
        chosen[one.photo_id] = one
    return chosen


def draw_copies(service: Service, redactions: Mapping[str, Redaction]) -> dict[str, Redacted]:
    """Return the copies by the sha256 of their originals; none of what is left out.

    Raises:
        UnacceptableError: a box is not inside of its picture.
        DamagedOriginalError: an original was altered.
        DamagedPhotoError: a photo can no longer be shown.
        BusyError: no worker came free, or the work did not end in time.
    """
    return {photo_id: _draw(service, one) for photo_id, one in redactions.items() if not one.omit}


def _draw(service: Service, one: Redaction) -> Redacted:
    data, limits = service.registry.original(one.photo_id), service.settings.limits
    done = work(service, "cover", _redact, data, one.boxes, limits, seconds=PICTURES.seconds)
    if not isinstance(done, Unfinished):
        return done
    if done.reason == "too slow":
        raise BusyError(
            "a copy was not drawn in time; try again in a moment",
            "写しの作成が時間内に終わりませんでした。しばらくしてからもう一度お試しください。",
        )
    raise DamagedPhotoError(
        f"no copy of photo {one.photo_id} could be drawn; leave it out",
        f"写真 {one.photo_id} の写しを作成できません。この写真を除いてください。",
    )


def _redact(data: bytes, boxes: tuple[Box, ...], limits: LimitSettings) -> Redacted:
    return redact_photo(data, boxes, width=SMALL, limits=limits)
