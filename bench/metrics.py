"""How well scores separate pairs that share a design from pairs that do not."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import rankdata

from evidence.evaluate import Rate, clopper_pearson


@dataclass(frozen=True, slots=True)
class Area:
    """Area under the ROC curve with its 95 % interval."""

    auc: float
    low: float
    high: float


def measure_area(same: Sequence[float], different: Sequence[float]) -> Area:
    """Return the chance that a same pair scores above a different one; ties count half.

    Args:
        same: m scores of pairs that share a design, m > 1.
        different: n scores of pairs that do not, n > 1.

    Returns:
        The area; the interval takes the pairs for independent, which pairs that have a
        photo in common are not, and has no width at an area of 0 or 1.

    Raises:
        ValueError: a side has fewer than two pairs.

    Source:
        DeLong, DeLong and Clarke-Pearson, Biometrics 1988; by mid-ranks as Sun and Xu, 2014.
    """
    m, n = len(same), len(different)
    if min(m, n) < 2:
        raise ValueError("two pairs of each kind are needed")
    ranks = rankdata([*same, *different])
    above = (ranks[:m] - rankdata(same)) / n  # of each same pair: share of different ones below
    below = 1 - (ranks[m:] - rankdata(different)) / m  # of each different pair: same ones above
    auc = float(above.mean())
    error = float(np.sqrt(above.var(ddof=1) / m + below.var(ddof=1) / n))
    low, high = max(0.0, auc - 1.96 * error), min(1.0, auc + 1.96 * error)
    return Area(round(auc, 4), round(low, 4), round(high, 4))


def find_threshold(same: Sequence[float], allowed: float) -> float:
    """Return the largest score below which at most the allowed share of same pairs lies.

    Args:
        same: scores of pairs that share a design; a pair is flagged strictly below.
        allowed: share that may be flagged wrongly, in [0, 1).
    """
    return sorted(same)[int(allowed * len(same) + 1e-9)]


def count_caught(scores: Sequence[float], threshold: float) -> Rate | None:
    """Return the share of scores strictly below the threshold, None of no scores."""
    return clopper_pearson(sum(s < threshold for s in scores), len(scores)) if scores else None
