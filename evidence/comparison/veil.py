"""How much of a brown veil would explain what the query shows otherwise, place by place."""

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from evidence.comparison.allowances import slopes_of
from evidence.comparison.fine_laying import FineItems
from evidence.comparison.photometry import explain
from evidence.settings import StainSettings

FloatMap = NDArray[np.float32]

AXES = ((0, 1, 2), (1, 0, 2), (2, 0, 1))  # each explained by its own axis first, then the others


@dataclass(frozen=True, slots=True, eq=False)
class Veil:
    """A veil over the item, in a coarse picture of it.

    Attributes:
        amount: (h, w) float32, share of a whole veil; 0 where nothing changed, 1 where a veil of
            the settings' colour and strength lies, below 0 where the query shows less of it.
        evidence: (h, w) float32, squared units of noise that a whole veil would reach in a pixel.
        change: (h, w) float32, squared units of noise that the change itself reaches there.
        seen: (h, w) bool, where both photos show light and colour.
        px_per_mm: of this picture.
    """

    amount: FloatMap
    evidence: FloatMap
    change: FloatMap
    seen: NDArray[np.bool_]
    px_per_mm: float


def measure_veil(items: FineItems, crossed: NDArray[np.bool_], *, settings: StainSettings) -> Veil:
    """Hold the change of light and colour against what a veil would change on this print.

    Light is fitted in windows wider than a stain's half, so that its inside stays. What a veil does
    depends on the print below it: it darkens bright print, and turns green and blue gray. Asked for
    by all three axes at once, and weighed by their noise, it stands out from a reflection, which
    changes light more than colour. A line across it says nothing, and what lies beside it goes on.

    Args:
        items: both items, in the same place.
        crossed: (H, W) bool, where lines lie.
        settings: thresholds of this stage.

    Source:
        Matched filter in unequal noise: Kay, Detection Theory, 1998, section 4.4.
    """
    width, height = (round(side * settings.px_per_mm / _px(items)) for side in items.cells.size)
    cells = replace(items.cells.doubled(), size=(width, height))
    shown = items.on_reference & items.on_query & items.coloured
    shown &= items.depth >= settings.depth_mm
    seen = _shrink(shown.astype(np.float32), cells.size) > settings.least_seen
    crossed_small = _shrink(crossed.astype(np.float32), cells.size) > 1 - settings.least_seen
    weight = (seen & ~crossed_small).astype(np.float32)
    ours, theirs = (
        [_shrink(part, cells.size) - level for part, level in zip(axes, (0, 128, 128), strict=True)]
        for axes in (items.reference, items.query)
    )
    flat = np.full_like(weight, 30.0)
    lively = _square(*slopes_of(ours[0]))
    wide = settings.noise_mm * settings.px_per_mm
    share = _smooth(weight, wide) + np.float32(1e-3)
    matched, evidence, change = (np.zeros_like(weight) for _ in range(3))
    for (axis, *others), expected, noise in zip(
        AXES, _veiled(ours, settings), settings.noise, strict=True
    ):
        parts = [ours[axis], flat, *(ours[other] for other in others)]
        left, _ = explain(
            parts,
            theirs[axis],
            weight,
            cells,
            sigma_mm=settings.light_mm,
            firm=(4.0, 1.0, 4.0, 4.0),
            miss=settings.miss[0 if axis == 0 else 1],
        )
        power = np.minimum(left * left, np.float32((6 * noise) ** 2)) * weight
        spread = np.float32(noise * noise) + _smooth(power, wide) / share
        spread += lively * np.float32((settings.misplaced_px * noise) ** 2)
        told = weight / spread
        matched += left * expected * told
        evidence += expected * expected * told
        change += left * left * told
    near = settings.near_mm * settings.px_per_mm
    matched, evidence, change = (_smooth(part, near) for part in (matched, evidence, change))
    amount = matched / (evidence + np.float32(settings.least_evidence))
    return Veil(amount, evidence, change, seen, settings.px_per_mm)


def _px(items: FineItems) -> float:
    return items.cells.px / items.cells.mm


def _veiled(ours: list[FloatMap], settings: StainSettings) -> list[FloatMap]:
    """Return how a veil changes lightness, Cr and Cb of print, (h, w) levels each."""
    light, red, blue = ours
    r, b = light + 1.403 * red, light + 1.773 * blue
    g = (light - 0.299 * r - 0.114 * b) / 0.587
    r, g, b = (
        np.clip(channel, 0, 255) * np.float32(-absorbed)
        for channel, absorbed in zip((r, g, b), settings.absorbed, strict=True)
    )
    darker = np.asarray(0.299 * r + 0.587 * g + 0.114 * b, np.float32)
    return [darker, (r - darker) * np.float32(0.713), (b - darker) * np.float32(0.564)]


def _square(across: FloatMap, down: FloatMap) -> FloatMap:
    return np.asarray(across * across + down * down, np.float32)


def _smooth(picture: FloatMap, sigma: float) -> FloatMap:
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), sigma), np.float32)


def _shrink(picture: FloatMap, size: tuple[int, int]) -> FloatMap:
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.float32)
