"""Fit the weights of findings on labelled pairs, and judge each pair by the others' weights."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from evidence.calibration import Calibration, Weights
from evidence.errors import CalibrationError
from evidence.evaluate.examples import NAMES, Example
from evidence.evaluate.regression import regress

LEAST_FOLDERS = 3  # that are left out in turn; chosen
FOLDS = 5  # by reference photo, where folders do not serve; chosen

Split = Literal["folder", "reference photo"]


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """Weights fitted on all pairs, and what each pair weighs by weights fitted without it.

    Attributes:
        weights: fitted on all pairs.
        same_pairs: pairs with measures behind them that share a design.
        different_pairs: the same of pairs that do not.
        bound: largest absolute llr that so many pairs support: log10(2 (n + 1)), n being the
            smaller number.
        llr: (N,) float64, log10 likelihood ratios in [-bound, bound] of the examples in their
            order, each by weights that were fitted without its fold.
        split: what the folds were made by.
        folds: how many there were.
    """

    weights: Weights
    same_pairs: int
    different_pairs: int
    bound: float
    llr: NDArray[np.float64]
    split: Split
    folds: int


def fit(examples: Sequence[Example], *, present: Calibration) -> Fit:
    """Fit the weights, and cross-validate them.

    Whole folders are left out in turn where three or more allow it, so that photos of one
    maker do not vouch for each other; else a fifth of the reference photos at a time.

    Args:
        examples: labelled pairs of both kinds.
        present: the calibration that the weights are meant for.

    Raises:
        CalibrationError: without some fold, only one kind of pairs is left.
    """
    counts = count_kinds(examples)
    bound = round(float(np.log10(2 * (min(counts) + 1))), 3)
    split, folds = _folds(examples)
    llr = np.zeros(len(examples))
    for fold in sorted(set(folds)):
        rest = [one for one, own in zip(examples, folds, strict=True) if own != fold]
        if not all(count_kinds(rest)):
            raise CalibrationError(
                "too few reference photos: cross-validation leaves some out in turn, and then "
                "only one kind of pairs remains"
            )
        judge = replace(present, weights=_fit_weights(rest, bound), bound=bound)
        for index, own in enumerate(folds):
            if own == fold:
                llr[index] = examples[index].weigh(judge)
    return Fit(_fit_weights(examples, bound), *counts, bound, llr, split, len(set(folds)))


def count_kinds(examples: Sequence[Example]) -> tuple[int, int]:
    """Return how many pairs with measures share a design, and how many do not."""
    kinds = [example.same for example in examples if example.measures is not None]
    return sum(kinds), len(kinds) - sum(kinds)


def _folds(examples: Sequence[Example]) -> tuple[Split, list[str]]:
    """Return what the folds are made by, and the fold of each pair."""
    folders = [example.pair.folder for example in examples]
    rests = [
        [one for one, own in zip(examples, folders, strict=True) if own != folder]
        for folder in set(folders)
    ]
    if len(rests) >= LEAST_FOLDERS and all(all(count_kinds(rest)) for rest in rests):
        return "folder", folders
    names = [example.pair.reference for example in examples]
    fold = {name: str(place % FOLDS) for place, name in enumerate(sorted(set(names)))}
    return "reference photo", [fold[name] for name in names]


def _fit_weights(examples: Sequence[Example], bound: float) -> Weights:
    known = [example for example in examples if example.measures is not None]
    findings = np.array([example.values for example in known], np.float64)
    intercept, slopes = regress(findings, np.array([example.same for example in known]))
    named = {name: round(float(slope), 4) for name, slope in zip(NAMES, slopes, strict=True)}
    return Weights(round(intercept, 4), **named, unaligned=_weigh_unaligned(examples, bound))


def _weigh_unaligned(examples: Sequence[Example], bound: float) -> float:
    """Return the log10 ratio of the shares that no map lays on each other, in [-bound, 0].

    Half a pair is added to each count and a pair to each total: none seen is not never.
    """
    shares = []
    for same in (True, False):
        side = [example.measures is None for example in examples if example.same == same]
        shares.append((sum(side) + 0.5) / (len(side) + 1))
    llr = float(np.log10(shares[0] / shares[1]))
    return round(max(-bound, min(0.0, llr)), 4) + 0.0  # never -0.0
