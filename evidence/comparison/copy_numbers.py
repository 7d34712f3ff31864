"""Read the numbers that tell one copy from another: certificates, serial numbers.

Equal numbers say little, since a fake carries a real one's; another number is another copy.
"""

from dataclasses import dataclass, replace
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from evidence.comparison.alignment import Alignment
from evidence.comparison.laying import LaidItems, lay_items
from evidence.comparison.number_plane import NumberPlane, find_plane, region_of
from evidence.comparison.number_text import Agreement, Number, agree, as_number, find_others
from evidence.comparison.text_finding import Boxes, find_text, hull
from evidence.comparison.text_places import cut_line
from evidence.comparison.text_reading import Line, read_line
from evidence.comparison.verdict import Region
from evidence.photo.reading import Reading
from evidence.settings import Settings

LIKELY = (1.5, 11.0)  # length of a line of 4 to 16 characters, in its heights
SURE = 0.8  # mean confidence of a line that stands upright and says another thing
LEAST_DIGITS = 4  # that are read on the query before its place is told of


@dataclass(frozen=True, slots=True)
class NumberPlace:
    """One place where both items show a number of the copy.

    Attributes:
        kind: ``certificate`` of digits, ``serial`` with letters or out of a total, ``code`` of
            bars or squares.
        reference, query: as read there.
        agreement: ``doubtful`` unless both are sure and no other place speaks against it.
        region: on the rectified reference; above it where the outline is the card in a slab.
    """

    kind: Literal["certificate", "serial", "code"]
    reference: str
    query: str
    agreement: Agreement
    region: Region


@dataclass(frozen=True, slots=True)
class CopyNumbers:
    """What the numbers of two items say.

    Attributes:
        places: top to bottom; empty where the reference shows no number, or the query nothing
            at its place.
    """

    places: tuple[NumberPlace, ...]


def compare_numbers(
    reference: Reading, query: Reading, alignment: Alignment, *, settings: Settings
) -> CopyNumbers:
    """Read the numbers of the reference's copy, and what the query shows at their places.

    Args:
        reference: the pre-shipment photo.
        query: the photo in question.
        alignment: how the query lies on the reference.
        settings: every threshold.

    Returns:
        The places; the same readings, map and settings give the same ones.
    """
    card_mm = settings.reading.card_mm
    plane = find_plane(reference, alignment, card_mm=card_mm, settings=settings.numbers)
    laid = lay_items(replace(reference, frame=plane.frame), query, alignment)
    places = []
    for box, number, turned in _find_numbers(laid.reference, plane, settings):
        if not _is_seen(box, laid, settings):
            continue
        said = _look_there(laid.query, box, turned=turned, settings=settings)
        if said is None:
            continue
        theirs, text = said
        found: Agreement = "doubtful"
        if theirs is not None:
            found = agree(number, theirs, settings=settings.numbers)
        if number.is_stamp and found == "equal":
            continue  # every copy carries its number within the set
        region = region_of(box, plane, reference.frame)
        places.append(NumberPlace(number.kind, number.text, text, found, region))
    return CopyNumbers(without_contradictions(tuple(places)))


def without_contradictions(places: tuple[NumberPlace, ...]) -> tuple[NumberPlace, ...]:
    """Leave all open where one place says equal and another different, or one was misread.

    Slabs and notes carry their number twice: two that are alike but for a digit or two are one.
    """
    said = {place.agreement for place in places if not _is_part(place, places)}
    misread = any(
        _are_nearly_one(one, other)
        for side in ("reference", "query")
        for one in (getattr(place, side) for place in places)
        for other in (getattr(place, side) for place in places)
    )
    mixed = {"equal", "different"} <= said
    return tuple(
        replace(place, agreement="doubtful")
        if misread or mixed or _is_part(place, places)
        else place
        for place in places
    )


def _is_part(place: NumberPlace, places: tuple[NumberPlace, ...]) -> bool:
    """Say whether a place shows less of a number than another does: it was cut off."""
    return any(
        (place.reference != one.reference and place.reference in one.reference)
        or (place.query != one.query and place.query in one.query)
        for one in places
    )


def _are_nearly_one(one: str, other: str) -> bool:
    same = len(one) == len(other) and "/" not in one + other
    return same and 0 < len(find_others(one, other)) <= 2


