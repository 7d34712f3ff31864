"""Find the outer edge of the card or slab.

Straight segments are joined to lines, lines to quadrilaterals, and each quadrilateral
is scored by how much of its sides is edge, by how well its shape fits the item's size,
and by its area: the item's edge encloses its frame and its picture.
"""

import itertools
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

WORK_SIDE = 640  # longer side that lines are searched at, pixels


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


@dataclass(frozen=True, slots=True, eq=False)
class _Lines:
    """Straight lines and where along them edges were seen.

    A line is ``normal . p = offset``; ``covered[i, t]`` counts the edge pixels before
    position ``t - shift`` along line i.
    """

    normals: NDArray[np.float64]
    offsets: NDArray[np.float64]
    covered: NDArray[np.int64]
    shift: int


def find_outline(
    view: NDArray[np.uint8], *, aspects: tuple[float, ...], min_score: float, min_area: float
) -> Outline | None:
    """Return the best outline, None if nothing scores enough.

    Args:
        view: (H, W, 3) uint8 RGB.
        aspects: short side / long side of the shapes to expect, each in (0, 1].
        min_score: smallest score of an outline, in [0, 1].
        min_area: smallest area of an outline, as a share of the view.

    Source:
        Segments: LSD, Grompone von Gioi et al., PAMI 2010.
    """
    longer, shorter = max(view.shape[:2]), min(view.shape[:2])
    scale = min(1.0, max(WORK_SIDE / longer, 1 / shorter))  # a thin strip keeps a pixel
    shrunk = cv2.resize(view, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    small = np.asarray(shrunk, np.uint8)
    lines = _lines(small)
    corners = _quadrilaterals(lines, small.shape[1], small.shape[0], min_area)
    if not len(corners):
        return None
    scores, areas = _scores(corners, lines, aspects)
    rank = np.where(scores >= min_score, scores * np.sqrt(areas), -1.0)
    chosen = int(np.argmax(rank))
    best, score = corners[chosen], float(scores[chosen])
    if score < min_score:
        return None
    full = (best[:, :2] + 0.5) / scale - 0.5
    return Outline(_clockwise(full).astype(np.float32), score)


def _segments(small: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Return (N, 4) segments x1, y1, x2, y2 of lightness and of both colour axes."""
    lab = cv2.cvtColor(small, cv2.COLOR_RGB2LAB)
    detector = cv2.createLineSegmentDetector(cv2.LSD_REFINE_STD)
    found = []
    for channel in cv2.split(lab):
        stretched = cv2.normalize(channel, np.empty_like(channel), 0, 255, cv2.NORM_MINMAX)
        segments = detector.detect(stretched)[0]
        if segments is not None:
            found.append(segments.reshape(-1, 4))
    joined = np.concatenate(found) if found else np.empty((0, 4))
    length = np.hypot(joined[:, 2] - joined[:, 0], joined[:, 3] - joined[:, 1])
    return np.asarray(joined[length >= 0.02 * max(small.shape[:2])], np.float64)


def _lines(small: NDArray[np.uint8], most: int = 48) -> _Lines:
    """Join segments that lie on one line; keep the lines with the most edge."""
    segments = _segments(small)
    start, end = segments[:, :2], segments[:, 2:]
    along = end - start
    length = np.hypot(*along.T)
    normal = np.column_stack([-along[:, 1], along[:, 0]]) / np.maximum(length, 1e-9)[:, None]
    reach = int(np.ceil(np.hypot(*small.shape[:2]))) + 2
    free = np.ones(len(segments), bool)
    kept: list[tuple[float, NDArray[np.float64], float, NDArray[np.int64]]] = []
    for seed in np.argsort(-length):
        if not free[seed]:
            continue
        n, offset = normal[seed], float(normal[seed] @ (start[seed] + end[seed]) / 2)
        tolerance = 2.5
        on = (
            free & (np.abs(start @ n - offset) < tolerance) & (np.abs(end @ n - offset) < tolerance)
        )
        n, offset = _fit(np.concatenate([start[on], end[on]]), np.tile(length[on], 2), n)
        free &= ~on
        edge = np.zeros(2 * reach, bool)
        direction = np.array([n[1], -n[0]])
        for t1, t2 in zip(start[on] @ direction, end[on] @ direction, strict=True):
            low, high = sorted((t1, t2))
            edge[max(0, round(low) + reach - 1) : round(high) + reach + 2] = True
        kept.append((float(edge.sum()), n, offset, np.cumsum(edge)))
    kept.sort(key=lambda line: -line[0])
    kept = kept[:most]
    return _Lines(
        np.array([line[1] for line in kept]).reshape(-1, 2),
        np.array([line[2] for line in kept]),
        np.array([line[3] for line in kept]).reshape(len(kept), 2 * reach),
        reach,
    )


def _fit(
    points: NDArray[np.float64], weights: NDArray[np.float64], near: NDArray[np.float64]
) -> tuple[NDArray[np.float64], float]:
    """Fit a line by weighted total least squares; its normal points as ``near`` does."""
    centre = np.average(points, axis=0, weights=weights)
    spread = (points - centre) * weights[:, None]
    _, vectors = np.linalg.eigh((points - centre).T @ spread)
    normal = vectors[:, 0] * np.sign(vectors[:, 0] @ near)
    return normal, float(normal @ centre)


def _quadrilaterals(lines: _Lines, width: int, height: int, min_area: float) -> NDArray[np.float64]:
    """Return (Q, 4, 3) corners: x, y and, in [..., 2], the line that leaves the corner."""
    n = len(lines.offsets)
    if n < 4:
        return np.empty((0, 4, 3))
    angle = np.arctan2(lines.normals[:, 1], lines.normals[:, 0])
    turn = np.abs((angle[:, None] - angle[None] + np.pi / 2) % np.pi - np.pi / 2)
    facing = [(i, j) for i, j in itertools.combinations(range(n), 2) if turn[i, j] < 0.35]
    crossing = [
        (a, b)
        for a, b in itertools.combinations(facing, 2)
        if turn[a[0], b[0]] > 1.05 and turn[a[1], b[1]] > 1.05
    ]
    if not crossing:
        return np.empty((0, 4, 3))
    sides = np.array([(a[0], b[0], a[1], b[1]) for a, b in crossing])
    points = np.stack([_meet(lines, sides[:, k - 1], sides[:, k]) for k in range(4)], axis=1)
    corners = np.concatenate([points, sides[:, :, None].astype(float)], axis=2)
    inside = (
        (points > -0.06 * max(width, height)).all((1, 2))
        & (points[..., 0] < width + 0.06 * max(width, height)).all(1)
        & (points[..., 1] < height + 0.06 * max(width, height)).all(1)
    )
    cross = _corner_turns(points)
    convex = (cross > 0).all(1) | (cross < 0).all(1)
    large = _areas(points) >= min_area * width * height
    return np.asarray(corners[inside & convex & large])


def _meet(lines: _Lines, a: NDArray[np.int64], b: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return (Q, 2) crossing points of lines a and b; far away where they do not cross."""
    (ax, ay), (bx, by) = lines.normals[a].T, lines.normals[b].T
    det = ax * by - ay * bx
    det = np.where(np.abs(det) < 1e-9, 1e-9, det)
    x = (lines.offsets[a] * by - lines.offsets[b] * ay) / det
    y = (ax * lines.offsets[b] - bx * lines.offsets[a]) / det
    return np.column_stack([x, y])


def _corner_turns(points: NDArray[np.float64]) -> NDArray[np.float64]:
    side = np.roll(points, -1, axis=1) - points
    following = np.roll(side, -1, axis=1)
    return np.asarray(side[..., 0] * following[..., 1] - side[..., 1] * following[..., 0])


def _areas(points: NDArray[np.float64]) -> NDArray[np.float64]:
    x, y = points[..., 0], points[..., 1]
    cross = x * np.roll(y, -1, axis=1) - y * np.roll(x, -1, axis=1)
    return np.asarray(np.abs(cross.sum(1)) / 2)


def _scores(
    corners: NDArray[np.float64], lines: _Lines, aspects: tuple[float, ...]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return each quadrilateral's score and area."""
    points, sides = corners[..., :2], corners[..., 2].astype(int)
    following = np.roll(points, -1, axis=1)
    length = np.hypot(*np.moveaxis(following - points, -1, 0))
    direction = np.stack([lines.normals[sides][..., 1], -lines.normals[sides][..., 0]], axis=-1)
    t = np.sort(np.stack([(points * direction).sum(-1), (following * direction).sum(-1)]), axis=0)
    index = np.clip(np.round(t).astype(int) + lines.shift, 0, lines.covered.shape[1] - 1)
    seen = lines.covered[sides, index[1]] - lines.covered[sides, index[0]]
    share = np.clip(seen / np.maximum(length, 1.0), 0, 1)
    support = np.sqrt(share.mean(1) * share.min(1))
    opposite = (length[:, :2] + length[:, 2:]) / 2
    aspect = opposite.min(1) / np.maximum(opposite.max(1), 1e-9)
    misfit = np.min([np.abs(np.log(aspect / wanted)) for wanted in aspects], axis=0)
    return support * np.exp(-0.5 * (misfit / 0.1) ** 2), _areas(points)


def _clockwise(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Order corners clockwise as seen, the upper of the two short sides first."""
    if _corner_turns(points[None])[0, 0] < 0:
        points = points[::-1]
    length = np.hypot(*(np.roll(points, -1, axis=0) - points).T)
    first = 0 if length[0] + length[2] <= length[1] + length[3] else 1
    tops = [first, first + 2]
    first = min(tops, key=lambda k: points[k, 1] + points[(k + 1) % 4, 1])
    return np.roll(points, -first, axis=0)


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
