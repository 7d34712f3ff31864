"""The tables of the report, from the summary alone."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from evidence.evaluate.outcome import REFUSED
from evidence.evaluate.rates import clopper_pearson

VERDICTS = (
    "same_item", "same_design", "different_copy", "inconclusive", "different_product", "refused",
)  # fmt: skip
WRONG = {  # what a label must not be called
    "same_item": {"different_copy", "different_product"},
    "same_design": {"same_item", "different_product"},
    "different": {"same_item", "same_design", "different_copy"},
}
NAMES = {"inconclusive": "left open", "different_product": "other product"}
LABELS = {  # in the order of the rows
    "same_item": "one and the same item",
    "same_design": "another copy of one design",
    "different": "different products",
}
WORK = {"reading": "after reading all photos", "comparing": "after comparing all pairs"}


def name(code: str) -> str:
    """Return a verdict's code in words."""
    return NAMES.get(code, code.replace("_", " "))


def label_name(label: str) -> str:
    """Return a label in words, with the kind that is counted apart."""
    plain, _, kind = label.partition(" ")
    return f"{LABELS[plain]} {kind}".strip().replace("_", " ")


def share(rate: float) -> str:
    """Return a rate in per cent."""
    return f"{rate:.1%}"


def confusion_table(labels: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the label against the verdict; each cell with rate and bounds, zeros included."""
    shown = [
        verdict
        for verdict in VERDICTS
        if verdict in ("same_design", "inconclusive", "different_product")
        or any(verdict in rates for rates in labels.values())
    ]
    rows = []
    for label in sorted(labels, key=_order):
        rates = labels[label]
        total = next(iter(rates.values()))["total"]
        cells = [f"<td>{total}</td>"]
        for verdict in shown:
            count = rates[verdict]["count"] if verdict in rates else 0
            rate = clopper_pearson(count, total)
            wrong = count and verdict in WRONG[label.partition(" ")[0]]
            cells.append(
                f"<td{' class=wrong' if wrong else ''}><b>{count}</b> {share(rate.rate)}<br>"
                f"<small>{share(rate.low)} to {share(rate.high)}</small></td>"
            )
        rows.append(f"<tr><th>{escape(label_name(label))}</th>{''.join(cells)}</tr>")
    heads = ["pairs show", "pairs", *(f"called: {name(verdict)}" for verdict in shown)]
    return _table(heads, rows)


def reasons_table(summary: Mapping[str, Any], texts: Mapping[str, str]) -> str:
    """Return why pairs were left open or refused, and how often."""
    reasons = summary["abstention_reasons"]
    rows = [
        _row(f"{kind}: {code}", texts.get(code, ""), str(count))
        for kind, key in (("finding", "findings"), ("shot", "shortfalls"))
        for code, count in reasons[key].items()
    ]
    rows += [_row(REFUSED, why, str(count)) for why, count in summary["refusals"].items()]
    if not rows:
        return "<p>Every pair got an answer.</p>"
    return _table(["reason", "in words", "pairs"], rows, style="words")


def split_table(splits: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> str:
    """Return what the pairs of each group were called, for each way to split them."""
    rows = []
    for split, groups in splits.items():
        rows.append(f'<tr><th class="split" colspan=10>{escape(split)}</th></tr>')
        rows += [_group(group, counts) for group, counts in groups.items()]
    top = (
        "<tr><th rowspan=2></th><th colspan=4>pairs that share a design</th>"
        "<th colspan=4>pairs of different products</th><th rowspan=2>Cllr</th></tr>"
        "<tr><th>pairs</th><th>same</th><th>open</th><th>other product</th>"
        "<th>pairs</th><th>other product</th><th>open</th><th>same</th></tr>"
    )
    return f'<div class="wide"><table>{top}{"".join(rows)}</table></div>'


def stages_table(summary: Mapping[str, Any]) -> str:
    """Return the seconds of each stage and the memory of a worker."""
    rows = [
        _row(
            stage, str(cost["count"]),
            *(f"{cost[of][key]:.3f}" for of in ("clock", "core") for key in ("median", "p95")),
        )
        for stage, cost in summary["stages"].items()
    ]  # fmt: skip
    heads = ["stage", "timed", "clock, median", "clock, p95", "core, median", "core, p95"]
    peaks = summary["peak_memory_mb"]
    memory = [_row(WORK.get(work, work), f"{peak} MB") for work, peak in peaks.items()]
    return _table(heads, rows) + _table(["largest memory of a worker", ""], memory)


def _group(group: str, counts: Mapping[str, Any]) -> str:
    cost = counts["cllr"]
    return (
        f"<tr><th>{escape(group)}</th>"
        + _cells(counts["share_a_design"], ("same", "open", "different"))
        + _cells(counts["different"], ("different", "open", "same"))
        + f"<td>{'–' if cost is None else f'{cost:.3f}'}</td></tr>"
    )


def _cells(counts: Mapping[str, int], answers: Sequence[str]) -> str:
    """Return the total, each answer's count, and for the last, the error, its upper bound."""
    total = counts["total"]
    if not total:
        return "<td>0</td><td></td><td></td><td></td>"
    right, left_open, wrong = (counts[answer] for answer in answers)
    bound = f"<br><small>at most {share(clopper_pearson(wrong, total).high)}</small>"
    return (
        f"<td>{total}</td><td>{right}<br><small>{share(right / total)}</small></td>"
        f"<td>{left_open}</td><td{' class=wrong' if wrong else ''}>{wrong}{bound}</td>"
    )


def _row(head: str, *cells: str) -> str:
    return f"<tr><th>{escape(head)}</th>{''.join(f'<td>{escape(one)}</td>' for one in cells)}</tr>"


def _order(label: str) -> tuple[bool, int]:
    plain, _, kind = label.partition(" ")
    return bool(kind), list(LABELS).index(plain)


def _table(heads: Iterable[str], rows: Iterable[str], *, style: str = "wide") -> str:
    top = "".join(f"<th>{escape(head)}</th>" for head in heads)
    return f'<div class="{style}"><table><tr>{top}</tr>{"".join(rows)}</table></div>'
