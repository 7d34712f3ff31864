"""Pictures for people: the query laid on the reference, what differs, what matches."""

from collections.abc import Iterable

import cv2
import numpy as np
from numpy.typing import NDArray

from evidence.comparison.alignment import Alignment
from evidence.comparison.appearance import Appearance
from evidence.comparison.compare import compare
from evidence.comparison.judging import judge
from evidence.comparison.laying import LaidItems, lay_items
from evidence.comparison.verdict import Region
from evidence.photo.frame import rectify
from evidence.photo.reading import Reading
from evidence.settings import Settings

MOST_LINES = 150
AGREES, DIFFERS, HIDDEN = (40, 160, 60), (215, 48, 39), (120, 120, 120)  # RGB


def draw_aligned(reference: Reading, query: Reading, *, settings: Settings) -> bytes:
    """Draw reference, query and both blended, straight on, side by side, as PNG.

    Without a common map each item is drawn straight on by its own outline, not blended.
    """
    laid = _laid(reference, query, settings)
    if laid is None:
        return as_png(_apart(reference, query))
    blend = cv2.addWeighted(laid.reference, 0.5, laid.query, 0.5, 0)
    return as_png(_row([laid.reference, laid.query, np.asarray(blend, np.uint8)]))


def draw_difference(reference: Reading, query: Reading, *, settings: Settings) -> bytes:
    """Draw the reference tinted by local agreement, with the regions boxed, as PNG.

    Green agrees, red differs, grey is hidden; what has no contrast stays untinted.
    """
    judged = judge(reference, query, settings=settings)
    appearance, frame = judged.appearance, judged.reference.frame
    if appearance is None or not appearance.weight.size:  # no map, or a strip too thin for it
        return as_png(_apart(reference, query))
    gray = cv2.cvtColor(rectify(reference.view(), frame), cv2.COLOR_RGB2GRAY)
    picture = cv2.cvtColor(gray, cv2.COLOR_GRAY2RGB)
    colour, strength = (_spread(grid, appearance, picture.shape) for grid in _tint(appearance))
    share = strength[..., None]
    tinted = np.asarray(np.clip(picture * (1 - share) + colour * share, 0, 255), np.uint8)
    verdict = compare(reference, query, settings=settings)
    return as_png(_boxed(tinted, verdict.regions, frame.px_per_mm))


def _tint(appearance: Appearance) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return each place's colour (R, C, 3) and its strength (R, C) in [0, 1]."""
    agreement = np.clip(appearance.correlation, 0, 1)[..., None]
    colour = agreement * np.array(AGREES) + (1 - agreement) * np.array(DIFFERS)
    colour = np.where(appearance.hidden[..., None], np.array(HIDDEN), colour)
    strength = np.where(appearance.hidden, 0.7, 0.6 * np.minimum(appearance.weight * 3, 1))
    return colour.astype(np.float32), strength.astype(np.float32)


def _spread(
    grid: NDArray[np.float32], appearance: Appearance, shape: tuple[int, ...]
) -> NDArray[np.float32]:
    """Paint each place of a grid as a square of the frame, 0 where the grid does not reach."""
    step, margin = appearance.step, appearance.margin
    frame_from_grid = np.array([[step, 0, margin], [0, step, margin]])
    spread = cv2.warpAffine(grid, frame_from_grid, shape[1::-1], flags=cv2.INTER_NEAREST)
    return np.asarray(spread, np.float32)


def draw_matches(reference: Reading, query: Reading, *, settings: Settings) -> bytes:
    """Draw both views side by side with lines between details that lie alike, as PNG.

    Of very many, an even selection is drawn, so that the item stays visible.
    """
    found = judge(reference, query, settings=settings).aligned.found
    left, right = _with_outline(reference), _with_outline(query)
    height = max(left.shape[0], right.shape[0])
    canvas = np.full((height, left.shape[1] + right.shape[1], 3), 255, np.uint8)
    canvas[: left.shape[0], : left.shape[1]] = left
    canvas[: right.shape[0], left.shape[1] :] = right
    if isinstance(found, Alignment):
        shift = np.array([left.shape[1], 0])
        every = max(1, len(found.inliers) // MOST_LINES)
        starts, ends = found.inliers.reference[::every], found.inliers.query[::every] + shift
        for start, end in zip(starts, ends, strict=True):
            cv2.line(canvas, _point(start), _point(end), AGREES, 1, cv2.LINE_AA)
    return as_png(canvas)


def _laid(reference: Reading, query: Reading, settings: Settings) -> LaidItems | None:
    judged = judge(reference, query, settings=settings)
    found = judged.aligned.found
    return lay_items(judged.reference, query, found) if isinstance(found, Alignment) else None


def _apart(reference: Reading, query: Reading) -> NDArray[np.uint8]:
    return _row([_with_outline(reference), _with_outline(query)])


def _with_outline(reading: Reading) -> NDArray[np.uint8]:
    view = reading.view().copy()
    if reading.outline is not None:
        corners = np.round(reading.outline.corners).astype(np.int32)
        cv2.polylines(view, [corners], True, DIFFERS, 3, cv2.LINE_AA)
    return view


def _row(pictures: Iterable[NDArray[np.uint8]]) -> NDArray[np.uint8]:
    """Set pictures side by side at the height of the lowest."""
    pictures = list(pictures)
    height = min(picture.shape[0] for picture in pictures)
    scaled = [
        cv2.resize(
            picture,
            (round(picture.shape[1] * height / picture.shape[0]), height),
            interpolation=cv2.INTER_AREA,
        )
        for picture in pictures
    ]
    return np.asarray(np.hstack(scaled), np.uint8)


def _boxed(
    picture: NDArray[np.uint8], regions: Iterable[Region], px_per_mm: float | None
) -> NDArray[np.uint8]:
    for region in regions:
        scale = px_per_mm if region.unit == "mm" and px_per_mm else 1.0
        low = np.array([region.x, region.y]) * scale
        high = low + np.array([region.width, region.height]) * scale
        cv2.rectangle(picture, _point(low), _point(high), DIFFERS, 2, cv2.LINE_AA)
    return picture


def _point(at: NDArray[np.floating]) -> tuple[int, int]:
    return round(float(at[0])), round(float(at[1]))


def as_png(picture: NDArray[np.uint8]) -> bytes:
    """Return an (H, W, 3) uint8 RGB picture as a PNG file."""
    _, data = cv2.imencode(".png", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))
    return data.tobytes()
