"""List the clauses that a recommendation rests on, with their wording."""

from collections.abc import Iterator, Sequence

from evidence.policy.facts import Facts
from evidence.policy.recommendation import ClauseText, Cost, Outcome
from evidence.text import Text


def list_clauses(facts: Facts, outcome: Outcome, costs: Sequence[Cost]) -> tuple[ClauseText, ...]:
    """List every clause that was applied, in the order of the document."""
    applied = {*_applied(facts, outcome), *(cost.clause for cost in costs)}
    return tuple(
        ClauseText(clause.id, Text(clause.en, clause.ja))
        for clause in facts.document.clauses
        if clause.id in applied
    )


def _applied(facts: Facts, outcome: Outcome) -> Iterator[str]:
    cites, reason = facts.reckoning.region.cites, facts.case.reason
    if reason == "cancellation":
        yield cites.cancellation
        return
    if reason == "customer_reason":
        yield cites.customer_reason
        return
    yield facts.reckoning.window.rule
    yield from (window.rule for window in facts.reckoning.others)
    yield from (cites.shop_fault, cites.contact)
    if facts.clause_available and facts.seen in ("different_product", "different_copy"):
        yield cites.high_value
    if outcome == "approve":
        yield from (*cites.send_back, cites.settlement)
