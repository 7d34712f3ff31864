"""Hollows: what a pressed dent does to light, on one side darker and on the other lighter."""

import math
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from evidence.comparison.pieces import Piece
from evidence.comparison.shading import Shading
from evidence.comparison.weighing import weigh_together
from evidence.settings import HollowSettings

FloatMap = NDArray[np.float32]

REACH = 1.25  # widths of a hollow that its shading takes up
AROUND = 2.0  # widths, up to which it must be quiet around a hollow
WIDER = 2.2  # times, that what a spot is held against is wider than itself
APART_MM = 1.5  # of two spots
ENOUGH = 4.0  # noise units of the weaker half, from which on it is there
LEAST = 0.3  # noise units of a half that is taken for seen; its logarithm counts


class Circle(NamedTuple):
    """A circle on the item, in millimetres."""

    x: float
    y: float
    radius: float


@dataclass(frozen=True, slots=True)
class HollowMeasures:
    """What speaks for a hollow.

    Attributes:
        alone: how much of what changed there is this shading, 0 to 1, and that around it
            nothing did: likeness times one less the noise around, as share of that within.
        weaker: log10 of the strength of the half that shows less, in units of noise.
        balance: strength of that half, share of the other's. A mark of one tone has no other half,
            but the light that is fitted around it gives way a little.
    """

    alone: float
    weaker: float
    balance: float


@dataclass(frozen=True, slots=True)
class Hollow:
    """A round place that is shaded as a pressed hollow is.

    Attributes:
        circle: that its shading takes up.
        strength: of the shading, in units of noise.
        measures: what its weight comes from.
        weight: log10 likelihood ratio of a hollow to whatever else has such a spot.
    """

    circle: Circle
    strength: float
    measures: HollowMeasures
    weight: float


class _Halves(NamedTuple):
    """Hollows of all widths and directions whose light half is about the middle of a patch.

    All (T, P) float32 for T hollows and P places, a row a hollow: how steep the light and the dark
    half are, and where the hollow and its surroundings lie.
    """

    near: FloatMap
    far: FloatMap
    disc: FloatMap
    ring: FloatMap
    middles: NDArray[np.float64]  # (T, 2), x and y off the patch's middle, in pixels
    radii: NDArray[np.float64]  # (T,) pixels


def find_hollows(shading: Shading, coarse: float, *, settings: HollowSettings) -> list[Hollow]:
    """Find hollows of any direction and of several sizes, the surest first.

    A hollow is dark on the side towards the lamp and light on the other, but seldom alike: white
    print cannot get lighter, nor black print darker. So around each spot, dark or light, hollows
    are laid of which it is one half, and the other half may be as strong or weak as it is. A
    reflection or a shadow rises over many millimetres, and a mark has no other half.

    Args:
        shading: what light leaves over.
        coarse: how many times stronger one must be where a photo resolves little.
        settings: thresholds of this stage.

    Source:
        Matched filters in unequal noise: Kay, Detection Theory, 1998, section 4.4.
    """
    looked_at = look_at_spots(shading, coarse, settings=settings)
    sure = (
        one
        for one in looked_at
        if one.weight >= settings.least_weight and one.measures.balance >= settings.least_balance
    )
    kept: list[Hollow] = []
    for hollow in sure:
        if all(_apart(hollow, other) for other in kept):
            kept.append(hollow)
    largest = largest_radius(settings)
    return [hollow for hollow in kept if not math.isclose(hollow.circle.radius, largest)]


def largest_radius(settings: HollowSettings) -> float:
    """Return the radius, mm, that no hollow has: what takes it up is something larger."""
    return REACH * settings.widths_mm[-1]


