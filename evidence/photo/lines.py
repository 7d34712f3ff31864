"""Find the straight lines of a picture and where along them edges are."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """N straight lines, those with the most edge first.

    Line i holds the points with ``normals[i] @ (x, y) == offsets[i]``; positions along it are
    ``directions[i] @ (x, y)``.

    Attributes:
        normals: (N, 2) float64, of unit length.
        offsets: (N,) float64, in pixels.
        covered: (N, 2 R) int64; ``covered[i, t + R]`` counts the pixels of edge up to t.
    """

    normals: NDArray[np.float64]
    offsets: NDArray[np.float64]
    covered: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.offsets)

    @property
    def directions(self) -> NDArray[np.float64]:
        """(N, 2) float64, of unit length, along each line."""
        return np.column_stack([self.normals[:, 1], -self.normals[:, 0]])

    def edge_between(
        self, lines: NDArray[np.intp], start: NDArray[np.float64], end: NDArray[np.float64]
    ) -> NDArray[np.int64]:
        """Count the pixels of edge on lines between two points of each.

        Args:
            lines: (...) indices of lines.
            start: (..., 2) points (x, y) on them.
            end: (..., 2) points (x, y) on them.
        """
        along = self.directions[lines]
        positions = np.stack([(start * along).sum(-1), (end * along).sum(-1)])
        low, high = np.sort(np.round(positions).astype(int), axis=0) + self.covered.shape[1] // 2
        last = self.covered.shape[1] - 1
        found = self.covered[lines, high.clip(0, last)] - self.covered[lines, low.clip(0, last)]
        return np.asarray(found)


def find_lines(
    picture: NDArray[np.uint8],
    *,
    min_length: float,
    tolerance: float,
    most_segments: int,
    most: int,
) -> Lines:
    """Join the straight segments that lie on one line.

    Args:
        picture: (H, W, 3) uint8 RGB.
        min_length: shortest segment that counts, in pixels.
        tolerance: how far from a line the ends of its segments may lie, in pixels.
        most_segments: how many of the longest segments to look at.
        most: how many lines to keep.

    Source:
        Segments: LSD, Grompone von Gioi et al., PAMI 2010; in lightness and both colour axes,
        since a card and its ground can be equally light.
    """
    segments = _segments(picture, min_length)[:most_segments]
    start, end = segments[:, :2], segments[:, 2:]
    length = np.hypot(*(end - start).T)
    normals = np.column_stack([start[:, 1] - end[:, 1], end[:, 0] - start[:, 0]])
    normals /= np.maximum(length, 1e-9)[:, None]
    reach = int(np.ceil(np.hypot(*picture.shape[:2]))) + 2
    groups = _groups(start, end, normals, tolerance)
    groups.sort(key=lambda group: -length[group].sum())
    kept: list[tuple[NDArray[np.float64], float, NDArray[np.int64]]] = []
    for group in groups[: 2 * most]:  # overlapping segments count once, so the order may change
        low, high, weight = start[group], end[group], np.tile(length[group], 2)
        normal, offset = _fit(np.concatenate([low, high]), weight, normals[group[0]])
        along = np.array([normal[1], -normal[0]])
        kept.append((normal, offset, _cover(low @ along, high @ along, reach)))
    kept.sort(key=lambda line: -line[2][-1])
    kept = kept[:most]
    return Lines(
        np.array([line[0] for line in kept]).reshape(-1, 2),
        np.array([line[1] for line in kept]),
        np.array([line[2] for line in kept], np.int64).reshape(len(kept), 2 * reach),
    )


def _segments(picture: NDArray[np.uint8], min_length: float) -> NDArray[np.float64]:
    """Return (N, 4) segments x1, y1, x2, y2 of lightness and both colour axes, longest first.

    Colour is searched at half size: JPEG keeps no more of it.
    """
    detector = cv2.createLineSegmentDetector(cv2.LSD_REFINE_STD)
    found = [np.empty((0, 4))]
    lightness, *colours = cv2.split(cv2.cvtColor(picture, cv2.COLOR_RGB2LAB))
    half = max(1, picture.shape[1] // 2), max(1, picture.shape[0] // 2)
    colours = [cv2.resize(colour, half, interpolation=cv2.INTER_AREA) for colour in colours]
    for channel in (lightness, *colours):
        stretched = cv2.normalize(channel, np.empty_like(channel), 0, 255, cv2.NORM_MINMAX)
        segments = detector.detect(np.asarray(stretched, np.uint8))[0]
        if segments is not None:
            scale = np.tile(np.array(picture.shape[1::-1]) / channel.shape[1::-1], 2)
            found.append((np.reshape(segments, (-1, 4)) + 0.5) * scale - 0.5)
    joined = np.concatenate(found)
    length = np.hypot(joined[:, 2] - joined[:, 0], joined[:, 3] - joined[:, 1])
    order = np.argsort(-length, kind="stable")[: np.count_nonzero(length >= min_length)]
    return np.asarray(joined[order], np.float64)


def _groups(
    start: NDArray[np.float64],
    end: NDArray[np.float64],
    normals: NDArray[np.float64],
    tolerance: float,
) -> list[NDArray[np.intp]]:
    """Gather the segments that lie along the same line, the longest of each first.

    Args:
        start: (N, 2) one end of the segments, the longest first.
        end: (N, 2) the other.
        normals: (N, 2) of unit length, across them.
        tolerance: distance in pixels of both ends from the longest one's line.
    """
    nx, ny = normals[:, :1], normals[:, 1:]
    middle = (nx * (start + end)[:, :1] + ny * (start + end)[:, 1:]) / 2
    near = np.abs(nx * start[:, 0] + ny * start[:, 1] - middle) < tolerance
    near &= np.abs(nx * end[:, 0] + ny * end[:, 1] - middle) < tolerance
    np.fill_diagonal(near, True)
    groups = []
    left = np.ones(len(start), bool)
    for seed in range(len(start)):
        if left[seed]:
            group = np.flatnonzero(near[seed] & left)
            left[group] = False
            groups.append(group)
    return groups


def _fit(
    points: NDArray[np.float64], weights: NDArray[np.float64], near: NDArray[np.float64]
) -> tuple[NDArray[np.float64], float]:
    """Fit a line by weighted total least squares; its normal points as ``near`` does."""
    weights = weights / weights.sum()
    centre = (points * weights[:, None]).sum(0)
    x, y = (points - centre).T
    slope = np.arctan2(2 * (weights * x * y).sum(), (weights * (x * x - y * y)).sum()) / 2
    normal = np.array([-np.sin(slope), np.cos(slope)])
    if normal @ near < 0:
        normal = -normal
    return normal, float(normal @ centre)


def _cover(start: NDArray[np.float64], end: NDArray[np.float64], reach: int) -> NDArray[np.int64]:
    """Return the running count of edge over positions from -reach, segments one pixel longer."""
    edge = np.zeros(2 * reach, bool)
    for low, high in np.sort(np.column_stack([start, end]), axis=1):
        edge[max(0, round(low) + reach - 1) : round(high) + reach + 2] = True
    return np.cumsum(edge)