def _find_numbers(
    picture: NDArray[np.uint8], plane: NumberPlane, settings: Settings
) -> list[tuple[Boxes, Number, bool]]:
    """Return where the reference shows a number, the number, and whether it stands upside down."""
    found = []
    for box in _search(picture, settings.numbers.shrink, settings):
        long, short = np.sort(box[2:] - box[:2])[::-1]
        near = plane.distance(box) <= settings.numbers.reach_out * max(picture.shape)
        if not near or not LIKELY[0] <= long / short <= LIKELY[1]:
            continue
        number, turned = _read_either_way(picture, box)
        if number and _belongs(box, number, plane, turned=turned, settings=settings):
            found.append((box, number, turned))
    return found


def _read_either_way(picture: NDArray[np.uint8], box: Boxes) -> tuple[Number | None, bool]:
    """Return the number that a line says, and whether it says it upside down."""
    line = _read(picture, box, turned=False)
    upright = as_number(line)
    if upright is None and line.confidence >= SURE:
        return None, False
    over = as_number(_read(picture, box, turned=True))
    turned = upright is None or (over is not None and over.line.confidence > line.confidence)
    return (over, True) if turned else (upright, False)


def _belongs(
    box: Boxes, number: Number, plane: NumberPlane, *, turned: bool, settings: Settings
) -> bool:
    """Say whether a number is this item's: what lies around a card is a neighbour's, but for
    the certificate on the label above it.
    """
    if float(number.confidences.min()) < settings.numbers.least_confidence:
        return False
    if plane.is_on_item(box):
        return not number.is_stamp or plane.distance(box) == 0
    above = box[1] > plane.item[3] if turned else box[3] < plane.item[1]
    return bool(above and not number.is_stamp)


def _is_seen(box: Boxes, laid: LaidItems, settings: Settings) -> bool:
    left, top, right, bottom = box.astype(int)
    return bool(laid.seen[top : bottom + 1, left : right + 1].mean() >= settings.text.least_seen)


def _look_there(
    picture: NDArray[np.uint8], box: Boxes, *, turned: bool, settings: Settings
) -> tuple[Number | None, str] | None:
    """Return the number at a place and what was read; None where nothing is printed."""
    high = float((box[2:] - box[:2]).min())
    grown = box + high * settings.numbers.reach * np.array([-1, -1, 1, 1])
    size = np.array(picture.shape[1::-1])
    left, top = np.maximum(grown[:2], 0).astype(int)
    right, bottom = np.minimum(grown[2:], size).astype(int)
    window = picture[top:bottom, left:right]
    shrink = min(1.0, settings.numbers.window_height / high)
    boxes = _search(window, shrink, settings) + np.array([left, top, left, top])
    middle = (box[:2] + box[2:]) / 2  # of the same line, though it may have slid in its case
    off = np.abs((boxes[:, :2] + boxes[:, 2:]) / 2 - middle)
    boxes = boxes[np.all(off <= (box[2:] - box[:2]) / 2 + high / 2, axis=1)]
    if not len(boxes):
        return None
    lines = [_read(picture, one, turned=turned) for one in boxes]
    numbers = [number for number in map(as_number, lines) if number is not None]
    if len(numbers) == 1:
        return numbers[0], numbers[0].text
    line = _read(picture, hull(boxes), turned=turned) if len(boxes) > 1 else lines[0]
    joint = as_number(line)
    if joint is not None and not numbers:
        return joint, joint.text
    digits = sum(letter.isdecimal() for letter in line.text)
    return (None, line.text) if digits >= LEAST_DIGITS else None


def _read(picture: NDArray[np.uint8], box: Boxes, *, turned: bool) -> Line:
    return read_line(cut_line(picture, box, turned=turned))


def _search(picture: NDArray[np.uint8], shrink: float, settings: Settings) -> Boxes:
    """Find print on a picture made smaller; boxes in pixels of the picture."""
    size = tuple(max(1, round(side * shrink)) for side in picture.shape[1::-1])
    small = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)
    scale = np.tile(np.array(picture.shape[1::-1]) / size, 2)
    return find_text(small, settings=settings.text) * scale
