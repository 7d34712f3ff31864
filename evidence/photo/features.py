"""Detect and describe the keypoints of a photo."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Features:
    """Local features of one photo.

    Attributes:
        keypoints: (N, 2) float32 points (x, y), in pixels of the reading's view.
        descriptors: (N, 128) uint8 RootSIFT, scaled by 255; rows of nearly equal length.
    """

    keypoints: NDArray[np.float32]
    descriptors: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.keypoints)


def extract_features(
    view: NDArray[np.uint8], part: tuple[slice, slice], *, side: int, max_keypoints: int
) -> Features:
    """Find SIFT keypoints at a fixed size and report them in pixels of the view.

    Args:
        view: (H, W, 3) uint8 RGB.
        part: rows and columns to look at.
        side: longer side of that part to shrink to first, in pixels; never enlarged.
        max_keypoints: keep this many of the strongest keypoints.

    Returns:
        N features; N is 0 for a view without texture.

    Source:
        SIFT: Lowe, IJCV 2004. RootSIFT: Arandjelovic and Zisserman, CVPR 2012.
    """
    rows, columns = part
    gray = cv2.cvtColor(view[part], cv2.COLOR_RGB2GRAY)
    scale = min(1.0, max(side / max(gray.shape), 1 / min(gray.shape)))  # a strip keeps a pixel
    small = cv2.resize(gray, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    sift = cv2.SIFT_create(  # type: ignore[attr-defined]
        max_keypoints,
        enable_precise_upscale=True,  # else off by 0.24 pixels
    )
    found, raw = sift.detectAndCompute(small, None)
    if not found:
        return Features(np.empty((0, 2), np.float32), np.empty((0, 128), np.uint8))
    points = np.array([k.pt for k in found], np.float32)
    # Threads find them in any order; ties at one place are told apart by the descriptor.
    order = np.lexsort((*raw.T[:4], points[:, 1], points[:, 0]))
    points, raw = points[order], raw[order]
    shrink = np.array([small.shape[1] / gray.shape[1], small.shape[0] / gray.shape[0]])
    corner = np.array([columns.start, rows.start])
    full = corner + (points + 0.5) / shrink - 0.5  # pixel centres, not corners, scale
    root = np.sqrt(raw / np.maximum(raw.sum(axis=1, keepdims=True), 1e-9))
    return Features(full.astype(np.float32), np.round(root * 255).astype(np.uint8))
