"""What a residual owes to light and to print that is not quite where it should be."""

import cv2
import numpy as np
from numpy.typing import NDArray

from evidence.comparison.cells import Cells
from evidence.settings import ChangeSettings

FloatMap = NDArray[np.float32]


def slopes_of(picture: FloatMap) -> tuple[FloatMap, FloatMap]:
    """Return how a picture rises across and down, in levels a pixel."""
    return (
        np.asarray(cv2.Sobel(picture, cv2.CV_32F, 1, 0, scale=1 / 8), np.float32),
        np.asarray(cv2.Sobel(picture, cv2.CV_32F, 0, 1, scale=1 / 8), np.float32),
    )


def root_of(power: FloatMap) -> FloatMap:
    """Root mean square over half a millimetre; a running sum may end just below zero."""
    return np.asarray(np.sqrt(np.maximum(cv2.blur(power, (5, 5)), 0)), np.float32)


def forgive_misplacement(left: FloatMap, expected: FloatMap) -> FloatMap:
    """Leave out what half a pixel of misplacement explains."""
    square = np.ones((3, 3), np.uint8)
    high = np.asarray(cv2.dilate(expected, square) - expected, np.float32) / 2
    low = np.asarray(cv2.erode(expected, square) - expected, np.float32) / 2
    return left - np.clip(left, low, high)


def take_out_slow(
    left: FloatMap, seen: FloatMap, cells: Cells, settings: ChangeSettings
) -> FloatMap:
    """Take out what changes slowly: light does, marks do not."""
    for _ in range(2):
        weight = seen / (1 + (left / settings.miss) ** 2)
        share = np.maximum(cells.mean(weight, 1.5), np.float32(0.02))
        slow = cells.spread(np.asarray(cells.mean(left * weight, 1.5) / share, np.float32))
        left = np.asarray(left - slow, np.float32)
    return left


def steepness_of(
    found: NDArray[np.float64], cells: Cells, prints: tuple[float, ...] = (30.0, 210.0)
) -> FloatMap:
    """How fast the light that comes from dark and from bright print changes, levels a millimetre.

    What comes from black print is a reflection, whatever shade or stain lies on it.
    """
    steepest = np.zeros(cells.shape)
    for level in prints:
        light = level * (1 + found[..., 0]) + 30.0 * found[..., 1]
        rows, columns = np.gradient(light)
        steepest = np.maximum(steepest, np.hypot(rows, columns) / cells.mm)
    return np.asarray(
        cv2.dilate(steepest.astype(np.float32), np.ones((3, 3), np.uint8)), np.float32
    )
