"""Is one photo a copy of the other's file, saved again, shrunk or cropped, and no new exposure?

Two exposures of one item differ: the camera moved, so that no turn and scale lays one on the
other to the pixel, and light, hands and ground moved too. A copy of one exposure fits everywhere.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from evidence.comparison.matching import compare_descriptors, match_features
from evidence.photo.reading import Reading
from evidence.settings import Settings


@dataclass(frozen=True, slots=True)
class Exposure:
    """How well one photo lies on the other by a turn, a scale and a shift alone.

    Attributes:
        same: it fits everywhere to less than a pixel: one exposure.
        matches: details that both photos have.
        share: of them that fit to a pixel, in [0, 1].
        error_px: root mean square error of those, pixels of the reference's view.
        agreement: correlation of what both pictures show, in blocks, lowest tenth; 0 where
            nothing is to be laid on each other.
    """

    same: bool
    matches: int
    share: float
    error_px: float
    agreement: float


NONE = Exposure(same=False, matches=0, share=0.0, error_px=0.0, agreement=0.0)


def find_same_exposure(reference: Reading, query: Reading, *, settings: Settings) -> Exposure:
    """Lay the whole query on the whole reference, ground and hands included.

    Args:
        reference: one photo.
        query: the other.
        settings: every threshold.
    """
    wanted = settings.exposure
    similarity = compare_descriptors(reference.features, query.features)
    matches = match_features(
        reference.features, query.features, similarity, max_ratio=settings.matching.max_ratio
    )
    if len(matches) < wanted.least_matches:
        return NONE
    found, mask = cv2.estimateAffinePartial2D(
        matches.query,
        matches.reference,
        method=cv2.RANSAC,
        ransacReprojThreshold=wanted.fits_px,
        maxIters=5000,
        confidence=0.999,
    )
    if found is None:
        return NONE
    reference_from_query = np.asarray(found, np.float64)
    kept = np.asarray(mask).ravel() > 0
    misses = matches.query @ reference_from_query[:, :2].T + reference_from_query[:, 2]
    errors = np.hypot(*(misses - matches.reference).T)
    share, error = float(kept.mean()), float(np.sqrt(np.mean(errors[kept] ** 2)))
    agreement = 0.0
    if share >= wanted.least_share:
        agreement = _agreement(reference.view(), query.view(), reference_from_query)
    return Exposure(
        same=share >= wanted.least_share
        and error <= wanted.most_error_px
        and agreement >= wanted.least_agreement,
        matches=len(matches),
        share=share,
        error_px=error,
        agreement=agreement,
    )


BLOCK = 32  # side of a block, pixels of the reference's view
LIVELY = 6.0  # levels of 255 that a block varies by at least; a plain one tells nothing
LEAST_BLOCKS = 20


def _agreement(
    reference: NDArray[np.uint8],
    query: NDArray[np.uint8],
    reference_from_query: NDArray[np.float64],
) -> float:
    """Return the lowest tenth of the blocks' correlations; what was written over is passed."""
    size = reference.shape[1], reference.shape[0]
    laid = cv2.warpAffine(query, reference_from_query, size, flags=cv2.INTER_AREA)
    seen = cv2.warpAffine(np.full(query.shape[:2], 255, np.uint8), reference_from_query, size)
    pictures = [
        cv2.GaussianBlur(cv2.cvtColor(one, cv2.COLOR_RGB2GRAY), (0, 0), 2.0).astype(np.float32)
        for one in (reference, np.asarray(laid, np.uint8))
    ]
    rows, columns = reference.shape[0] // BLOCK, reference.shape[1] // BLOCK
    blocks = [_blocks(one, rows, columns) for one in (*pictures, seen.astype(np.float32))]
    whole = blocks[2].min(axis=1) > 254
    first, second = (one[whole] - one[whole].mean(axis=1, keepdims=True) for one in blocks[:2])
    spreads = [np.sqrt((one**2).mean(axis=1)) for one in (first, second)]
    lively = np.maximum(*spreads) > LIVELY
    if np.count_nonzero(lively) < LEAST_BLOCKS:
        return 0.0
    products = (first * second).mean(axis=1)[lively]
    return float(np.quantile(products / np.maximum(spreads[0] * spreads[1], 1e-3)[lively], 0.1))


def _blocks(picture: NDArray[np.float32], rows: int, columns: int) -> NDArray[np.float32]:
    cut = picture[: rows * BLOCK, : columns * BLOCK].reshape(rows, BLOCK, columns, BLOCK)
    return np.asarray(cut.transpose(0, 2, 1, 3).reshape(rows * columns, -1), np.float32)
