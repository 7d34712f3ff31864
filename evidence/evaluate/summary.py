"""The ``summary`` of an evaluation: everything that is counted, ready for JSON."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from evidence.evaluate.groups import by_condition, by_folder, tally, weights
from evidence.evaluate.outcome import REFUSED, Evaluation, Lap, Outcome
from evidence.evaluate.rates import cllr, clopper_pearson, min_cllr


def summarise(evaluation: Evaluation) -> dict[str, Any]:
    """Return the ``summary``: rates per label and verdict, Cllr, abstentions, costs.

    Products with the same artwork and items of low texture (column ``kind``) are counted
    apart, since they are another, harder question; so are pairs with a refused photo in
    Cllr and seconds.
    """
    outcomes = evaluation.outcomes
    labels: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        labels.setdefault(label_of(outcome), []).append(outcome)
    plain = [outcome for outcome in outcomes if not outcome.pair.apart]
    seconds = [outcome.seconds for outcome in outcomes if outcome.verdict != REFUSED]
    left_open = [outcome for outcome in outcomes if outcome.verdict == "inconclusive"]
    same, different = weights(plain)
    return {
        "pairs": len(outcomes),
        "labels": {label: _rates(group) for label, group in sorted(labels.items())},
        "answers": answers(plain),
        "cllr": cllr(same, different),
        "min_cllr": min_cllr(same, different),
        "abstentions": asdict(clopper_pearson(len(left_open), len(outcomes))),
        "abstention_reasons": _reasons(left_open),
        "refusals": dict(Counter(o.refusal for o in outcomes if o.verdict == REFUSED)),
        "folders": {name: tally(group) for name, group in by_folder(plain).items()},
        "conditions": {
            condition: {name: tally(group) for name, group in groups.items()}
            for condition, groups in by_condition(plain).items()
        },
        "seconds": _spread(seconds),
        "stages": {stage: _costs(laps) for stage, laps in evaluation.laps.items()},
        "peak_memory_mb": {work: round(peak / 1e6) for work, peak in evaluation.peaks.items()},
        "workers": evaluation.parallel,
    }


def answers(outcomes: Sequence[Outcome]) -> dict[str, dict[str, Any]]:
    """Return how often each answer on the design was given, for the two questions.

    Returns:
        For pairs that share a design and for those that do not: the rate of each answer,
        those that never came included; nothing for a side without pairs.
    """
    counted = tally(outcomes)
    return {
        side: {
            answer: asdict(clopper_pearson(counted[side][answer], counted[side]["total"]))
            for answer in ("same", "open", "different", "refused")
        }
        for side in ("share_a_design", "different")
        if counted[side]["total"]
    }


def label_of(outcome: Outcome) -> str:
    """Return the label under which an outcome is counted."""
    apart = outcome.pair.apart
    return f"{outcome.pair.label} ({apart})" if apart else outcome.pair.label


def _rates(group: Sequence[Outcome]) -> Mapping[str, dict[str, Any]]:
    counts = Counter(outcome.verdict for outcome in group)
    return {
        verdict: asdict(clopper_pearson(count, len(group)))
        for verdict, count in sorted(counts.items())
    }


def _reasons(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Count why pairs were left open: the leading finding, and what was asked for."""
    findings = Counter(outcome.findings[0].code for outcome in outcomes if outcome.findings)
    shortfalls = Counter(code for outcome in outcomes for code in set(outcome.shortfalls))
    return {
        "findings": dict(findings.most_common()),
        "shortfalls": dict(shortfalls.most_common()),
        "without_a_shot": sum(not outcome.shortfalls for outcome in outcomes),
    }


def _costs(laps: Sequence[Lap]) -> dict[str, Any]:
    clock, core = _spread([lap.clock for lap in laps]), _spread([lap.core for lap in laps])
    return {"count": len(laps), "clock": clock, "core": core}


def _spread(seconds: Sequence[float]) -> dict[str, float]:
    values = list(seconds) or [0.0]
    return {
        "median": round(float(np.median(values)), 3),
        "p95": round(float(np.quantile(values, 0.95)), 3),
    }
