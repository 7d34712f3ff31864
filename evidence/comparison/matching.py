"""Match the keypoints of two readings by their descriptors."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evidence.photo.features import Features

Homography = NDArray[np.float64]
Similarity = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Matches:
    """Putative matches: row i of ``query`` goes with row i of ``reference``.

    Attributes:
        query: (M, 2) float32 points (x, y) of the query's view, in pixels.
        reference: (M, 2) float32 points (x, y) of the reference's view, in pixels.
    """

    query: NDArray[np.float32]
    reference: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.query)

    def where(self, keep: NDArray[np.bool_]) -> "Matches":
        """Return the matches that (M,) bool ``keep`` marks."""
        return Matches(self.query[keep], self.reference[keep])


def compare_descriptors(reference: Features, query: Features) -> Similarity:
    """Return the (query, reference) float32 cosines of all descriptors, in [0, 1].

    The dot products are sums of whole numbers below 2^24, which float32 adds exactly in any
    order: the same on every machine and with every number of threads.
    """
    there, back = (f.descriptors.astype(np.float32) for f in (query, reference))
    lengths = [np.sqrt((rows**2).sum(axis=1, dtype=np.float64)) for rows in (there, back)]
    scale = np.outer(*(np.maximum(length, 1.0) for length in lengths))
    return np.asarray(there @ back.T / scale, np.float32)


def match_features(
    reference: Features, query: Features, similarity: Similarity, *, max_ratio: float
) -> Matches:
    """Keep mutual nearest neighbours that pass the ratio test both ways.

    Args:
        reference: N features; N may be 0.
        query: N' features; N' may be 0.
        similarity: (N', N) cosines of their descriptors.
        max_ratio: largest best / second-best descriptor distance, in (0, 1].

    Source:
        Ratio test: Lowe, IJCV 2004, section 7.1.
    """
    if min(similarity.shape) < 2:
        return Matches(np.empty((0, 2), np.float32), np.empty((0, 2), np.float32))
    nearest, passes = _nearest(similarity, max_ratio)
    nearest_back, passes_back = _nearest(similarity.T, max_ratio)
    mutual = passes & passes_back[nearest] & (nearest_back[nearest] == np.arange(len(nearest)))
    return Matches(query.keypoints[mutual], reference.keypoints[nearest[mutual]])


def match_near(
    reference: Features,
    query: Features,
    similarity: Similarity,
    reference_from_query: Homography,
    *,
    radius: float,
    min_similarity: float,
) -> Matches:
    """Keep mutual nearest descriptors among those that a map lays close together.

    Where a map is known, a keypoint needs to stand out only among its neighbours, so far
    more matches are found than by the ratio test, and no look-alike far away competes.

    Args:
        reference: N features; N may be 0.
        query: N' features; N' may be 0.
        similarity: (N', N) cosines of their descriptors.
        reference_from_query: the map to look along.
        radius: how far from its mapped place a match may lie, in reference pixels.
        min_similarity: least cosine of a match, in [0, 1].
    """
    if min(similarity.shape) < 1:
        return Matches(np.empty((0, 2), np.float32), np.empty((0, 2), np.float32))
    xyw = np.column_stack([query.keypoints, np.ones(len(query))]) @ reference_from_query.T
    with np.errstate(divide="ignore", invalid="ignore"):
        mapped = xyw[:, :2] / xyw[:, 2:]
    mapped = np.where((xyw[:, 2:] > 0) & np.isfinite(mapped), mapped, 1e6).astype(np.float32)
    near = np.abs(mapped[:, None, 0] - reference.keypoints[None, :, 0]) < radius
    near &= np.abs(mapped[:, None, 1] - reference.keypoints[None, :, 1]) < radius
    close = np.where(near, similarity, np.float32(-1))
    nearest, back = np.argmax(close, axis=1), np.argmax(close, axis=0)
    rows = np.arange(len(nearest))
    keep = (close[rows, nearest] >= min_similarity) & (back[nearest] == rows)
    return Matches(query.keypoints[keep], reference.keypoints[nearest[keep]])


def _nearest(
    similarity: Similarity, max_ratio: float
) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """Return each row's best column and whether it beats the second by the ratio."""
    nearest = np.argmax(similarity, axis=1)
    two = np.partition(similarity, similarity.shape[1] - 2, axis=1)[:, -2:]
    # the squared distance of unit rows is 2 - 2 cosine
    return nearest, (1 - two[:, 1]) < max_ratio**2 * (1 - two[:, 0])
