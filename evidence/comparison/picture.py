"""Pictures for people: the query laid on the reference, what differs, what matches."""

from collections.abc import Iterable

import cv2
import numpy as np
from numpy.typing import NDArray

from evidence.comparison.alignment import Alignment
from evidence.comparison.compare import compare, see_appearance
from evidence.comparison.item_alignment import align_items
from evidence.comparison.laying import LaidItems, lay_items
from evidence.comparison.verdict import Region
from evidence.photo.reading import Reading
from evidence.settings import Settings

AGREES, DIFFERS, HIDDEN = (40, 160, 60), (215, 48, 39), (120, 120, 120)  # RGB


def draw_aligned(reference: Reading, query: Reading, *, settings: Settings) -> bytes:
    """Draw reference, query and both blended, straight on, side by side, as PNG.

    Without a common map each item is drawn straight on by its own outline, not blended.
    """
    laid = _laid(reference, query, settings)
    if laid is None:
        return _png(_apart(reference, query))
    blend = cv2.addWeighted(laid.reference, 0.5, laid.query, 0.5, 0)
    return _png(_row([laid.reference, laid.query, np.asarray(blend, np.uint8)]))


def draw_difference(reference: Reading, query: Reading, *, settings: Settings) -> bytes:
    """Draw the reference tinted by local agreement, with the regions boxed, as PNG.

    Green agrees, red differs, grey is hidden; what has no contrast stays untinted.
    """
    found = align_items(reference, query, settings=settings.matching).found
    appearance = see_appearance(reference, query, found, settings=settings)
    if appearance is None or not isinstance(found, Alignment):
        return _png(_apart(reference, query))
    laid = lay_items(reference, query, found)
    agreement = np.clip(appearance.correlation, 0, 1)[..., None]
    colour = agreement * np.array(AGREES) + (1 - agreement) * np.array(DIFFERS)
    colour = np.where(appearance.hidden[..., None], np.array(HIDDEN), colour)
    strength = np.where(appearance.hidden, 0.7, 0.6 * np.minimum(appearance.weight * 3, 1))
    gray = cv2.cvtColor(laid.reference, cv2.COLOR_RGB2GRAY)
    canvas = cv2.cvtColor(gray, cv2.COLOR_GRAY2RGB)
    tinted = canvas.astype(np.float32)
    inner = slice(appearance.margin - appearance.step // 2, None)
    for layer, values in ((0, colour), (1, strength[..., None])):
        grown = np.repeat(np.repeat(values, appearance.step, 0), appearance.step, 1)
        target = tinted[inner, inner]
        grown = grown[: target.shape[0], : target.shape[1]]
        if layer == 0:
            paint = grown
        else:
            area = target[: grown.shape[0], : grown.shape[1]]
            area[:] = area * (1 - grown) + paint * grown
    picture = np.clip(tinted, 0, 255).astype(np.uint8)
    verdict = compare(reference, query, settings=settings)
    return _png(_boxed(picture, verdict.regions, reference.frame.px_per_mm))


def draw_matches(reference: Reading, query: Reading, *, settings: Settings) -> bytes:
    """Draw both views side by side with a line for every detail that lies alike, as PNG."""
    found = align_items(reference, query, settings=settings.matching).found
    left, right = _with_outline(reference), _with_outline(query)
    height = max(left.shape[0], right.shape[0])
    canvas = np.full((height, left.shape[1] + right.shape[1], 3), 255, np.uint8)
    canvas[: left.shape[0], : left.shape[1]] = left
    canvas[: right.shape[0], left.shape[1] :] = right
    if isinstance(found, Alignment):
        shift = np.array([left.shape[1], 0])
        ends = zip(found.inliers.reference, found.inliers.query + shift, strict=True)
        for start, end in ends:
            cv2.line(canvas, _point(start), _point(end), AGREES, 1, cv2.LINE_AA)
    return _png(canvas)


def _laid(reference: Reading, query: Reading, settings: Settings) -> LaidItems | None:
    found = align_items(reference, query, settings=settings.matching).found
    return lay_items(reference, query, found) if isinstance(found, Alignment) else None


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


def _png(picture: NDArray[np.uint8]) -> bytes:
    _, data = cv2.imencode(".png", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))
    return data.tobytes()