def look_at_spots(shading: Shading, coarse: float, *, settings: HollowSettings) -> list[Hollow]:
    """Return the best hollow at each spot, the surest first, whatever it weighs."""
    px = settings.px_per_mm
    spots = _find_spots(shading, settings)
    if not spots:
        return []
    halves = _halves(tuple(width * px for width in settings.widths_mm), settings.directions)
    side = math.isqrt(halves.near.shape[1])
    signs, rows, columns = (np.array(part) for part in zip(*spots, strict=True))
    left, weight = (np.pad(part, side // 2) for part in (shading.left, shading.weight))
    left, weight = (
        np.stack(
            [part[r : r + side, c : c + side].ravel() for r, c in zip(rows, columns, strict=True)],
            1,
        )
        for part in (left, weight)
    )  # (P, spots)
    left = left * signs.astype(np.float32)
    told, power, shown = left * weight, left * left * weight, (weight > 0).astype(np.float32)
    near, far = (
        np.maximum(way * (half @ told), 0) / np.sqrt(half**2 @ weight + np.float32(1e-9))
        for way, half in ((1, halves.near), (-1, halves.far))
    )
    explained = near**2 + far**2
    count = halves.disc.sum(axis=1, keepdims=True)
    outside = (halves.ring @ power) / np.maximum(halves.ring @ shown, 1)
    likeness = np.sqrt(explained / np.maximum(halves.disc @ power, 1e-6))
    alone = likeness * np.maximum(1 - outside * count / np.maximum(explained, 1e-6), 0)
    alone *= halves.disc @ shown >= settings.least_shown * count
    best = (alone * np.minimum(np.minimum(near, far) / ENOUGH, 1)).argmax(axis=0)
    found = []
    for spot, (k, row, column) in enumerate(zip(best, rows, columns, strict=True)):
        halves_there = float(near[k, spot]), float(far[k, spot])
        weaker = math.log10(max(min(halves_there) / coarse, LEAST))
        balance = min(halves_there) / max(*halves_there, 1e-6)
        measures = HollowMeasures(float(alone[k, spot]), weaker, balance)
        x, y = (halves.middles[k] + (column + 0.5, row + 0.5)) / px
        circle = Circle(float(x), float(y), float(halves.radii[k] / px))
        found.append(
            Hollow(
                circle,
                math.hypot(*halves_there),
                measures,
                weigh_together(measures, settings.weights),
            )
        )
    return sorted(found, key=lambda hollow: -hollow.weight)


def _find_spots(shading: Shading, settings: HollowSettings) -> list[tuple[int, int, int]]:
    """Return the strongest spots: 1 where light and -1 where dark, row and column."""
    noise = shading.left * np.sqrt(shading.weight)
    found = []
    for width in settings.spots_mm:
        sigma = width * settings.px_per_mm
        off = width * (_soften(noise, sigma) - _soften(noise, WIDER * sigma))
        high = np.abs(off)
        peaks = (high == cv2.dilate(high, np.ones((7, 7), np.uint8))) & (
            high > settings.least_spot * width
        )
        found += [
            (float(high[row, column]), int(np.sign(off[row, column])), row, column)
            for row, column in np.argwhere(peaks).tolist()
        ]
    found.sort(key=lambda spot: -spot[0])
    kept: list[tuple[int, int, int]] = []
    least = APART_MM * settings.px_per_mm
    for _, sign, row, column in found:
        if all(math.hypot(row - r, column - c) > least for _, r, c in kept):
            kept.append((sign, row, column))
        if len(kept) == settings.most_spots:
            break
    return kept


@cache
def _halves(widths: tuple[float, ...], directions: int) -> _Halves:
    """Return hollows of these widths in pixels, in so many directions."""
    reach = math.ceil(widths[-1] * (0.5 + AROUND))
    down, across = np.mgrid[-reach : reach + 1, -reach : reach + 1].astype(np.float32)
    turns = np.arange(directions) * (2 * np.pi / directions)
    parts: tuple[list[NDArray[Any]], ...] = ([], [], [], [])
    middles, radii = [], []
    for width in widths:
        for right, low in zip(np.cos(turns), np.sin(turns), strict=True):
            x, y = -0.5 * width * right, -0.5 * width * low  # a half is steepest there
            away = np.hypot(across - x, down - y)
            disc = away < REACH * width
            steep = bowl_of(away, width) * ((across - x) * right + (down - y) * low) * disc
            ring = ~disc & (away < AROUND * width)
            for part, rows in zip(
                (np.maximum(steep, 0), np.maximum(-steep, 0), disc, ring), parts, strict=True
            ):
                rows.append(part.ravel())
            middles.append((x, y))
            radii.append(REACH * width)
    near, far, disc, ring = (np.stack(rows).astype(np.float32) for rows in parts)
    return _Halves(near, far, disc, ring, np.array(middles), np.array(radii))


def bowl_of(away: NDArray[Any], wide: float) -> NDArray[Any]:
    """Return how steep a hollow is for each step that a place lies off its middle."""
    return np.asarray(np.exp(-2 * (away / wide) ** 2) / wide)


def holds(hollow: Hollow, piece: Piece, *, px_per_mm: float) -> bool:
    """Say whether a piece lies mostly in a hollow.

    Args:
        hollow: that may hold it.
        piece: of a picture of the same item.
        px_per_mm: of that picture.
    """
    x, y, radius = hollow.circle
    away = np.hypot(piece.columns / px_per_mm - x, piece.rows / px_per_mm - y)
    return bool(np.mean(away <= radius) > 0.5)


def _apart(one: Hollow, other: Hollow) -> bool:
    (x, y, radius), (also_x, also_y, also) = one.circle, other.circle
    return math.hypot(x - also_x, y - also_y) > max(radius, also)


def _soften(picture: FloatMap, sigma: float) -> FloatMap:
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), sigma), np.float32)
