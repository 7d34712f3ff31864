"""Keypoints as most programs use them: the share of good matches, the number of inliers."""

import cv2
import numpy as np
from numpy.typing import NDArray

from bench.rule import Features, view

MAX_KEYPOINTS = 2000
MAX_ERROR = 3.0  # of an inlier, pixels; OpenCV's default


class SiftRatioShare:
    """Share of the reference's keypoints whose match passes the ratio test."""

    name = "sift-share"
    title = "SIFT ratio share"
    source = "Lowe, IJCV 2004, ratio 0.75; what the nearest open project thresholds"

    def prepare(self, data: bytes) -> Features:
        """Find and describe keypoints."""
        finder = cv2.SIFT_create(MAX_KEYPOINTS)  # type: ignore[attr-defined]
        return describe(view(data), finder)

    def score(self, reference: Features, query: Features) -> float:
        """Return the share, in [0, 1]."""
        total = len(reference["points"])
        return len(match(reference, query, 0.75, cv2.NORM_L2)[0]) / max(total, 1)


class SiftMagsac(SiftRatioShare):
    """SIFT matches that one homography explains."""

    name = "sift-magsac"
    title = "SIFT + MAGSAC++ inliers"
    source = "Lowe, IJCV 2004, ratio 0.8; Barath et al., CVPR 2020"

    def score(self, reference: Features, query: Features) -> float:
        """Return the number of inliers."""
        pairs = match(reference, query, 0.8, cv2.NORM_L2)
        return count_inliers(*pairs, cv2.USAC_MAGSAC)


class OrbRansac:
    """ORB matches that one homography explains."""

    name = "orb-ransac"
    title = "ORB + RANSAC inliers"
    source = "Rublee et al., ICCV 2011, ratio 0.75; Fischler and Bolles, CACM 1981"

    def prepare(self, data: bytes) -> Features:
        """Find and describe keypoints."""
        return describe(view(data), cv2.ORB_create(MAX_KEYPOINTS))  # type: ignore[attr-defined]

    def score(self, reference: Features, query: Features) -> float:
        """Return the number of inliers."""
        pairs = match(reference, query, 0.75, cv2.NORM_HAMMING)
        return count_inliers(*pairs, cv2.RANSAC)


def describe(pixels: NDArray[np.uint8], finder: cv2.Feature2D) -> Features:
    """Return the points and descriptors that the finder sees in the grey picture."""
    found, rows = finder.detectAndCompute(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), None)
    if not found:
        return {"points": np.empty((0, 2), np.float32), "descriptors": np.empty((0, 1), np.uint8)}
    return {"points": np.array([k.pt for k in found], np.float32), "descriptors": rows}


def match(
    reference: Features, query: Features, ratio: float, norm: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the points, of the reference and of the query, that pass Lowe's ratio test."""
    if min(len(reference["points"]), len(query["points"])) < 2:
        return np.empty((0, 2), np.float32), np.empty((0, 2), np.float32)
    both = cv2.BFMatcher(norm).knnMatch(reference["descriptors"], query["descriptors"], 2)
    good = [best for best, second in both if best.distance < ratio * second.distance]
    return (
        reference["points"][[m.queryIdx for m in good]],
        query["points"][[m.trainIdx for m in good]],
    )


def count_inliers(reference: NDArray[np.float32], query: NDArray[np.float32], method: int) -> float:
    """Return how many matches one homography explains, 0 where none is found."""
    if len(query) < 4:
        return 0.0
    _, mask = cv2.findHomography(query, reference, method, MAX_ERROR)
    return 0.0 if mask is None else float(np.count_nonzero(mask))
