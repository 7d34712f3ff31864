"""What a calibration learns from: the findings of labelled pairs, as they were measured."""

from dataclasses import asdict, dataclass, fields

import numpy as np

from evidence.calibration import Calibration
from evidence.comparison.appearance import Measures
from evidence.comparison.fusion import weigh
from evidence.evaluate.outcome import Outcome
from evidence.evaluate.pairs import Pair

NAMES = tuple(field.name for field in fields(Measures))


@dataclass(frozen=True, slots=True)
class Example:
    """One labelled pair that the rules weigh.

    Attributes:
        pair: what was compared, with its label.
        measures: correlations in [-1, 1], None where no map lays one item on the other.
    """

    pair: Pair
    measures: Measures | None

    @property
    def same(self) -> bool:
        """Whether both photos show the same design."""
        return self.pair.shares_design

    @property
    def values(self) -> tuple[float, ...]:
        """The measures in the order of ``NAMES``; none without a map."""
        return () if self.measures is None else tuple(asdict(self.measures).values())

    def weigh(self, calibration: Calibration) -> float:
        """Return the log10 likelihood ratio within the calibration's bound.

        This is the weight before a photo's lack of details damps what speaks against.
        """
        llr = calibration.weights.unaligned
        if self.measures is not None:
            llr = weigh(self.measures, calibration)
        return float(np.clip(llr, -calibration.bound, calibration.bound))


def take_example(outcome: Outcome) -> Example | None:
    """Return what can be learned from a pair, None where the rules do not come to weighing.

    That a pair could not be laid on each other counts only where that is weighed: both photos
    show details and the query shows its item's edge.
    """
    if outcome.pair.apart or not outcome.findings:
        return None
    leading = outcome.findings[0]
    if leading.code == "design.appearance":
        measures = Measures(**{name: leading.values[name] for name in NAMES})
        return Example(outcome.pair, measures)
    if leading.code == "design.unaligned" and leading.llr:
        return Example(outcome.pair, None)
    return None
