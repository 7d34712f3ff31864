"""Two pictures of one item, brought to one sharpness."""

import cv2
import numpy as np
from numpy.typing import NDArray

FloatMap = NDArray[np.float32]


def make_equally_sharp(one: FloatMap, other: FloatMap, seen: FloatMap) -> tuple[FloatMap, FloatMap]:
    """Blur both a little, the sharper one until both are about alike.

    Args:
        one: (H, W) float32 lightness of the item.
        other: the same of the other photo, in the same place.
        seen: (H, W) float32, 1 where both show it; what lies outside has no say.
    """
    pair = [np.asarray(cv2.GaussianBlur(it, (0, 0), 0.8), np.float32) for it in (one, other)]
    inside = np.asarray(cv2.erode(seen, np.ones((5, 5), np.uint8)), np.uint8)
    for _ in range(6):
        edges = [_edge(picture, inside) for picture in pair]
        sharper = int(edges[1] > edges[0])
        if edges[sharper] <= 1.1 * edges[1 - sharper]:
            break
        pair[sharper] = np.asarray(cv2.GaussianBlur(pair[sharper], (0, 0), 0.6), np.float32)
    return pair[0], pair[1]


def _edge(picture: FloatMap, inside: NDArray[np.uint8]) -> float:
    """Fine detail against less fine detail."""
    soft = cv2.GaussianBlur(picture, (0, 0), 1.0)
    fine = cv2.norm(picture, soft, cv2.NORM_L1, inside)
    broad = cv2.norm(soft, cv2.GaussianBlur(soft, (0, 0), 2.0), cv2.NORM_L1, inside)
    return fine / max(broad, 1.0)
