"""How a calibration does on labelled pairs, and whether another one does better."""

from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

from evidence.calibration import Calibration
from evidence.evaluate.rates import cllr

RESAMPLES = 1000  # of the bootstrap; chosen: the usual number for a 95 % interval
SEED = 0

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Score:
    """How one calibration did on the pairs.

    Attributes:
        cllr: cost of its log10 likelihood ratios: 0 is perfect, 1 says nothing.
        wrong_same: different products that it calls the same design.
        wrong_different: pairs of one design that it calls different products.
        left_open: pairs between both thresholds.
    """

    cllr: float
    wrong_same: int
    wrong_different: int
    left_open: int


def score(llr: Floats, same: Mask, thresholds: Calibration) -> Score:
    """Count what log10 likelihood ratios say at the thresholds, and what they cost.

    Args:
        llr: (N,) float64.
        same: (N,) bool, which pairs share a design; with both values.
        thresholds: the calibration that has them.
    """
    says_same, says_different = llr >= thresholds.same.llr, llr <= thresholds.different.llr
    return Score(
        _cost(llr, same),
        int((says_same & ~same).sum()),
        int((says_different & same).sum()),
        int((~says_same & ~says_different).sum()),
    )


def bound_change(before: Floats, after: Floats, same: Mask) -> tuple[float, float]:
    """Return the 95 % interval of the change of Cllr, had other such pairs been drawn.

    Pairs are drawn anew within their kind, the same ones for both. Pairs that share a photo
    are taken as independent, which makes the interval somewhat too narrow.

    Args:
        before: (N,) float64, log10 likelihood ratios by one calibration.
        after: the same pairs' by another.
        same: (N,) bool, which pairs share a design; with both values.

    Source:
        Percentile bootstrap; Efron and Tibshirani, An Introduction to the Bootstrap, 1993.
    """
    rng = np.random.default_rng(SEED)
    kinds = np.flatnonzero(same), np.flatnonzero(~same)
    changes = []
    for _ in range(RESAMPLES):
        drawn = np.concatenate([rng.choice(kind, len(kind)) for kind in kinds])
        changes.append(_cost(after[drawn], same[drawn]) - _cost(before[drawn], same[drawn]))
    low, high = np.quantile(changes, (0.025, 0.975))
    return round(float(low), 4), round(float(high), 4)


def _cost(llr: Floats, same: Mask) -> float:
    return cast(float, cllr(llr[same], llr[~same]))  # None only without pairs of a kind
