"""Closed outlines of any place in a picture: where it steps down from within, all around."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from evidence.settings import ClosedOutlineSettings

FloatMap = NDArray[np.float32]
Box = tuple[float, float, float, float]  # left, top, right, bottom

TURNS = 2  # of looking, the second from the middles of what the first one found
ROUNDS = 3  # of the way around; the middle one has both ends far away, so that it closes
FAR = np.float32(-1e6)  # worse than any way around


@dataclass(frozen=True, slots=True, eq=False)
class ClosedOutline:
    """An outline around a place, a point on each ray from its middle.

    Attributes:
        points: (A, 2) float32, x and y in pixels.
        steps: (A,) float32, by how much the picture is higher within than beyond; 0 where unseen.
        seen: (A,) bool, where both sides of the outline are seen.
    """

    points: FloatMap
    steps: FloatMap
    seen: NDArray[np.bool_]

    def mean_step(self, most: float) -> float:
        """Return the mean of the steps, each bounded by ``most``."""
        return float(np.clip(self.steps, -most, most).mean())

    @property
    def box(self) -> Box:
        """Left, top, right and bottom, in pixels."""
        (left, top), (right, bottom) = self.points.min(axis=0), self.points.max(axis=0)
        return float(left), float(top), float(right), float(bottom)


def find_closed_outlines(
    picture: FloatMap, seen: NDArray[np.bool_], px_per_mm: float, *, settings: ClosedOutlineSettings
) -> list[ClosedOutline]:
    """Find the outlines that step down most, all around a place, the best first.

    Around middles all over the picture, circles first: where none steps down, no outline does. From
    the others, the way around is sought on which the steps come to most, a little further in or
    out from ray to ray, and once more from the middle of what was found.

    Args:
        picture: (H, W) float32.
        seen: (H, W) bool, where it says something.
        px_per_mm: of the picture.
        settings: sizes, and how many outlines at most.

    Source:
        Dynamic programming around a circle: Sun and Pallottino, Circular shortest path in images,
        Pattern Recognition 2003.
    """
    height, width = picture.shape
    apart, margin = settings.apart_mm * px_per_mm, settings.radii_mm[0] * px_per_mm
    grid = np.meshgrid(
        np.arange(margin, width - margin, apart), np.arange(margin, height - margin, apart)
    )
    middles = np.stack([axis.ravel() for axis in grid], axis=1).astype(np.float32)
    if not len(middles):
        return []
    both = np.dstack([picture, seen.astype(np.float32)])
    rays = _rays(settings)
    steps, _ = _steps(both, middles, rays[:: settings.first], px_per_mm, settings)
    circles = _bounded(steps, settings).mean(axis=1).max(axis=1)
    middles = middles[circles >= settings.least_circle]
    for _ in range(TURNS):
        if not len(middles):
            return []
        steps, told = _steps(both, middles, rays, px_per_mm, settings)
        found = _apart(_go_around(middles, rays, steps, told, px_per_mm, settings), settings)
        middles = np.stack([outline.points.mean(axis=0) for outline in found])
    return found


def _radii(settings: ClosedOutlineSettings) -> FloatMap:
    return np.arange(*settings.radii_mm, settings.ring_mm, dtype=np.float32)


def _rays(settings: ClosedOutlineSettings) -> FloatMap:
    """Return the directions of the rays, (A, 2) x and y."""
    turns = np.arange(settings.rays) * (2 * np.pi / settings.rays)
    return np.stack([np.cos(turns), np.sin(turns)], axis=1).astype(np.float32)


def _bounded(steps: FloatMap, settings: ClosedOutlineSettings) -> FloatMap:
    return np.clip(steps, -settings.most_step, settings.most_step)


def _steps(
    both: FloatMap,
    middles: FloatMap,
    rays: FloatMap,
    px_per_mm: float,
    settings: ClosedOutlineSettings,
) -> tuple[FloatMap, NDArray[np.bool_]]:
    """Return how much higher it is within each radius than beyond, and where both are seen.

    Both are (middles, rays, radii).
    """
    side = settings.side
    radii = _radii(settings)
    rings = np.arange(1 - side, len(radii) + side + 1, dtype=np.float32)
    reach = (radii[0] + rings * np.float32(settings.ring_mm)) * np.float32(px_per_mm)
    shape = len(middles), len(rays), len(reach)
    x, y = (
        (middles[:, axis, None] + (rays[:, axis, None] * reach).ravel()).astype(np.float32)
        for axis in (0, 1)
    )
    sampled = cv2.remap(both, x, y, cv2.INTER_LINEAR, borderValue=0).reshape(*shape, 2)
    shown = (sampled[..., 1] > 0.5).astype(np.float32)
    sums, counts = (_running(part, side) for part in (sampled[..., 0] * shown, shown))
    # Within are the samples up to a radius, beyond those from the second one after it.
    within, beyond = slice(0, len(radii)), slice(side + 1, side + 1 + len(radii))
    told = (counts[..., within] > 0) & (counts[..., beyond] > 0)
    means = sums / np.maximum(counts, 1)
    return np.where(told, means[..., within] - means[..., beyond], np.float32(0)), told


def _running(samples: FloatMap, side: int) -> FloatMap:
    """Return the sums of so many neighbours along the last axis."""
    sums = np.cumsum(np.pad(samples, ((0, 0), (0, 0), (1, 0))), axis=-1)
    return sums[..., side:] - sums[..., :-side]


def _go_around(
    middles: FloatMap,
    rays: FloatMap,
    steps: FloatMap,
    told: NDArray[np.bool_],
    px_per_mm: float,
    settings: ClosedOutlineSettings,
) -> list[ClosedOutline]:
    """Return the best way around each middle."""
    gain = _bounded(steps, settings)
    count, turns, _ = gain.shape
    every = np.arange(count)
    edge = np.full((count, 1), FAR)
    best = gain[:, 0]
    came: list[NDArray[np.int8]] = []
    for ray in range(1, ROUNDS * turns):
        ways = np.stack([np.hstack([edge, best[:, :-1]]), best, np.hstack([best[:, 1:], edge])])
        ways[::2] -= settings.turn
        chosen = ways.argmax(axis=0)
        best = np.take_along_axis(ways, chosen[None], axis=0)[0] + gain[:, ray % turns]
        came.append((chosen - 1).astype(np.int8))
    radius = best.argmax(axis=1)
    way = np.empty((ROUNDS * turns, count), np.intp)
    way[-1] = radius
    for ray in range(ROUNDS * turns - 1, 0, -1):
        radius = radius + came[ray - 1][every, radius]
        way[ray - 1] = radius
    middle = way[turns : 2 * turns].T
    radii = _radii(settings)[middle] + settings.ring_mm  # between within and beyond
    points = (middles[:, None] + radii[..., None] * px_per_mm * rays).astype(np.float32)
    taken = np.take_along_axis(steps, middle[..., None], axis=2)[..., 0]
    shown = np.take_along_axis(told, middle[..., None], axis=2)[..., 0]
    return [ClosedOutline(points[i], taken[i], shown[i]) for i in every]


def _apart(found: list[ClosedOutline], settings: ClosedOutlineSettings) -> list[ClosedOutline]:
    """Return the outlines that step down most, of those that hold the same place the best one."""
    kept: list[ClosedOutline] = []
    for outline in sorted(found, key=lambda one: -one.mean_step(settings.most_step)):
        if all(_shared(outline.box, other.box) < settings.overlap for other in kept):
            kept.append(outline)
        if len(kept) == settings.most:
            break
    return kept


def _shared(one: Box, other: Box) -> float:
    """Return what share of the smaller of two boxes both take up."""
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    smaller = min(_area(one), _area(other))
    return max(across, 0.0) * max(down, 0.0) / max(smaller, 1e-6)


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])
