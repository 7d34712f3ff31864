"""``python -m evidence.policy.table``: the decision table, as Markdown, from the rules."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, get_args

from evidence.comparison.verdict import Provenance, Verdict, VerdictName, Weight
from evidence.photo.shortfalls import Shortfall
from evidence.policy.case import Case, Reason
from evidence.policy.document import packaged_documents
from evidence.policy.recommendation import Cost, Outcome, Recommendation, WindowState
from evidence.policy.rules import RULES, recommend
from evidence.policy.terms import Document
from evidence.text import Text

PLACES = {  # column -> declared residence
    "Japan": "JP",
    "abroad": "KR",
    "abroad, EU or UK": "DE",
}
LETTERS: dict[Outcome, str] = {
    "approve": "A", "review": "R", "request_information": "I", "deny": "D",
}  # fmt: skip
DELIVERED = datetime(2025, 3, 5, 1, tzinfo=UTC)
WINDOWS: dict[WindowState, dict[str, Any]] = {
    "in": {},
    "borderline": {"notified_at": DELIVERED + timedelta(days=80), "notice_sent_at": DELIVERED},
    "late": {"notified_at": DELIVERED + timedelta(days=80)},
    "unknown": {"delivered_at": None},
}
NO_PHOTO, NO_REFERENCE, POOR = "none sent", "nothing to compare with", "too poor"
PACKED, FOUND = "same, but not as ordered", "other, found in another order"
UNSURE = "inconclusive, not packed as ordered"
DECLINED = "declined twice"
PHOTOS = (
    NO_PHOTO, DECLINED, NO_REFERENCE, POOR, "inconclusive", "same_item", "same_design", PACKED,
    "different_copy", "different_product", FOUND, UNSURE,
)  # fmt: skip
VALUES = {"not high-value": Decimal(9_000), "high-value": Decimal(120_000)}


@dataclass(frozen=True, slots=True)
class Cell:
    """One combination of what the rules ask about, and what they propose.

    Attributes:
        place, reason, window, photos, value: keys of the tables above.
        found: what is recommended.
    """

    place: str
    reason: Reason
    window: WindowState
    photos: str
    value: str
    found: Recommendation

    @property
    def rule(self) -> str:
        """Name of the rule that decided."""
        return self.found.findings[0].code.removeprefix("rule.")


def list_cells(document: Document) -> Iterator[Cell]:
    """Yield every combination, judged by the rules under a document."""
    for place, residence in PLACES.items():
        for reason in get_args(Reason):
            for window, when in WINDOWS.items():
                for photos in PHOTOS:
                    for value, amount in VALUES.items():
                        facts = {"residence": residence, "declared_value": amount, **when}
                        found = recommend(_case(reason, photos, facts), document)
                        yield Cell(place, reason, window, photos, value, found)


def draw_table(document: Document) -> str:
    """Return the decision table as Markdown."""
    cells = list(list_cells(document))
    return "\n".join([*_head(document), *_outcomes(cells), *_rules(cells)]) + "\n"


def _case(reason: Reason, photos: str, facts: dict[str, Any]) -> Case:
    base: dict[str, Any] = {
        "reason": reason, "ship_to": None, "ship_to_zone": None, "currency": "JPY",
        "ordered_at": DELIVERED - timedelta(days=4), "delivered_at": DELIVERED,
        "notified_at": DELIVERED + timedelta(days=1), "kind": "card",
        "marked_high_value": False, "sealed": True, "reference_photos": 2,
        "claim_photos": ("product", "delivery_note"), "verdict": None,
    }  # fmt: skip
    return Case(**{**base, **_shown(photos), **facts})


def _shown(photos: str) -> dict[str, Any]:
    """Return the facts of a case that a column of photos stands for."""
    if photos == NO_PHOTO:
        return {"claim_photos": ()}
    if photos == DECLINED:
        return {"claim_photos": (), "photos_declined": 2}
    if photos == NO_REFERENCE:
        return {"reference_photos": 0}
    if photos == PACKED:
        return {"verdict": _verdict("same_item"), "packed_as_ordered": "different_product"}
    if photos == UNSURE:
        return {"verdict": _verdict("inconclusive"), "packed_as_ordered": "different_product"}
    if photos == FOUND:
        return {"verdict": _verdict("different_product"), "found_elsewhere": ("another item",)}
    if photos == POOR:
        return {"verdict": _verdict("inconclusive", Shortfall("blurred", Text("-", "-")))}
    return {"verdict": _verdict(next(n for n in get_args(VerdictName) if n == photos))}


def _verdict(name: VerdictName, *shortfalls: Shortfall) -> Verdict:
    none = Weight(None, 0.0)
    return Verdict(name, none, none, (), (), shortfalls, (), Provenance("", "", {}))


def _head(document: Document) -> list[str]:
    return [
        "# The decision table",
        "",
        f"Made from the rules by `python -m evidence.policy.table`, for the policy `{document.id}` "
        f"of {document.version}. A test fails when it is stale.",
        "",
        "Every outcome is a proposal that a named person decides. Letters: **A** approve, a "
        "provisional return; **R** review by a person; **I** information is asked for; **D** a "
        "person may deny. The number is that of the rule below. Rows: was the shop told in time? "
        "Columns: what the photos show.",
        "",
    ]


def _outcomes(cells: Sequence[Cell]) -> Iterator[str]:
    """Yield a table for each reason; places and values that are alike share one."""
    numbers = _numbers()
    for reason in get_args(Reason):
        groups: dict[tuple[str, ...], list[str]] = {}
        for place in PLACES:
            for value in VALUES:
                of = [c for c in cells if (c.reason, c.place, c.value) == (reason, place, value)]
                told = tuple(f"{LETTERS[c.found.outcome]} {numbers[c.rule]}" for c in of)
                groups.setdefault(told, []).append(f"{place}, {value}")
        yield f"## {reason}"
        for told, which in groups.items():
            everywhere = len(which) == len(PLACES) * len(VALUES)
            yield from ("", "Everywhere." if everywhere else f"{'; '.join(which)}.", "")
            yield "| told | " + " | ".join(PHOTOS) + " |"
            yield "| --- |" + " --- |" * len(PHOTOS)
            for row, window in enumerate(WINDOWS):
                line = told[row * len(PHOTOS) : (row + 1) * len(PHOTOS)]
                yield f"| {window} | " + " | ".join(line) + " |"
        yield ""


def _rules(cells: Sequence[Cell]) -> Iterator[str]:
    """Yield what each rule proposes: remedy, costs and clauses, alike rows merged."""
    numbers = _numbers()
    yield from ("## What each rule proposes", "")
    yield "| rule | outcome | remedy | for | who pays what | clauses |"
    yield "| --- | --- | --- | --- | --- | --- |"
    rows: dict[tuple[str, ...], dict[str, set[str]]] = {}
    for cell in cells:
        costs = _costs(cell.found.costs)
        clauses = ", ".join(clause.id for clause in cell.found.clauses)
        key: tuple[str, ...] = (cell.rule, cell.found.outcome, cell.found.remedy, costs, clauses)
        region = "Japan" if cell.place == "Japan" else "abroad"
        rows.setdefault(key, {}).setdefault(region, set()).add(cell.reason)
    for key in sorted(rows, key=lambda one: numbers[one[0]]):
        rule, outcome, remedy, costs, clauses = key
        who = "; ".join(f"{place}: {', '.join(sorted(r))}" for place, r in rows[key].items())
        yield f"| {numbers[rule]} {rule} | {outcome} | {remedy} | {who} | {costs} | {clauses} |"


def _costs(costs: Sequence[Cost]) -> str:
    """Return the fees by who pays them."""
    payers: dict[str, list[str]] = {}
    for cost in costs:
        payers.setdefault(cost.paid_by.replace("_", " "), []).append(cost.fee)
    return "; ".join(f"{payer}: {', '.join(fees)}" for payer, fees in payers.items()) or "-"


def _numbers() -> dict[str, int]:
    return {rule.name: rule.number for rule in RULES}


if __name__ == "__main__":
    sys.stdout.write(draw_table(packaged_documents()[-1]))
