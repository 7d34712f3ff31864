"""Find the numbers of a copy on the reference, and read what the query shows at their places."""

from functools import partial

import cv2
import numpy as np
from numpy.typing import NDArray

from evidence.comparison.number_plane import NumberPlane
from evidence.comparison.number_text import Number, as_number
from evidence.comparison.text_finding import Boxes, find_text, hull
from evidence.comparison.text_models import side_by_side
from evidence.comparison.text_places import cut_line
from evidence.comparison.text_reading import Line, read_line
from evidence.settings import Settings

LIKELY = (1.5, 11.0)  # length of a line of 4 to 16 characters, in its heights
SURE = 0.8  # mean confidence of a line that stands upright and says another thing
LEAST_DIGITS = 4  # that are read on the query before its place is told of


def find_numbers(
    picture: NDArray[np.uint8], plane: NumberPlane, settings: Settings
) -> list[tuple[Boxes, Number, bool]]:
    """Return where the reference shows a number, the number, and whether it stands upside down.

    Args:
        picture: (H, W, 3) uint8 RGB, the item in its plane.
        plane: what belongs to the item.
        settings: thresholds of this stage and of print.
    """
    likely = []
    for box in _search(picture, settings.numbers.shrink, settings):
        long, short = np.sort(box[2:] - box[:2])[::-1]
        near = plane.distance(box) <= settings.numbers.reach_out * max(picture.shape)
        if near and LIKELY[0] <= long / short <= LIKELY[1]:
            likely.append(box)
    for sure in (SURE, 1.1):  # upside down digits may look like sure letters
        found = []
        read = side_by_side(partial(_read_either_way, picture, sure=sure), likely)
        for box, (number, turned) in zip(likely, read, strict=True):
            if number and _belongs(box, number, plane, turned=turned, settings=settings):
                found.append((box, number, turned))
        if found:
            return found
    return []


def _read_either_way(
    picture: NDArray[np.uint8], box: Boxes, *, sure: float
) -> tuple[Number | None, bool]:
    """Return the number that a line says, and whether it says it upside down."""
    line = _read(picture, box, turned=False)
    upright = as_number(line)
    if upright is None and line.confidence >= sure:
        return None, False
    over = as_number(_read(picture, box, turned=True))
    turned = upright is None or (over is not None and over.line.confidence > line.confidence)
    return (over, True) if turned else (upright, False)


def _belongs(
    box: Boxes, number: Number, plane: NumberPlane, *, turned: bool, settings: Settings
) -> bool:
    """Say whether a number is this item's.

    What lies around a card is a neighbour's, but for the certificate on the label above it.
    """
    if float(number.confidences.min()) < settings.numbers.least_confidence:
        return False
    if plane.is_on_item(box):
        return not number.is_stamp or plane.distance(box) == 0
    above = box[1] > plane.item[3] if turned else box[3] < plane.item[1]
    return bool(above and not number.is_stamp)


def look_there(
    picture: NDArray[np.uint8], box: Boxes, *, turned: bool, settings: Settings
) -> tuple[Number | None, str, Boxes] | None:
    """Return the number at a place, what was read and where; None where no digits are.

    Args:
        picture: (H, W, 3) uint8 RGB, the item in its plane.
        box: (4,) of the number on the reference, in the same plane.
        turned: the number stands upside down there.
        settings: thresholds of this stage and of print.
    """
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
    read = [(as_number(_read(picture, one, turned=turned)), one) for one in boxes]
    numbers = [(number, one) for number, one in read if number is not None]
    if len(numbers) == 1:
        number, there = numbers[0]
        return number, number.text, there
    whole = hull(boxes)
    line = _read(picture, whole, turned=turned)
    joint = as_number(line)
    if joint is not None and not numbers:
        return joint, joint.text, whole
    digits = sum(letter.isdecimal() for letter in line.text)
    return (None, line.text, whole) if digits >= LEAST_DIGITS else None


def is_steady(
    picture: NDArray[np.uint8], box: Boxes, text: str, *, turned: bool, settings: Settings
) -> bool:
    """Say whether a number reads alike when it is seen a little differently.

    The reader is as sure of a digit that it guesses from a blur; a guess changes when the line
    is cut wider, softer or smaller.

    Args:
        picture: (H, W, 3) uint8 RGB, the item in its plane.
        box: (4,) around the number.
        text: as read at first.
        turned: it stands upside down.
        settings: thresholds of this stage and of print.
    """
    high = float((box[2:] - box[:2]).min())
    around = box + 0.12 * high * np.array([-1, -1, 1, 1])
    line = cut_line(picture, around, turned=turned)
    softer = cv2.GaussianBlur(line, (0, 0), settings.numbers.softer * high)
    size = tuple(
        max(8, round(settings.numbers.smaller * side / high)) for side in line.shape[1::-1]
    )
    smaller = cv2.resize(line, size, interpolation=cv2.INTER_AREA)
    for seen in (line, softer, smaller):
        number = as_number(read_line(np.asarray(seen, np.uint8)))
        if number is None or number.text != text:
            return False
    return True


def _read(picture: NDArray[np.uint8], box: Boxes, *, turned: bool) -> Line:
    return read_line(cut_line(picture, box, turned=turned))


def _search(picture: NDArray[np.uint8], shrink: float, settings: Settings) -> Boxes:
    """Find print on a picture made smaller; boxes in pixels of the picture."""
    size = tuple(max(1, round(side * shrink)) for side in picture.shape[1::-1])
    small = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)
    scale = np.tile(np.array(picture.shape[1::-1]) / size, 2)
    return np.asarray(find_text(small, settings=settings.text) * scale, np.float64)
