"""Pair the print of two items that lie in one frame, place by place, before any of it is read."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from evidence.comparison.text_finding import Boxes, group_linked, hull
from evidence.comparison.text_reading import read_line
from evidence.settings import TextSettings

LEAST_CONTRAST = 8.0  # standard deviation of 255 levels from which a letter may show
UPRIGHT_LINES = 4  # longest ones, read either way up
SURE = 0.6  # mean confidence of a line that has a say in that
SETTLED = 10.0  # sure letters by which one way is ahead, from which no further line is read


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """One line's place on both items.

    Both boxes reach equally far to the left and right, so that both hold the same words; each
    item has its own height, since it may have slid in its holder.

    Attributes:
        reference, query: (4,) boxes x0, y0, x1, y1, in pixels of the common frame.
        lines: which lines of the reference lie there, from left to right; may be none.
        on_query: whether print was found there on the query.
    """

    reference: Boxes
    query: Boxes
    lines: tuple[int, ...]
    on_query: bool

    @property
    def box(self) -> Boxes:
        """(4,) around both boxes."""
        return hull(np.stack([self.reference, self.query]))

    @property
    def cuts(self) -> tuple[bytes, bytes]:
        """What is cut out of both for reading: places with equal ones read alike."""
        return self.reference.tobytes(), self.query.tobytes()


def pair_lines(reference: Boxes, query: Boxes, *, settings: TextSettings) -> list[Place]:
    """Join the boxes of both items that lie on one row and touch; top to bottom.

    Args:
        reference: (N, 4) boxes of its lines.
        query: (M, 4) boxes of its lines, in the same frame.
        settings: thresholds of this stage.
    """
    boxes = np.concatenate([reference, query])
    low = np.maximum(boxes[:, None, :2], boxes[None, :, :2])
    high = np.minimum(boxes[:, None, 2:], boxes[None, :, 2:])
    wide, tall = np.moveaxis(high - low, 2, 0)
    heights = np.meshgrid(*[boxes[:, 3] - boxes[:, 1]] * 2)
    same_row = tall > settings.same_row * np.minimum(*heights)
    same_row &= tall > settings.same_height * np.maximum(*heights)
    places = []
    for group in group_linked(same_row & (wide > 0)):
        joint = hull(boxes[group])
        mine = group[group < len(reference)]
        ours, theirs = boxes[mine], boxes[group[group >= len(reference)]]
        rows = (hull(own)[[1, 3]] if len(own) else joint[[1, 3]] for own in (ours, theirs))
        sides = [np.array([joint[0], top, joint[2], bottom]) for top, bottom in rows]
        lines = tuple(sorted(mine.tolist(), key=lambda line: float(boxes[line, 0])))
        places.append(Place(sides[0], sides[1], lines, len(theirs) > 0))
    return sorted(places, key=lambda place: (place.box[1], place.box[0]))


def cut_line(picture: NDArray[np.uint8], box: Boxes, *, turned: bool) -> NDArray[np.uint8]:
    """Return what a box holds, as a line from left to right.

    Args:
        picture: (H, W, 3) uint8.
        box: (4,) in its pixels, at least partly inside.
        turned: the picture is upside down.
    """
    height, width = picture.shape[:2]
    left, top = np.floor(np.maximum(box[:2], 0)).astype(int)
    right, bottom = np.ceil(np.minimum(box[2:], [width, height])).astype(int)
    crop = picture[top:bottom, left:right]
    if crop.shape[0] > 1.8 * crop.shape[1]:  # print that runs from bottom to top
        crop = np.rot90(crop)
    return np.ascontiguousarray(crop[::-1, ::-1] if turned else crop)


def is_upside_down(picture: NDArray[np.uint8], boxes: Boxes) -> bool:
    """Say whether the longest lines read better after half a turn.

    Args:
        picture: (H, W, 3) uint8 RGB, the item straight on.
        boxes: (N, 4) boxes of its lines.
    """
    longest = np.argsort(-(boxes[:, 2:] - boxes[:, :2]).max(axis=1), kind="stable")
    read = [0.0, 0.0]  # letters that are sure, either way up
    for box in boxes[longest[:UPRIGHT_LINES]]:
        for turned in (False, True):
            line = read_line(cut_line(picture, box, turned=turned))
            if line.confidence > SURE:
                read[turned] += line.confidence * len(line.text)
        if abs(read[True] - 1.3 * read[False]) >= SETTLED:
            break
    return read[True] > 1.3 * read[False] + 3


def compare_letters(
    reference: NDArray[np.uint8],
    query: NDArray[np.uint8],
    box: Boxes,
    *,
    settings: TextSettings,
) -> float | None:
    """Return how well the picture of a line agrees where it agrees least.

    The line as a whole is shifted to where it agrees best, then every part as wide as a letter.

    Args:
        reference: (H, W) uint8 lightness.
        query: (H, W) uint8 lightness, in the same frame.
        box: (4,) around the line on both.
        settings: thresholds of this stage.

    Returns:
        The lowest correlation in [-1, 1], None where the line is too small or shows nothing.
    """
    reach, slack = settings.reach, settings.window_reach
    height, width = reference.shape
    left, top = np.maximum(box[:2].astype(int), reach)
    right, bottom = np.minimum(box[2:].astype(int), [width - reach, height - reach])
    high, wide = bottom - top, right - left
    if wide < 12 or high < 8:
        return None
    around = slice(top - reach, bottom + reach), slice(left - reach, right + reach)
    one, other = _equally_sharp(reference[around], query[around])
    one = one[reach:-reach, reach:-reach]
    _, _, _, (dx, dy) = cv2.minMaxLoc(cv2.matchTemplate(other, one, cv2.TM_CCOEFF_NORMED))
    letter = max(8, int(0.8 * high))
    found = []
    for x in range(0, max(1, wide - letter + 1), max(2, letter // 3)):
        part = one[:, x : x + letter]
        near = other[max(0, dy - slack) : dy + high + slack]
        near = near[:, max(0, dx + x - slack) : dx + x + part.shape[1] + slack]
        if part.std() >= LEAST_CONTRAST:
            found.append(float(cv2.matchTemplate(near, part, cv2.TM_CCOEFF_NORMED).max()))
    return min(found, default=None)


def _equally_sharp(
    one: NDArray[np.uint8], other: NDArray[np.uint8]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Blur the sharper of two pictures until both are about alike."""
    pair = [one.astype(np.float32), other.astype(np.float32)]
    for _ in range(6):
        soft = [np.asarray(cv2.GaussianBlur(it, (0, 0), 0.7), np.float32) for it in pair]
        edges = [_edge(picture) for picture in soft]
        sharper = int(edges[1] > edges[0])
        if edges[sharper] <= 1.2 * edges[1 - sharper]:
            break
        pair[sharper] = np.asarray(cv2.GaussianBlur(pair[sharper], (0, 0), 0.8), np.float32)
    return pair[0], pair[1]


def _edge(picture: NDArray[np.floating]) -> float:
    """Return how much edge there is for its contrast."""
    return float(np.abs(cv2.Laplacian(picture, cv2.CV_32F)).mean() / (np.std(picture) + 1))
