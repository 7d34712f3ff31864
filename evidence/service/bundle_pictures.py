"""The pictures of an evidence bundle: each photo small, and its comparisons drawn."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

from evidence.photo.encoding import shrink_picture
from evidence.photo.redaction import Redacted
from evidence.service.comparisons import Overlay, draw_overlay
from evidence.service.parts import Service
from evidence.service.pictures import read_picture
from evidence.service.redactions import SMALL, Redaction
from evidence.settings import PICTURES

JSON = dict[str, Any]
MOST_PAIRS = 12  # compared pairs that are drawn
WIDE = 1600  # pixels; of drawn comparisons, which can be drawn again from the originals
DECIDING: tuple[Overlay, ...] = ("difference", "aligned", "cut", "matches")
OTHER: tuple[Overlay, ...] = ("aligned",)


@dataclass(frozen=True, slots=True)
class DrawnPictures:
    """Pictures by their names in the bundle.

    Attributes:
        files: JPEG files.
        shots: name of each photo's small picture, by the photo's sha256.
        overlays: what was drawn of the comparison that the verdict comes from; None where
            one of its photos is covered, left out or erased.
    """

    files: dict[str, bytes]
    shots: dict[str, str]
    overlays: list[JSON] | None


def draw_pictures(
    service: Service,
    photo_ids: Sequence[str],
    found: JSON,
    redactions: Mapping[str, Redaction],
    copies: Mapping[str, Redacted],
) -> DrawnPictures:
    """Draw what a bundle shows.

    Args:
        service: the parts.
        photo_ids: of the case.
        found: the recommendation that the report tells of.
        redactions: what becomes of photos that are not given as originals.
        copies: drawn of those.

    Raises:
        DamagedOriginalError: an original was altered.
        BusyError: no worker came free, or the work did not end in time.
    """
    drawn = DrawnPictures({}, {}, [])
    for photo_id in photo_ids:
        change = redactions.get(photo_id)
        if change is not None and change.omit:
            continue
        covered = change is not None and change.boxes
        small = copies[photo_id].small if covered else read_picture(service, photo_id, SMALL)
        drawn.shots[photo_id] = name = f"pictures/{photo_id[:16]}.jpg"
        drawn.files[name] = small
    shown = {one for one, change in redactions.items() if change.omit or change.boxes}
    return _with_overlays(service, drawn, found, hidden=shown)


def _with_overlays(
    service: Service, drawn: DrawnPictures, found: JSON, *, hidden: set[str]
) -> DrawnPictures:
    if not found["verdict"]:
        return drawn
    deciding = found["verdict"]["comparison_id"]
    pairs = sorted(found["comparisons"] or [], key=lambda one: one["comparison_id"] != deciding)
    whole = set(drawn.shots) - hidden  # an erased photo is none of the case any more
    shown = [one for one in pairs[:MOST_PAIRS] if {one["reference"], one["query"]} <= whole]
    keys = [one["comparison_id"] for one in shown]
    wanted = [(key, kind) for key in keys for kind in (DECIDING if key == deciding else OTHER)]
    with ThreadPoolExecutor(service.at_once) as threads:
        pictures = list(threads.map(lambda one: _draw(service, *one), wanted))
    names = [f"pictures/{key[:16]}-{kind}.jpg" for key, kind in wanted]
    drawn.files.update(zip(names, pictures, strict=True))
    overlays = [
        {"kind": kind, "name": name}
        for (key, kind), name in zip(wanted, names, strict=True)
        if key == deciding
    ]
    return replace(drawn, overlays=overlays if deciding in keys else None)


def _draw(service: Service, key: str, overlay: Overlay) -> bytes:
    return shrink_picture(draw_overlay(service, key, overlay), WIDE, PICTURES.quality)
