"""Hollows: what a pressed dent does to light, on one side darker and on the other lighter."""

import math
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from evidence.comparison.allowances import slopes_of
from evidence.comparison.fine_laying import FineItems
from evidence.comparison.photometry import explain
from evidence.comparison.pieces import Piece
from evidence.settings import HollowSettings

FloatMap = NDArray[np.float32]

WHITE_MM = 6.0  # wide, in which some print is as light as the photo shows white
REACH = 1.25  # radii of a hollow that its shading takes up
AROUND = 2.0  # radii, up to which it must be quiet around a hollow


class Circle(NamedTuple):
    """A circle on the item, in millimetres."""

    x: float
    y: float
    radius: float


@dataclass(frozen=True, slots=True, eq=False)
class Shading:
    """What may be shading of hollows, in a coarse picture of the item; all (h, w) float32.

    Attributes:
        left: what light leaves over of the query, levels.
        weight: one over the variance of that; 0 where either photo does not show the item.
        room: levels by which the query can get lighter: up to the whitest print around.
    """

    left: FloatMap
    weight: FloatMap
    room: FloatMap


@dataclass(frozen=True, slots=True)
class Hollow:
    """A round place that is shaded as a pressed hollow is.

    Attributes:
        circle: that its shading takes up.
        strength: of the shading, in units of noise.
        alone: how much of what changed there is this shading, 0 to 1, and that around it
            nothing did: likeness times one less the noise around, as share of that within.
    """

    circle: Circle
    strength: float
    alone: float


def find_hollows(shading: Shading, coarse: float, *, settings: HollowSettings) -> list[Hollow]:
    """Find hollows of any direction and of several sizes, those that stand most alone first.

    A hollow is dark on the side towards the lamp and light on the other. A reflection or a shadow
    rises over many millimetres, so it looks like a half of something larger: a place counts only
    if the best size is none of the outermost ones, and if it is quiet around.

    Args:
        shading: what light leaves over.
        coarse: how many times stronger one must be where a photo resolves little.
        settings: thresholds of this stage.

    Source:
        First derivative of a Gaussian, steered to any direction (Freeman and Adelson, PAMI 1991),
        as a matched filter in unequal noise (Kay, Detection Theory, 1998), at the best of several
        scales (Lindeberg, IJCV 1998).
    """
    found = [
        hollow
        for radius in settings.radii_mm
        for hollow in _find_of_size(shading, radius * settings.px_per_mm, settings)
    ]
    found.sort(key=lambda hollow: -hollow.alone)
    kept: list[Hollow] = []
    for hollow in found:
        if all(_apart(hollow, other) for other in kept):
            kept.append(hollow)
    outermost = (settings.radii_mm[0] * REACH, settings.radii_mm[-1] * REACH)
    return [
        hollow
        for hollow in kept
        if hollow.alone >= settings.least_alone
        and hollow.strength >= settings.least_strength * coarse
        and hollow.circle.radius not in outermost
    ]


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


def measure_shading(items: FineItems, *, settings: HollowSettings) -> Shading:
    """Take out all that light explains.

    Args:
        items: both items, in the same place.
        settings: thresholds of this stage.
    """
    scale = settings.px_per_mm / (items.cells.px / items.cells.mm)
    size = (round(items.cells.size[0] * scale), round(items.cells.size[1] * scale))
    cells = replace(items.cells, size=size)
    shown = items.on_reference & items.on_query & (items.depth >= settings.depth_mm)
    seen = (_shrink(shown.astype(np.float32), size) > settings.least_seen).astype(np.float32)
    ours, theirs = (_shrink(axes[0], size) for axes in (items.reference, items.query))
    left, _ = explain(
        [ours, np.full_like(ours, 30.0)],
        theirs,
        seen,
        cells,
        sigma_mm=settings.light_mm,
        firm=(4.0, 1.0),
        miss=settings.miss,
    )
    wide = settings.noise_mm * settings.px_per_mm
    power = np.minimum(left * left, np.float32((6 * settings.noise) ** 2)) * seen
    usual = _soften(power, wide) / (_soften(seen, wide) + np.float32(1e-3))
    across, down = slopes_of(ours)
    misplaced = (across * across + down * down) * np.float32(settings.misplaced_px**2)
    variance = np.float32(settings.noise**2) + usual + misplaced
    print_alone = theirs - left
    white = cv2.dilate(print_alone, _disc(WHITE_MM / 2 * settings.px_per_mm))
    room = _soften(np.asarray(white, np.float32), WHITE_MM / 4 * settings.px_per_mm) - print_alone
    return Shading(left, (seen / variance).astype(np.float32), np.maximum(room, 0))


def _find_of_size(shading: Shading, radius: float, settings: HollowSettings) -> list[Hollow]:
    """Return the places that look most like a hollow of a radius in pixels."""
    away, across, down = _offsets(REACH * radius)
    disc = (away < REACH * radius).astype(np.float32)
    bowl = bowl_of(away, radius).astype(np.float32) * disc
    around, *_ = _offsets(AROUND * radius)
    ring = ((around >= REACH * radius) & (around < AROUND * radius)).astype(np.float32)
    left, weight = shading.left, shading.weight
    told, power = left * weight, left * left * weight
    right, low = _sum(told, bowl * across), _sum(told, bowl * down)
    either = _sum(weight, (bowl * away) ** 2) / 2  # of right and low, where noise is even
    shaded = (right * right + low * low) / np.maximum(either, 1e-12)
    likeness = np.sqrt(shaded / np.maximum(_sum(power, disc), 1e-6))
    shown = (weight > 0).astype(np.float32)
    outside = _sum(power, ring) / np.maximum(_sum(shown, ring), 1)
    within = shaded / disc.sum()
    alone = likeness * np.maximum(1 - outside / np.maximum(within, 1e-6), 0)
    alone *= (_sum(shown, disc) >= settings.least_shown * disc.sum()).astype(np.float32)
    highest = cv2.dilate(alone, np.ones((9, 9), np.uint8))
    peaks = (alone == highest) & (alone > settings.least_alone / 2)
    px = settings.px_per_mm
    return [
        Hollow(
            Circle((column + 0.5) / px, (row + 0.5) / px, REACH * radius / px),
            float(math.sqrt(shaded[row, column])),
            float(alone[row, column]),
        )
        for row, column in np.argwhere(peaks).tolist()
    ]


def _offsets(reach: float) -> tuple[FloatMap, FloatMap, FloatMap]:
    """Distance from the middle, and how far right and down of it, pixels."""
    n = math.ceil(reach)
    down, across = np.mgrid[-n : n + 1, -n : n + 1].astype(np.float32)
    return np.hypot(across, down), across, down


def _sum(picture: FloatMap, pattern: FloatMap) -> FloatMap:
    return np.asarray(
        cv2.filter2D(picture, cv2.CV_32F, pattern, borderType=cv2.BORDER_CONSTANT), np.float32
    )


def _disc(radius: float) -> NDArray[np.uint8]:
    size = 2 * round(radius) + 1
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size)), np.uint8)


def _soften(picture: FloatMap, sigma: float) -> FloatMap:
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), sigma), np.float32)


def _shrink(picture: FloatMap, size: tuple[int, int]) -> FloatMap:
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.float32)
