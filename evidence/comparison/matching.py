"""Match the keypoints of two readings by their descriptors."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import KDTree

from evidence.photo.features import Features

Homography = NDArray[np.float64]
Similarity = NDArray[np.float32]

FAR_AWAY = 1e6  # where points go that a map sends behind the camera


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
    (there, lengths), (back, others) = _measured(query), _measured(reference)
    similarity = there @ back.T
    similarity /= lengths[:, None]
    similarity /= others
    return np.asarray(similarity, np.float32)


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
    rows = np.arange(len(similarity))
    nearest = np.argmax(similarity, axis=1)
    best = similarity[rows, nearest]
    mutual = best == similarity.max(axis=0)[nearest]
    mutual &= np.bincount(nearest[mutual], minlength=similarity.shape[1])[nearest] == 1  # no twins
    others = similarity.copy()
    others[rows[mutual], nearest[mutual]] = -1
    second = np.maximum(others.max(axis=1), others.max(axis=0)[nearest])
    # the squared distance of unit rows is 2 - 2 cosine
    keep = mutual & ((1 - best) < max_ratio**2 * (1 - second))
    return Matches(query.keypoints[keep], reference.keypoints[nearest[keep]])


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
    xyw = np.column_stack([query.keypoints, np.ones(len(query))]) @ reference_from_query.T
    with np.errstate(divide="ignore", invalid="ignore"):
        mapped = xyw[:, :2] / xyw[:, 2:]
    mapped = np.where((xyw[:, 2:] > 0) & np.isfinite(mapped), mapped, FAR_AWAY)
    rows, columns = _near(mapped, reference, radius)
    cosines = similarity[rows, columns]
    alike = cosines >= min_similarity
    rows, columns, cosines = rows[alike], columns[alike], cosines[alike]
    keep = _first_of_each(rows, cosines) & _first_of_each(columns, cosines)
    return Matches(query.keypoints[rows[keep]], reference.keypoints[columns[keep]])


@lru_cache(maxsize=4)  # a photo is held against several, and along several maps
def _measured(features: Features) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return descriptors as float32, and their lengths."""
    rows = features.descriptors.astype(np.float32)
    return rows, np.maximum(np.sqrt((rows**2).sum(axis=1)), np.float32(1.0))


@lru_cache(maxsize=4)
def _tree(features: Features) -> KDTree:
    return KDTree(features.keypoints)


def _near(
    points: NDArray[np.floating], others: Features, radius: float
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the indices of points and keypoints that lie within the radius of each other."""
    if not len(points) or not len(others):
        return np.empty(0, np.intp), np.empty(0, np.intp)
    near = KDTree(points).sparse_distance_matrix(_tree(others), radius, output_type="ndarray")
    return near["i"], near["j"]


def _first_of_each(groups: NDArray[np.intp], values: NDArray[np.floating]) -> NDArray[np.bool_]:
    """Mark in every group the entry of largest value; of equal ones the first."""
    order = np.lexsort((np.arange(len(groups)), -values, groups))
    ordered = groups[order]
    first = np.ones(len(groups), bool)
    first[1:] = ordered[1:] != ordered[:-1]
    marked = np.zeros(len(groups), bool)
    marked[order[first]] = True
    return marked
