"""Find the outer edge of the card or slab.

Straight segments are joined to lines, lines to quadrilaterals, and each quadrilateral
is scored by how much of its sides is edge and by how well its shape fits the item's size.
Among the good ones the largest wins: the item's edge encloses its frame and its picture.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from evidence.photo.lines import Lines, find_lines
from evidence.settings import OutlineSettings


@dataclass(frozen=True, slots=True, eq=False)
class Outline:
    """The item's outer edge.

    Attributes:
        corners: (4, 2) float32 points (x, y) in pixels of the view, clockwise, starting so
            that the first side is a short one; which short side is the top is not known.
        score: in [0, 1]; share of edge along the sides, damped by a shape that fits badly.
    """

    corners: NDArray[np.float32]
    score: float


def find_outline(
    view: NDArray[np.uint8], *, aspects: tuple[float, ...], settings: OutlineSettings
) -> Outline | None:
    """Return the best outline, None if nothing scores enough.

    Args:
        view: (H, W, 3) uint8 RGB.
        aspects: short side / long side of the shapes to expect, each in (0, 1]; none takes any.
        settings: thresholds of this stage.
    """
    longer, shorter = max(view.shape[:2]), min(view.shape[:2])
    scale = min(1.0, max(settings.side / longer, 1 / shorter))  # a thin strip keeps a pixel
    shrunk = cv2.resize(view, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    small = np.asarray(shrunk, np.uint8)
    lines = find_lines(
        small,
        min_length=settings.min_segment * max(small.shape[:2]),
        tolerance=settings.line_tolerance,
        most=settings.most_lines,
    )
    sides, corners = _quadrilaterals(lines, small.shape[1], small.shape[0], settings)
    scores = _score(corners, sides, lines, aspects, settings.aspect_misfit)
    rank = np.where(scores >= settings.min_score, scores * np.sqrt(_areas(corners)), -1.0)
    if not (rank > 0).any():
        return None
    best = int(np.argmax(rank))
    full = (corners[best] + 0.5) / scale - 0.5
    return Outline(_clockwise(full).astype(np.float32), float(scores[best]))


def inside_outline(
    outline: Outline | None, points: NDArray[np.floating], *, margin: float = 1.0
) -> NDArray[np.bool_]:
    """Say which points lie on the item.

    Args:
        outline: its outer edge; without one, every point counts.
        points: (N, 2) points (x, y) in pixels of the view.
        margin: the outline is grown about its centre by this factor first.

    Returns:
        (N,) bool.
    """
    if outline is None:
        return np.ones(len(points), bool)
    centre = outline.corners.mean(axis=0)
    corners = (outline.corners - centre) * margin + centre
    side = np.roll(corners, -1, axis=0) - corners  # clockwise: the item lies to the right
    away = points[:, None, :] - corners[None]
    return np.asarray((side[:, 0] * away[..., 1] - side[:, 1] * away[..., 0] >= 0).all(1))


def _quadrilaterals(
    lines: Lines, width: int, height: int, settings: OutlineSettings
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Return (Q, 4) lines and (Q, 4, 2) corners of the shapes that an item could have."""
    every = np.arange(len(lines))
    meets = _meet(lines, *np.meshgrid(every, every, indexing="ij"))
    slack = settings.outside * max(width, height)
    within = np.asarray(((meets > -slack) & (meets < np.array([width, height]) + slack)).all(-1))
    sides = _four_sides(lines, settings)
    sides = sides[np.all([within[sides[:, k - 1], sides[:, k]] for k in range(4)], axis=0)]
    corners = np.stack([meets[sides[:, k - 1], sides[:, k]] for k in range(4)], axis=1)
    turns = _corner_turns(corners)
    convex = (turns > 0).all(1) | (turns < 0).all(1)
    fits = convex & (_areas(corners) >= settings.min_area * width * height)
    return sides[fits], corners[fits]


def _four_sides(lines: Lines, settings: OutlineSettings) -> NDArray[np.intp]:
    """Return (Q, 4) indices of lines: two that face each other, alternating with two across."""
    angle = np.arctan2(lines.normals[:, 1], lines.normals[:, 0])
    turn = np.abs((angle[:, None] - angle[None] + np.pi / 2) % np.pi - np.pi / 2)
    first, second = np.triu_indices(len(lines), 1)
    facing = turn[first, second] < settings.most_convergence
    first, second = first[facing], second[facing]
    one, other = np.triu_indices(len(first), 1)
    across = (turn[first[one], first[other]] > settings.least_crossing) & (
        turn[second[one], second[other]] > settings.least_crossing
    )
    one, other = one[across], other[across]
    return np.column_stack([first[one], first[other], second[one], second[other]])


def _meet(lines: Lines, a: NDArray[np.intp], b: NDArray[np.intp]) -> NDArray[np.float64]:
    """Return (..., 2) crossing points of lines a and b; far away where they do not cross."""
    (ax, ay), (bx, by) = np.moveaxis(lines.normals[a], -1, 0), np.moveaxis(lines.normals[b], -1, 0)
    det = ax * by - ay * bx
    det = np.where(np.abs(det) < 1e-9, 1e-9, det)
    x = (lines.offsets[a] * by - lines.offsets[b] * ay) / det
    y = (ax * lines.offsets[b] - bx * lines.offsets[a]) / det
    return np.stack([x, y], axis=-1)


def _corner_turns(points: NDArray[np.float64]) -> NDArray[np.float64]:
    side = np.roll(points, -1, axis=1) - points
    following = np.roll(side, -1, axis=1)
    return np.asarray(side[..., 0] * following[..., 1] - side[..., 1] * following[..., 0])


def _areas(points: NDArray[np.float64]) -> NDArray[np.float64]:
    x, y = points[..., 0], points[..., 1]
    cross = x * np.roll(y, -1, axis=1) - y * np.roll(x, -1, axis=1)
    return np.asarray(np.abs(cross.sum(1)) / 2)


def _score(
    corners: NDArray[np.float64],
    sides: NDArray[np.intp],
    lines: Lines,
    aspects: tuple[float, ...],
    tolerance: float,
) -> NDArray[np.float64]:
    """Return the (Q,) scores: edge along the sides, the worst side included, times shape."""
    following = np.roll(corners, -1, axis=1)
    length = np.hypot(*np.moveaxis(following - corners, -1, 0))
    edge = lines.edge_between(sides, corners, following)
    share = np.clip(edge / np.maximum(length, 1.0), 0, 1)
    support = np.sqrt(share.mean(1) * share.min(1))
    if not aspects:
        return np.asarray(support)
    opposite = (length[:, :2] + length[:, 2:]) / 2
    aspect = opposite.min(1) / np.maximum(opposite.max(1), 1e-9)
    misfit = np.min([np.abs(np.log(aspect / wanted)) for wanted in aspects], axis=0)
    return np.asarray(support * np.exp(-0.5 * (misfit / tolerance) ** 2))


def _clockwise(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Order corners clockwise as seen, the upper of the two short sides first."""
    if _corner_turns(points[None])[0, 0] < 0:
        points = points[::-1]
    length = np.hypot(*(np.roll(points, -1, axis=0) - points).T)
    first = 0 if length[0] + length[2] <= length[1] + length[3] else 1
    tops = [first, first + 2]
    first = min(tops, key=lambda k: points[k, 1] + points[(k + 1) % 4, 1])
    return np.roll(points, -first, axis=0)
