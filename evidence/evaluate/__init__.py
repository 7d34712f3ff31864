"""Error rates of the whole way on labelled pairs of photos."""

from evidence.evaluate.measurement import Progress, evaluate
from evidence.evaluate.outcome import REFUSED, Evaluation, Look, Outcome
from evidence.evaluate.pairs import Pair, load_pairs
from evidence.evaluate.rates import Rate, cllr, clopper_pearson, min_cllr
from evidence.evaluate.recalibration import Recalibration, recalibrate
from evidence.evaluate.summary import summarise

__all__ = [
    "REFUSED",
    "Evaluation",
    "Look",
    "Outcome",
    "Pair",
    "Progress",
    "Rate",
    "Recalibration",
    "cllr",
    "clopper_pearson",
    "evaluate",
    "load_pairs",
    "min_cllr",
    "recalibrate",
    "summarise",
]
