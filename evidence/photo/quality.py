"""Judge whether a photo can serve as evidence."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from evidence.photo.hidden import HiddenMap
from evidence.photo.shortfalls import SHORTFALLS, Shortfall, name_shortfall
from evidence.settings import ReadingSettings

__all__ = ["SHORTFALLS", "Quality", "Shortfall", "find_shortfalls", "measure_quality"]


@dataclass(frozen=True, slots=True)
class Quality:
    """Measures of one photo.

    Attributes:
        px_per_mm: resolution on the item, None if its outline or size is unknown.
        sharpness: 1 - blur effect, in [0, 1].
        exposure: mean luma of the item, in [0, 1].
        clipped: share of the item that is black or white, in [0, 1].
        glare: share of the item under glare, in [0, 1].
        keypoints: how many keypoints lie on the item.
        outlined: the item's outer edge was found.
    """

    px_per_mm: float | None
    sharpness: float
    exposure: float
    clipped: float
    glare: float
    keypoints: int
    outlined: bool


def measure_quality(
    rectified: NDArray[np.uint8],
    *,
    px_per_mm: float | None,
    glare: float,
    keypoints: int,
    outlined: bool,
) -> Quality:
    """Measure the item's part of a photo.

    Args:
        rectified: (H, W, 3) uint8 RGB, the item seen straight on.
        px_per_mm: resolution of the original on the item, None if unknown.
        glare: share of the item under glare, in [0, 1].
        keypoints: how many keypoints lie on the item.
        outlined: the item's outer edge was found.

    Source:
        Sharpness: the blur effect of Crete et al., SPIE 2007, taken from 1.
    """
    gray = np.asarray(cv2.cvtColor(rectified, cv2.COLOR_RGB2GRAY), np.uint8)
    black = cv2.countNonZero(cv2.inRange(rectified, np.zeros(3), np.full(3, 5.0)))
    white = cv2.countNonZero(cv2.inRange(rectified, np.full(3, 251.0), np.full(3, 255.0)))
    return Quality(
        px_per_mm=px_per_mm,
        sharpness=1 - _blur_effect(gray),
        exposure=float(gray.mean() / 255),
        clipped=(black + white) / gray.size,
        glare=glare,
        keypoints=keypoints,
        outlined=outlined,
    )


def find_shortfalls(
    quality: Quality, hidden: HiddenMap, *, edged: bool, settings: ReadingSettings
) -> tuple[Shortfall, ...]:
    """Name what the photo lacks, gravest first; empty for a good photo.

    Args:
        quality: measures of the photo.
        hidden: what of the item it does not show.
        edged: the photo should show an item's edge; a delivery note's need not.
        settings: thresholds of this stage.
    """
    resolution = quality.px_per_mm
    soft = quality.sharpness < settings.least_sharpness
    places = {
        code: hidden.place(cause) if hidden.share(cause) > most else None
        for code, cause, most in (
            ("cut_off", "out_of_frame", settings.most_cut_off),
            ("blurred", "blur", settings.most_hidden),
            ("glare", "glare", settings.most_glare),
            ("shadow", "dark", settings.most_hidden),
        )
    }
    if soft:
        places["blurred"] = None  # all of it is
    found = [
        ("no_outline", edged and not quality.outlined),
        ("cut_off", places["cut_off"]),
        ("too_small", resolution is not None and resolution < settings.least_px_per_mm),
        ("too_dark", quality.exposure < settings.least_exposure),
        ("blurred", soft or places["blurred"]),
        ("glare", places["glare"]),
        ("shadow", places["shadow"]),
        ("clipped", quality.clipped > settings.most_clipped),
        ("few_details", quality.keypoints < settings.least_keypoints),
    ]
    return tuple(name_shortfall(code, places.get(code)) for code, lacks in found if lacks)


def _blur_effect(gray: NDArray[np.uint8]) -> float:
    """Return how little a further blur changes the picture, in [0, 1]; worse axis."""
    sharp = gray.astype(np.float32)
    effects = []
    for size, axis in (((1, 11), 0), ((11, 1), 1)):
        blurred = cv2.blur(sharp, size)
        before = np.abs(np.diff(sharp, axis=axis))
        after = np.abs(np.diff(blurred, axis=axis))
        lost = np.maximum(before - after, 0).sum()
        effects.append(1 - float(lost) / max(float(before.sum()), 1e-9))
    return max(effects)
