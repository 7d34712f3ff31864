"""Find the outer edge of the card or slab.

Straight segments are joined to lines, lines to quadrilaterals, and each quadrilateral
is scored by how much of its sides is edge and by how well it fits as a camera's picture of
the item.
Among the good ones the largest comes first, since the item's edge encloses its frame and its
picture; but a sleeve or a binder's pocket encloses the item, so the others are kept too.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from evidence.photo.foreshortening import fit_shapes
from evidence.photo.groups import is_group
from evidence.photo.lines import find_lines
from evidence.photo.quadrilaterals import Quadrilaterals, join_lines
from evidence.settings import OutlineSettings


@dataclass(frozen=True, slots=True, eq=False)
class Outline:
    """What may be the item's outer edge.

    Attributes:
        corners: (4, 2) float32 points (x, y) in pixels of the view, clockwise, starting so
            that the first side is a short one; which short side is the top is not known.
        score: in [0, 1]; share of edge along the sides, damped by a shape that fits badly.
        expected: its shape is one that was expected; otherwise its size is not known.
    """

    corners: NDArray[np.float32]
    score: float
    expected: bool = True


def find_outlines(
    view: NDArray[np.uint8], *, aspects: tuple[float, ...], settings: OutlineSettings
) -> tuple[Outline, ...]:
    """Return the outlines that the item may have, best first; empty if nothing scores enough.

    Outlines of the expected shapes come alone. Only where there is none, the one best
    rectangle of any shape is returned, if nearly all of its edge is seen.

    Args:
        view: (H, W, 3) uint8 RGB.
        aspects: short side / long side of the shapes to expect, each in (0, 1]; none takes any.
        settings: thresholds of this stage.
    """
    small = _shrink(view, settings.side)
    height, width = small.shape[:2]
    scale = np.array([width / view.shape[1], height / view.shape[0]])
    lines = find_lines(
        small,
        min_length=settings.min_segment * max(width, height),
        tolerance=settings.line_tolerance,
        most_segments=settings.most_segments,
        most=settings.most_lines,
    )
    shapes = join_lines(lines, width, height, settings=settings)
    fits = np.ones(len(shapes.sides))
    if aspects:
        fits = fit_shapes(shapes.corners, (width, height), aspects=aspects, settings=settings)
    likely = fits >= settings.min_score
    expected = shapes.where(likely)
    scores = expected.supports(lines) * fits[likely]
    found = _best(expected, scores, settings.min_score, settings)[: settings.most_outlines]
    if not found and aspects:
        large = shapes.where(shapes.areas() >= settings.min_other_area * width * height)
        found = _best(large, large.supports(lines), settings.min_other_score, settings)[:1]
        return tuple(_outline(corners, score, scale, expected=False) for corners, score in found)
    return tuple(_outline(corners, score, scale, expected=True) for corners, score in found)


def _shrink(view: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    """Return the view with this longer side, never enlarged."""
    longer, shorter = max(view.shape[:2]), min(view.shape[:2])
    scale = min(1.0, max(side / longer, 1 / shorter))  # a thin strip keeps a pixel
    size = round(view.shape[1] * scale), round(view.shape[0] * scale)
    if 2 * side <= longer and shorter > 1:  # an exact half is taken many times faster
        half = view.shape[1] // 2, view.shape[0] // 2
        view = np.asarray(cv2.resize(view, half, interpolation=cv2.INTER_AREA), np.uint8)
    return np.asarray(cv2.resize(view, size, interpolation=cv2.INTER_AREA), np.uint8)


def _best(
    shapes: Quadrilaterals, scores: NDArray[np.float64], least: float, settings: OutlineSettings
) -> list[tuple[NDArray[np.float64], float]]:
    """Return corners and score of the good shapes, best first, without near-duplicates.

    Shapes that share sides with one found before give way to wholly different ones: else
    a slab is followed by three variants of itself rather than by the card in it.
    """
    good = scores >= least
    shapes, scores = shapes.where(good), scores[good]
    rank = scores * np.sqrt(shapes.areas())
    found: list[tuple[NDArray[np.float64], float]] = []
    novelty = np.ones(len(rank))
    while len(found) < settings.most_outlines and (rank * novelty > 0).any():
        best = int(np.argmax(rank * novelty))
        corners, sides = shapes.corners[best], shapes.sides[best]
        if is_group(corners, float(scores[best]), shapes, scores, settings=settings):
            novelty[best] = 0
            continue
        found.append((corners, float(scores[best])))
        shared = np.isin(shapes.sides, sides).sum(1)
        novelty = np.minimum(novelty, 1 - settings.shared_side * shared)
        novelty[_same(corners, shapes.corners, settings)] = 0
    return found


def _same(
    kept: NDArray[np.float64], corners: NDArray[np.float64], settings: OutlineSettings
) -> NDArray[np.bool_]:
    """Say which shapes are the kept one once more.

    Args:
        kept: (4, 2) points, clockwise.
        corners: (Q, 4, 2) points, clockwise.
        settings: thresholds of this stage.
    """
    side = np.roll(kept, -1, axis=0) - kept
    size = np.hypot(side[:, 0], side[:, 1]).mean()
    turned = [np.roll(corners, turn, axis=1) - kept for turn in range(4)]
    apart = np.min([np.hypot(away[..., 0], away[..., 1]).mean(1) for away in turned], axis=0)
    return np.asarray(apart < settings.same_outline * size)


def _outline(
    corners: NDArray[np.float64], score: float, scale: NDArray[np.float64], *, expected: bool
) -> Outline:
    """Return the outline in pixels of the view, the upper of its two short sides first."""
    points = (corners + 0.5) / scale - 0.5
    side = np.roll(points, -1, axis=0) - points
    length = np.hypot(side[:, 0], side[:, 1])
    first = 0 if length[0] + length[2] <= length[1] + length[3] else 1
    tops = [first, first + 2]
    first = min(tops, key=lambda k: points[k, 1] + points[(k + 1) % 4, 1])
    return Outline(np.roll(points, -first, axis=0).astype(np.float32), score, expected)
