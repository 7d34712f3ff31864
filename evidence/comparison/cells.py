"""A coarse grid over a picture: what changes slowly is found on it and spread again."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

FloatMap = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Cells:
    """Cells of about one millimetre.

    Attributes:
        size: (width, height) of the picture in pixels.
        shape: (rows, columns) of the grid.
        mm: side of a cell.
    """

    size: tuple[int, int]
    shape: tuple[int, int]
    mm: float

    @property
    def px(self) -> float:
        """Pixels along a cell."""
        return self.size[1] / self.shape[0]

    def doubled(self) -> "Cells":
        """Return cells twice as wide and high, for what changes more slowly."""
        rows, columns = (max(1, round(count / 2)) for count in self.shape)
        return Cells(self.size, (rows, columns), self.mm * self.shape[0] / rows)

    def mean(self, values: FloatMap, sigma_mm: float) -> FloatMap:
        """(R, C) mean of a picture's values about each cell, by a Gaussian window."""
        grid = cv2.resize(values, self.shape[::-1], interpolation=cv2.INTER_AREA)
        return self.smooth(np.asarray(grid, np.float32), sigma_mm)

    def smooth(self, grid: FloatMap, sigma_mm: float) -> FloatMap:
        """(R, C) smoothed."""
        soft = cv2.GaussianBlur(grid, (0, 0), sigma_mm / self.mm, borderType=cv2.BORDER_REFLECT)
        return np.asarray(soft, np.float32)

    def spread(self, grid: FloatMap) -> FloatMap:
        """(H, W) picture of a grid's values."""
        return np.asarray(cv2.resize(grid, self.size), np.float32)

    def move(self, picture: FloatMap, displacement: FloatMap) -> FloatMap:
        """(H, W) of a picture, read where the displacement (2, R, C) says."""
        width, height = self.size
        x = self.spread(displacement[0]) + np.arange(width, dtype=np.float32)
        y = self.spread(displacement[1]) + np.arange(height, dtype=np.float32)[:, None]
        moved = cv2.remap(picture, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        return np.asarray(moved, np.float32)
