"""Shading: what light leaves over of the query, as hollows would, beside much else."""

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from evidence.comparison.allowances import slopes_of
from evidence.comparison.fine_laying import FineItems
from evidence.comparison.photometry import explain
from evidence.settings import HollowSettings

FloatMap = NDArray[np.float32]

WHITE_MM = 6.0  # wide, in which some print is as light as the photo shows white


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


def _disc(radius: float) -> NDArray[np.uint8]:
    size = 2 * round(radius) + 1
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size)), np.uint8)


def _soften(picture: FloatMap, sigma: float) -> FloatMap:
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), sigma), np.float32)


def _shrink(picture: FloatMap, size: tuple[int, int]) -> FloatMap:
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.float32)
