"""Judge whether a photo can serve as evidence."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from evidence.settings import ReadingSettings
from evidence.text import Text


@dataclass(frozen=True, slots=True)
class Shortfall:
    """What a photo lacks, and the shot that would mend it.

    Attributes:
        code: stable name, such as ``too_small``.
        text: what is wrong and what to do, for the person with the camera.
    """

    code: str
    text: Text


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


SHORTFALLS = {
    "no_outline": Text(
        "The edge of the item was not found. Photograph the whole item alone, from straight "
        "above, on a plain ground of another colour.",
        "商品の外周を検出できません。商品だけを、色の異なる無地の背景に置き、真上から全体を撮影してください。",
    ),
    "too_small": Text(
        "The item is too small in the photo. Move closer until it fills most of the picture.",
        "商品が小さく写っています。画面の大部分を占めるまで近づいて撮影してください。",
    ),
    "blurred": Text(
        "The photo is blurred. Hold the camera still, tap the item to focus, and take it again.",
        "写真がぼやけています。カメラを固定し、商品に焦点を合わせて撮り直してください。",
    ),
    "too_dark": Text(
        "The photo is too dark. Add light from the side and take it again.",
        "写真が暗すぎます。横から光を足して撮り直してください。",
    ),
    "clipped": Text(
        "Large parts are pure black or white. Use softer light and take it again.",
        "黒つぶれ・白とびの部分が多くあります。柔らかい光で撮り直してください。",
    ),
    "glare": Text(
        "Glare hides part of the item. Tilt it or move the lamp, and take it again.",
        "反射で商品の一部が見えません。角度か照明の位置を変えて撮り直してください。",
    ),
    "few_details": Text(
        "Too few details can be seen on the item. Photograph it sharply, from closer, in even "
        "light.",
        "商品の細部がほとんど写っていません。明るく均一な光で、近くから鮮明に撮影してください。",
    ),
}


def measure_quality(
    rectified: NDArray[np.uint8], *, px_per_mm: float | None, keypoints: int, outlined: bool
) -> Quality:
    """Measure the item's part of a photo.

    Args:
        rectified: (H, W, 3) uint8 RGB, the item seen straight on.
        px_per_mm: resolution of the original on the item, None if unknown.
        keypoints: how many keypoints lie on the item.
        outlined: the item's outer edge was found.

    Source:
        Sharpness: the blur effect of Crete et al., SPIE 2007, taken from 1.
    """
    gray = np.asarray(cv2.cvtColor(rectified, cv2.COLOR_RGB2GRAY), np.uint8)
    value, lowest = rectified.max(axis=2), rectified.min(axis=2)
    return Quality(
        px_per_mm=px_per_mm,
        sharpness=1 - _blur_effect(gray),
        exposure=float(gray.mean() / 255),
        clipped=float(np.mean((value < 6) | (lowest > 250))),
        glare=_glare(lowest),
        keypoints=keypoints,
        outlined=outlined,
    )


def find_shortfalls(
    quality: Quality, *, edged: bool, settings: ReadingSettings
) -> tuple[Shortfall, ...]:
    """Name what the photo lacks, gravest first; empty for a good photo.

    Args:
        quality: measures of the photo.
        edged: the photo should show an item's edge; a delivery note's need not.
        settings: thresholds of this stage.
    """
    resolution = quality.px_per_mm
    found = [
        ("no_outline", edged and not quality.outlined),
        ("too_small", resolution is not None and resolution < settings.least_px_per_mm),
        ("too_dark", quality.exposure < settings.least_exposure),
        ("blurred", quality.sharpness < settings.least_sharpness),
        ("glare", quality.glare > settings.most_glare),
        ("clipped", quality.clipped > settings.most_clipped),
        ("few_details", quality.keypoints < settings.least_keypoints),
    ]
    return tuple(Shortfall(code, SHORTFALLS[code]) for code, lacks in found if lacks)


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


def _glare(lowest: NDArray[np.uint8]) -> float:
    """Return the share of the item under connected white patches; letters are too thin."""
    white = (lowest > 245).astype(np.uint8)
    size = max(3, lowest.shape[1] // 25) | 1
    patches = cv2.morphologyEx(white, cv2.MORPH_OPEN, np.ones((size, size), np.uint8))
    return float(patches.mean())
