"""Find the map that lays a query's view on its reference's view.

Points are (x, y) in pixels; (0, 0) is the centre of the top-left pixel. A map is
named for what it gives from what it takes, so c_from_a = c_from_b @ b_from_a.
"""

from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from evidence.comparison.matching import Homography, Matches


@dataclass(frozen=True, slots=True, eq=False)
class Alignment:
    """A plane-to-plane map that many matches agree on.

    Attributes:
        reference_from_query: (3, 3) float64 homography with last entry 1.
        inliers: the matches that the map explains.
        rms_error: root mean square error of the inliers, in reference pixels.
    """

    reference_from_query: Homography
    inliers: Matches
    rms_error: float


@dataclass(frozen=True, slots=True)
class Unaligned:
    """No map can be trusted: weak evidence, not a failure of the program."""

    reason: Literal["too few matches", "too few inliers", "not a flat item"]


def align(
    matches: Matches, *, max_error: float, min_inliers: int, max_stretch: float
) -> Alignment | Unaligned:
    """Estimate the homography that takes query points to reference points.

    Args:
        matches: M putative matches; M may be 0.
        max_error: largest error of an inlier, in reference pixels, above 0.
        min_inliers: fewest inliers that make the map trustworthy, at least 4.
        max_stretch: largest ratio between the map's scales, over directions at one place
            and between places, at the inliers; a flat item seen by a camera stays below.

    Returns:
        The alignment, or why there is none; the same matches give the same result.

    Raises:
        ValueError: a setting is out of range.

    Source:
        MAGSAC++: Barath et al., CVPR 2020, arXiv:1912.05909.
    """
    if max_error <= 0 or min_inliers < 4 or max_stretch <= 1:
        raise ValueError(f"out of range: {max_error=}, {min_inliers=}, {max_stretch=}")
    if len(matches) < min_inliers:
        return Unaligned("too few matches")
    found, mask = cv2.findHomography(
        matches.query, matches.reference, cv2.USAC_MAGSAC, max_error, maxIters=5000
    )
    if found is None or np.count_nonzero(mask) < min_inliers:
        return Unaligned("too few inliers")
    homography = np.asarray(found, np.float64)
    inliers = matches.where(np.asarray(mask).ravel() > 0)
    if not is_flat_view(homography, inliers.query, max_stretch):
        return Unaligned("not a flat item")
    misses = project(inliers.query, homography) - inliers.reference
    rms_error = float(np.sqrt(np.mean(np.sum(misses**2, axis=1))))
    return Alignment(homography, inliers, rms_error)


def is_flat_view(homography: Homography, points: NDArray[np.floating], max_stretch: float) -> bool:
    """Say whether a camera can see a flat item so: no mirror, sane scale and perspective.

    The map's derivative at each point has singular values s1 >= s2 > 0 and a positive
    determinant; s1 / s2 is the foreshortening there and sqrt(s1 s2) the scale.
    """
    x, y = np.asarray(points, np.float64).T
    w = homography[2, 0] * x + homography[2, 1] * y + homography[2, 2]
    if np.any(w <= 1e-6):
        return False
    u, v = project(points, homography).T
    derivative = np.empty((len(x), 2, 2))
    for row, value in enumerate((u, v)):
        for column in range(2):
            derivative[:, row, column] = (
                homography[row, column] - value * homography[2, column]
            ) / w
    if np.any(np.linalg.det(derivative) <= 0):
        return False
    singular = np.linalg.svd(derivative, compute_uv=False)
    scale = np.sqrt(singular[:, 0] * singular[:, 1])
    return bool(
        np.max(singular[:, 0] / np.maximum(singular[:, 1], 1e-12)) <= max_stretch
        and scale.max() / scale.min() <= max_stretch
    )


def is_flat_item(homography: Homography, corners: NDArray[np.floating], max_stretch: float) -> bool:
    """Say whether a camera can see the whole item so, not only the part with inliers.

    A map that hangs on a text box can be sane there and fold the rest of the card away.

    Args:
        homography: takes query points to reference points.
        corners: (4, 2) of the item in the reference's view.
        max_stretch: as for ``align``.
    """
    query_from_reference = np.linalg.inv(homography)
    xyw = np.column_stack([corners, np.ones(len(corners))]) @ query_from_reference.T
    if not (np.all(xyw[:, 2] > 0) or np.all(xyw[:, 2] < 0)):
        return False  # a corner lies behind the camera
    return is_flat_view(homography, xyw[:, :2] / xyw[:, 2:], max_stretch)


def project(points: NDArray[np.floating], b_from_a: Homography) -> NDArray[np.float64]:
    """Map (N, 2) points of view a to points of view b; N may be 0."""
    xyw = points @ b_from_a[:, :2].T + b_from_a[:, 2]
    return np.asarray(xyw[:, :2] / xyw[:, 2:], np.float64)
