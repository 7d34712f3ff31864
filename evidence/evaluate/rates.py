"""Rates with their bounds, and what log10 likelihood ratios cost."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import isotonic_regression
from scipy.special import betaincinv


@dataclass(frozen=True, slots=True)
class Rate:
    """A share with its 95 % bounds."""

    count: int
    total: int
    rate: float
    low: float
    high: float


def clopper_pearson(count: int, total: int, *, level: float = 0.95) -> Rate:
    """Return a share with its exact two-sided bounds.

    Args:
        count: how often it happened, in [0, total].
        total: how often it could have.
        level: of confidence, in (0, 1).

    Raises:
        ValueError: the counts are out of range.

    Source:
        Clopper and Pearson, Biometrika 1934.
    """
    if not 0 <= count <= total or total < 1:
        raise ValueError(f"out of range: {count=}, {total=}")
    tail = (1 - level) / 2
    low = float(betaincinv(count, total - count + 1, tail)) if count else 0.0
    high = float(betaincinv(count + 1, total - count, 1 - tail)) if count < total else 1.0
    return Rate(count, total, round(count / total, 4), round(low, 4), round(high, 4))


def cllr(same: Iterable[float], different: Iterable[float]) -> float | None:
    """Return the cost of log10 likelihood ratios: 0 is perfect, 1 says nothing.

    Args:
        same: llr of pairs that are the same.
        different: llr of pairs that are not.

    Returns:
        The cost, None where one side has no pair.

    Source:
        Brümmer and du Preez, Computer Speech and Language 2006.
    """
    for_same, for_other = np.array(list(same)), np.array(list(different))
    if not len(for_same) or not len(for_other):
        return None
    miss = np.log2(1 + 10.0**-for_same).mean()
    alarm = np.log2(1 + 10.0**for_other).mean()
    return round(float(miss + alarm) / 2, 4)


def min_cllr(same: Iterable[float], different: Iterable[float]) -> float | None:
    """Return the cost after the best monotone calibration: what only better evidence lowers.

    ``cllr`` less this is what better calibration would lower.

    Args:
        same: llr of pairs that are the same.
        different: llr of pairs that are not.

    Returns:
        The cost, None where one side has no pair.

    Source:
        Pool adjacent violators; Brümmer and du Preez, Computer Speech and Language 2006.
    """
    for_same, for_other = np.array(list(same)), np.array(list(different))
    if not len(for_same) or not len(for_other):
        return None
    calibrated = recalibrate(for_same, for_other)
    return cllr(calibrated[: len(for_same)], calibrated[len(for_same) :])


def recalibrate(same: NDArray[np.floating], different: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return the best monotone log10 likelihood ratios of (S,) and (D,) llr as (S + D,).

    Equal llr stay equal; where only one side lies the result is infinite.
    """
    llr = np.concatenate([same, different])
    values, place, counts = np.unique(llr, return_inverse=True, return_counts=True)
    hits = np.bincount(place[: len(same)], minlength=len(values))
    share = np.clip(isotonic_regression(hits / counts, weights=counts).x, 0, 1)
    with np.errstate(divide="ignore"):
        odds = np.log10(share) - np.log10(1 - share)
    return np.asarray((odds - np.log10(len(same) / len(different)))[place], np.float64)
