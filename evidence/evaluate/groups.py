"""Outcomes split by folder and by condition, and what each group counts up to.

A condition is what the table gives (``confidence``, ``condition``, ``kind``) or what was
measured on the two photos. For a measure the worst quarter of the pairs is set against
the rest, so that no threshold has to be invented; the worse photo of a pair counts.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from evidence.evaluate.outcome import Look, Outcome
from evidence.evaluate.rates import cllr

GIVEN = ("confidence", "condition", "kind")
ANSWERS = ("same", "open", "different", "refused")


@dataclass(frozen=True, slots=True)
class Measure:
    """One number of a photo, of which a pair takes the worse.

    Attributes:
        name: for people.
        form: how a value is written.
        value: how it is read off; None where it is not known.
        worse: ``min`` if small values are bad, ``max`` if large ones are.
    """

    name: str
    form: str
    value: Callable[[Look], float | None]
    worse: Callable[[Iterable[float]], float]


MEASURES = (
    Measure("resolution", "{:.3g} px/mm", lambda look: look.quality.px_per_mm, min),
    Measure("sharpness", "{:.2f}", lambda look: look.quality.sharpness, min),
    Measure("brightness", "{:.2f}", lambda look: look.quality.exposure, min),
    Measure("glare", "{:.1%} of the item", lambda look: look.quality.glare, max),
    Measure("details on the item", "{:.0f}", lambda look: look.quality.keypoints, min),
)


def tally(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Count what pairs that share a design, and pairs that do not, were called."""
    counts = {
        side: dict.fromkeys(ANSWERS, 0) | {"total": 0} for side in ("share_a_design", "different")
    }
    for outcome in outcomes:
        side = counts["share_a_design" if outcome.pair.shares_design else "different"]
        side[outcome.called] += 1
        side["total"] += 1
    return {"pairs": len(outcomes), **counts, "cllr": cllr(*weights(outcomes))}


def weights(outcomes: Iterable[Outcome]) -> tuple[list[float], list[float]]:
    """Return the design llr of pairs that share a design, and of those that do not."""
    sides: tuple[list[float], list[float]] = ([], [])
    for outcome in outcomes:
        if outcome.design_llr is not None:
            sides[not outcome.pair.shares_design].append(outcome.design_llr)
    return sides


def by_folder(outcomes: Iterable[Outcome]) -> dict[str, list[Outcome]]:
    """Split by the first component of the reference's path, in alphabetical order."""
    return _split(outcomes, lambda outcome: outcome.pair.folder)


def by_condition(outcomes: Sequence[Outcome]) -> dict[str, dict[str, list[Outcome]]]:
    """Split by each condition that tells at least two groups apart.

    Returns:
        For each condition its groups, by what to call them.
    """
    splits = {name: _split(outcomes, _given(name)) for name in GIVEN}
    seen = [outcome for outcome in outcomes if outcome.looks is not None]
    splits["outline of the item"] = _split(seen, _outlines)
    for measure in MEASURES:
        splits[measure.name] = _quarter(seen, measure)
    return {name: groups for name, groups in splits.items() if len(groups) > 1}


def _split(
    outcomes: Iterable[Outcome], name_of: Callable[[Outcome], str]
) -> dict[str, list[Outcome]]:
    groups: defaultdict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        groups[name_of(outcome)].append(outcome)
    return dict(sorted(groups.items()))


def _given(column: str) -> Callable[[Outcome], str]:
    def value(outcome: Outcome) -> str:
        pair = outcome.pair
        known: Mapping[str, str] = {**pair.others, "confidence": pair.confidence}
        return known.get(column, "").strip() or "not given"

    return value


def _outlines(outcome: Outcome) -> str:
    found = sum(look.outlined for look in outcome.looks or ())
    return ("found in neither photo", "found in one photo", "found in both photos")[found]


def _quarter(outcomes: Sequence[Outcome], measure: Measure) -> dict[str, list[Outcome]]:
    """Set the worst quarter against the rest; pairs that lack the measure stay out.

    Where many pairs share a value, fewer than a quarter are worse than it.
    """
    values: list[tuple[float, Outcome]] = []
    for outcome in outcomes:
        both = [measure.value(look) for look in outcome.looks or ()]
        known = [value for value in both if value is not None]
        if both and len(known) == len(both):
            values.append((measure.worse(known), outcome))
    if not values:
        return {}
    low = measure.worse((0, 1)) == 0
    edge = float(np.quantile([value for value, _ in values], 0.25 if low else 0.75))
    worst = [outcome for value, outcome in values if (value < edge if low else value > edge)]
    rest = [outcome for value, outcome in values if not (value < edge if low else value > edge)]
    named = measure.form.format(edge)
    words = ("below", "or more") if low else ("above", "or less")
    groups = {f"worst: {words[0]} {named}": worst, f"the rest: {named} {words[1]}": rest}
    return {name: group for name, group in groups.items() if group}
