"""Propose a calibration from labelled pairs, and say whether it would help."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from evidence.calibration import Calibration, Threshold, write_calibration
from evidence.errors import CalibrationError
from evidence.evaluate.examples import take_example
from evidence.evaluate.fitting import Fit, Split, count_kinds, fit
from evidence.evaluate.outcome import REFUSED, Outcome
from evidence.evaluate.rates import clopper_pearson
from evidence.evaluate.score import Score, bound_change, score

LEAST_PAIRS = 30  # of each kind; chosen: fewer support no llr beyond 1.8

Effect = Literal["helps", "no_difference", "worse"]


@dataclass(frozen=True, slots=True)
class Recalibration:
    """A proposed calibration beside the present one.

    Attributes:
        present: the calibration in use.
        proposed: the one fitted on the pairs.
        before: how the present one does on the pairs.
        after: how weights do that were fitted without the pairs that they judge.
        knowing: how the proposed weights do on the very pairs that they were fitted on; a present
            calibration that comes near this was probably fitted on them too.
        low, high: 95 % interval of the change of Cllr; negative is better.
        effect: whether the change shows.
        used: weighed pairs of each kind, those without a map included.
        left_out: pairs that taught nothing, by reason.
        split: what the folds of the cross-validation were made by.
        folds: how many there were.
    """

    present: Calibration
    proposed: Calibration
    before: Score
    after: Score
    knowing: Score
    low: float
    high: float
    effect: Effect
    used: dict[str, int]
    left_out: dict[str, int]
    split: Split
    folds: int

    @property
    def change(self) -> float:
        """Cllr after less Cllr before; negative is better."""
        return round(self.after.cllr - self.before.cllr, 4)

    def to_json(self) -> dict[str, Any]:
        """Return everything, ready for ``json.dumps``."""
        return {**asdict(self), "change": self.change}


def recalibrate(outcomes: Sequence[Outcome], *, present: Calibration, data: str) -> Recalibration:
    """Fit a calibration on labelled pairs and hold it against the present one.

    The thresholds stay at the present llr, and their rates are those of the cross-validation.
    Both calibrations judge the same pairs. If the present one was fitted on them, it has the
    advantage of knowing them.

    Args:
        outcomes: of pairs compared under the present calibration.
        present: the calibration in use.
        data: what the pairs show and where they are from, for the file.

    Raises:
        CalibrationError: the pairs are too few, or all from too few reference photos.
    """
    taken = [(outcome, take_example(outcome)) for outcome in outcomes]
    examples = [example for _, example in taken if example is not None]
    left_out = Counter(_reason(outcome) for outcome, example in taken if example is None)
    counts = count_kinds(examples)
    if min(counts) < LEAST_PAIRS:
        raise CalibrationError(
            f"{LEAST_PAIRS} pairs that share a design and {LEAST_PAIRS} that do not have to lie "
            f"on each other; of these {len(outcomes)} pairs {counts[0]} and {counts[1]} do"
        )
    fitted = fit(examples, present=present)
    same = np.array([example.same for example in examples])
    before = np.array([example.weigh(present) for example in examples])
    proposed = _calibration(fitted, same, present, data)
    knowing = np.array([example.weigh(proposed) for example in examples])
    low, high = bound_change(before, fitted.llr, same)
    return Recalibration(
        present=present,
        proposed=proposed,
        before=score(before, same, present),
        after=score(fitted.llr, same, present),
        knowing=score(knowing, same, present),
        low=low,
        high=high,
        effect="helps" if high < 0 else "worse" if low > 0 else "no_difference",
        used={"share_a_design": int(same.sum()), "different": int((~same).sum())},
        left_out=dict(sorted(left_out.items())),
        split=fitted.split,
        folds=fitted.folds,
    )


def _reason(outcome: Outcome) -> str:
    if outcome.pair.apart:
        return f"of the kind {outcome.pair.apart}"
    return "a photo was refused" if outcome.verdict == REFUSED else "left open before weighing"


def _calibration(
    fitted: Fit, same: NDArray[np.bool_], present: Calibration, data: str
) -> Calibration:
    """Return the file's content; its id is made of it, so that other numbers have another."""
    done = score(fitted.llr, same, present)
    content = Calibration(
        "",
        data,
        fitted.same_pairs,
        fitted.different_pairs,
        fitted.bound,
        fitted.weights,
        same=_threshold(present.same.llr, done.wrong_same, int((~same).sum())),
        different=_threshold(present.different.llr, done.wrong_different, int(same.sum())),
    )
    digest = hashlib.sha256(write_calibration(content).encode()).hexdigest()
    return replace(content, id=f"fitted-{digest[:12]}")


def _threshold(llr: float, wrong: int, total: int) -> Threshold:
    return Threshold(llr, wrong, total, clopper_pearson(wrong, total).high)
