"""What a homography leaves over: lens and bow move print by parts of a millimetre, smoothly."""

import cv2
import numpy as np
from numpy.typing import NDArray

from evidence.comparison.cells import Cells
from evidence.settings import ChangeSettings

FloatMap = NDArray[np.float32]


def find_displacement(
    reference: FloatMap, query: FloatMap, seen: FloatMap, cells: Cells, *, settings: ChangeSettings
) -> FloatMap:
    """Find where in the laid query each place of the reference lies.

    Light is taken out first: both pictures are brought to the same local mean and contrast.
    What differs on purpose, such as damage, loses its say as it differs.

    Args:
        reference: (H, W) float32 lightness.
        query: (H, W) float32 lightness, laid on the reference by a homography.
        seen: (H, W) float32, 1 where both pictures show the item, else 0.
        cells: the grid that the displacement is found on.
        settings: thresholds of this stage.

    Returns:
        (2, R, C) float32, x and y in pixels of these pictures, a value a cell.

    Source:
        Lucas and Kanade, IJCAI 1981, with a smooth window, repeated.
    """
    one, other = (_normalise(picture, cells.px * 2) for picture in (reference, query))
    found = np.zeros((2, *cells.shape), np.float32)
    across, down = _gradient(one)
    for _ in range(settings.displacement_rounds):
        moved = cells.move(other, found)
        miss = moved - one
        weight = seen / (1 + (miss / settings.displacement_miss) ** 2) ** 2
        xx, xy, yy, xm, ym = (
            cells.mean(part * weight, settings.displacement_mm)
            for part in (across * across, across * down, down * down, across * miss, down * miss)
        )
        firm = settings.displacement_firm * float(np.median(xx + yy)) + 1e-6
        xx, yy = xx + firm, yy + firm
        under = xx * yy - xy * xy
        step = np.stack([(yy * xm - xy * ym) / under, (xx * ym - xy * xm) / under])
        found -= np.clip(step, -1.5, 1.5)
        found = np.stack([cells.smooth(part, settings.displacement_mm / 2) for part in found])
    return found


def _normalise(picture: FloatMap, sigma: float) -> FloatMap:
    fine = np.asarray(cv2.GaussianBlur(picture, (0, 0), 1.0), np.float32)
    size = max(1, picture.shape[1] // 4), max(1, picture.shape[0] // 4)

    def broad(values: FloatMap) -> FloatMap:
        small = cv2.resize(values, size, interpolation=cv2.INTER_AREA)
        small = cv2.GaussianBlur(small, (0, 0), sigma / 4)
        return np.asarray(cv2.resize(small, picture.shape[::-1]), np.float32)

    about = fine - broad(fine)
    return np.asarray(about / np.sqrt(broad(about * about) + 9.0), np.float32)


def _gradient(picture: FloatMap) -> tuple[FloatMap, FloatMap]:
    return (
        np.asarray(cv2.Sobel(picture, cv2.CV_32F, 1, 0, scale=1 / 8), np.float32),
        np.asarray(cv2.Sobel(picture, cv2.CV_32F, 0, 1, scale=1 / 8), np.float32),
    )
