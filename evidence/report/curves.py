"""The numbers behind the plots, from log10 likelihood ratios alone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evidence.evaluate.rates import clopper_pearson

Points = NDArray[np.float64]  # (N, 2): x, y


@dataclass(frozen=True, slots=True)
class Bin:
    """What was observed among pairs with about the same llr.

    Attributes:
        llr: mean of the bin's pairs.
        same, total: pairs that share a design, and all.
        observed: log10 likelihood ratio that the counts show; infinite with one side empty.
        low, high: its 95 % bounds; infinite where the counts set none.
    """

    llr: float
    same: int
    total: int
    observed: float
    low: float
    high: float


def det_points(same: Sequence[float], different: Sequence[float]) -> Points:
    """Return (false match rate, false non-match rate) for every threshold, lowest first.

    A pair is called the same from the threshold on. The points step from (1, 0) to (0, 1).
    """
    thresholds = np.append(np.unique([*same, *different]), np.inf)
    false_match = at_least(different, thresholds)
    missed = 1 - at_least(same, thresholds)
    return np.column_stack([false_match, missed])


def tippett_points(llr: Sequence[float]) -> Points:
    """Return (llr, share of pairs with at least that) where the share changes, as steps."""
    values = np.unique(llr)
    shares = at_least(llr, np.append(values, np.inf))
    steps = [(value, share) for at, value in enumerate(values) for share in shares[at : at + 2]]
    return np.array(steps, np.float64).reshape(-1, 2)


def at_least(llr: Sequence[float], thresholds: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the share of llr that is at least each threshold, (T,) in [0, 1]."""
    below = np.searchsorted(np.sort(llr), thresholds, side="left")
    return np.asarray((len(llr) - below) / len(llr), np.float64)


def reliability_bins(
    same: Sequence[float], different: Sequence[float], *, width: float
) -> Iterator[Bin]:
    """Yield what was observed in each occupied bin of llr, lowest first.

    The observed odds are divided by those of the whole set, so that they can be held
    against the llr whatever the shares of the two kinds of pairs are.

    Args:
        same: llr of pairs that share a design, at least one.
        different: llr of pairs that do not, at least one.
        width: of a bin, in log10 units; a bin is centred on 0.
    """
    prior = np.log10(len(same) / len(different))
    llr = np.array([*same, *different])
    place = np.round(llr / width).astype(int)
    is_same = np.arange(len(llr)) < len(same)
    for number in np.unique(place):
        inside = place == number
        rate = clopper_pearson(int(np.sum(inside & is_same)), int(np.sum(inside)))
        observed, low, high = (
            _log_odds(share) - prior for share in (rate.count / rate.total, rate.low, rate.high)
        )
        yield Bin(float(llr[inside].mean()), rate.count, rate.total, observed, low, high)


def _log_odds(share: float) -> float:
    if share <= 0:
        return -np.inf
    return np.inf if share >= 1 else float(np.log10(share / (1 - share)))
