"""Find patches that show nothing: blown or crushed ones, told from print, and blurred ones."""

import cv2
import numpy as np
from numpy.typing import NDArray

from evidence.settings import ReadingSettings


def find_patches(
    level: NDArray[np.uint8], *, least: int, settings: ReadingSettings
) -> NDArray[np.bool_]:
    """Find large patches near the end of the scale that fade out as light does.

    A reflection's brightness falls off over millimetres; a white border, text box or label
    ends within a fraction of one, at its frame, at its letters or at the item's edge, and
    where it does not end it stays as white as it is.

    Args:
        level: (H, W) uint8; the darkest channel for glare, 255 minus the brightest for darkness.
        least: smallest side of a patch in pixels.
        settings: thresholds of this stage.

    Returns:
        (H, W) bool.
    """
    blown = (level >= settings.blown).astype(np.uint8)
    core = cv2.morphologyEx(blown, cv2.MORPH_OPEN, np.ones((least, least), np.uint8))
    found = np.zeros(level.shape, bool)
    if not core.any():
        return found
    _, labels, stats, _ = cv2.connectedComponentsWithStats(blown)
    solid = np.bincount(labels[core > 0], minlength=len(stats))
    for label in np.flatnonzero(solid).tolist():
        x, y, width, height, area = stats[label].tolist()
        if label == 0 or solid[label] < settings.least_solid * area:
            continue
        rows = slice(max(0, y - 2 * least), y + height + 2 * least)
        columns = slice(max(0, x - 2 * least), x + width + 2 * least)
        patch = labels[rows, columns] == label
        if _fades(level[rows, columns], patch, least, settings):
            found[rows, columns] |= patch
    return found


def find_blurred(
    rectified: NDArray[np.uint8],
    half: NDArray[np.uint8],
    cells: tuple[int, int],
    least_sharpness: float,
) -> NDArray[np.bool_]:
    """Say which cells have far less fine than coarse detail, by the item's sharpest parts.

    Where there is no coarse detail, nothing can be blurred and nothing is said.

    Args:
        rectified: (H, W, 3) uint8 RGB, the item seen straight on.
        half: the same at half the size.
        cells: (columns, rows) of the grid, each cell about 2 mm.
        least_sharpness: ratio of fine to coarse detail, as a share of the sharpest tenth's.

    Returns:
        (rows, columns) bool.
    """
    size = max(1, half.shape[1] // 2), max(1, half.shape[0] // 2)
    quarter = np.asarray(cv2.resize(half, size, interpolation=cv2.INTER_AREA), np.uint8)
    fine = _band(rectified, 0.5, 1.0, cells)
    coarse = _band(quarter, 0.5, 4.0, cells)  # wide: a strong blur takes all but the coarsest
    told = coarse > 3  # levels; less is noise and JPEG's blocks
    sharpness = fine / np.maximum(coarse, 1e-6)
    if np.count_nonzero(told) < 4:
        return np.zeros(told.shape, bool)
    sharpest = np.quantile(sharpness[told], 0.9)
    low = (told & (sharpness < least_sharpness * sharpest)).astype(np.uint8)
    return np.asarray(cv2.morphologyEx(low, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8)) > 0)


def _band(
    picture: NDArray[np.uint8], low: float, high: float, cells: tuple[int, int]
) -> NDArray[np.float32]:
    """Return the root mean square between two Gaussian blurs, over 12 mm about each cell."""
    gray = np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)).astype(np.float32)
    band = cv2.GaussianBlur(gray, (0, 0), low) - cv2.GaussianBlur(gray, (0, 0), high)
    power = cv2.resize(band * band, cells, interpolation=cv2.INTER_AREA)
    mean = np.maximum(cv2.blur(power, (7, 7)), 0)  # its running sum may end just below
    return np.asarray(np.sqrt(mean), np.float32)


def _fades(
    level: NDArray[np.uint8], patch: NDArray[np.bool_], least: int, settings: ReadingSettings
) -> bool:
    """Say whether the patch's surroundings are nearly as extreme, and less so farther out."""
    grown = [_grow(patch, part * least) for part in (0.4, 1.0, 1.75)]
    near, far = level[grown[0] & ~patch], level[grown[2] & ~grown[1]]
    if not near.size or not far.size:  # all of it: overexposed, or a white item
        return False
    abrupt = np.mean(near < settings.blown - settings.abrupt)
    return bool(abrupt <= settings.most_abrupt and np.median(far) < np.median(near))


def _grow(patch: NDArray[np.bool_], reach: float) -> NDArray[np.bool_]:
    size = 2 * max(1, round(reach)) + 1
    return np.asarray(cv2.dilate(patch.astype(np.uint8), np.ones((size, size), np.uint8)) > 0)
