"""What several measures weigh together, as a logistic regression has it."""

from dataclasses import fields
from typing import Any


def weigh_together(measures: Any, weights: Any) -> float:
    """Return the log10 likelihood ratio of some measures.

    Args:
        measures: a dataclass of numbers.
        weights: a dataclass of the intercept, and of the weight of each measure that has one,
            by the same name.

    Source:
        Logistic-regression calibration; Morrison, Australian Journal of Forensic Sciences 2013.
    """
    weighed = [field.name for field in fields(weights) if field.name != "intercept"]
    parts = (getattr(weights, name) * getattr(measures, name) for name in weighed)
    return float(weights.intercept + sum(parts))
