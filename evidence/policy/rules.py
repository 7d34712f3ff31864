"""The rules, in order: the first that applies decides what is proposed."""

from collections.abc import Callable
from dataclasses import dataclass

from evidence.policy.case import Case
from evidence.policy.citations import list_clauses
from evidence.policy.costs import list_costs
from evidence.policy.facts import Facts, establish_facts
from evidence.policy.findings import list_findings
from evidence.policy.recommendation import Outcome, Recommendation
from evidence.policy.steps import list_steps
from evidence.policy.terms import Document

OTHER = ("different_product", "different_copy")
SAME = ("same_item", "same_design")
HARMED = ("damage", "defect")


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its place, its name (never reused), what it proposes and when."""

    number: int
    name: str
    outcome: Outcome
    applies: Callable[[Facts], bool]


RULES = (
    # An order that no known text rules over is never judged by one.
    Rule(1, "order_before_policy", "review", lambda f: f.before_policy),
    # Requests that the text refuses, whatever the photos show (readings 19 and 21).
    Rule(2, "cancellation_needs_legal_review", "review",
         lambda f: f.case.reason == "cancellation" and f.withdrawal_right),
    Rule(3, "cancellation_not_accepted", "deny", lambda f: f.case.reason == "cancellation"),
    Rule(4, "customer_reason_needs_legal_review", "review",
         lambda f: f.case.reason == "customer_reason" and f.withdrawal_right),
    Rule(5, "customer_reason_not_accepted", "deny", lambda f: f.case.reason == "customer_reason"),
    # Where our own photos show that we packed something else, no window is held against it (14).
    Rule(6, "packed_otherwise_told_late", "review", lambda f: _packed_otherwise(f) and _late(f)),
    # Photos of something else are looked at by a person before all else, and never deny (14, 15).
    Rule(7, "mix_up_found", "review", lambda f: f.seen in OTHER and bool(f.case.found_elsewhere)),
    Rule(8, "mix_up_to_clear", "review",
         lambda f: f.case.reason == "incorrect_item" and f.seen in OTHER),
    Rule(9, "other_product_shown", "review", lambda f: f.seen == "different_product"),
    Rule(10, "other_copy_shown", "review", lambda f: f.seen == "different_copy"),
    # Late by every reading. Only what was plain to see on arrival may be refused, and only once
    # all is known: what is missing may show that the error was ours (9, 14).
    Rule(11, "told_late_but_maybe_hidden", "review", lambda f: _late(f) and _maybe_hidden(f)),
    Rule(12, "told_late_but_maybe_our_error", "review",
         lambda f: _late(f) and not f.missing and _maybe_our_error(f)),
    Rule(13, "told_late", "deny", lambda f: _late(f) and not f.missing),
    # What is missing is asked for before a person's time is (3, 8).
    Rule(14, "photo_too_poor", "request_information",
         lambda f: any(m.code.startswith("photo.") for m in f.missing)),
    Rule(15, "facts_missing", "request_information", lambda f: bool(f.missing)),
    Rule(16, "window_in_doubt", "review",
         lambda f: f.reckoning.window.state == "borderline" or f.reckoning.disputed),
    Rule(17, "shortage", "review", lambda f: f.case.reason == "shortage"),
    # No evidence never approves.
    Rule(18, "photos_declined", "review",
         lambda f: f.about_the_item and f.case.declined_photos),
    Rule(19, "nothing_to_compare", "review", lambda f: f.seen is None),
    Rule(20, "photos_inconclusive", "review", lambda f: f.seen == "inconclusive"),
    Rule(21, "packed_otherwise", "approve", lambda f: _packed_otherwise(f) and _clear(f)),
    Rule(22, "incorrect_item_not_shown", "review",
         lambda f: f.case.reason == "incorrect_item" and f.seen in SAME),
    Rule(23, "copy_undetermined_high_value", "review",
         lambda f: f.seen == "same_design" and f.high_value),
    # Provisional: the last word is the inspection's (11). A new crease is no other item (16).
    Rule(24, "same_item_in_time", "approve", lambda f: _clear_harm(f) and f.seen == "same_item"),
    Rule(25, "same_design_in_time", "approve",
         lambda f: _clear_harm(f) and f.seen == "same_design" and not f.high_value),
    Rule(26, "no_rule_met", "review", lambda f: True),
)  # fmt: skip


def recommend(case: Case, document: Document) -> Recommendation:
    """Propose what the policy says; pure, and always for a named person to decide.

    Args:
        case: the facts of one disputed line.
        document: the version in force when it was ordered, by ``choose_document``.

    Raises:
        UnacceptableError: ``ship_to_zone`` is no zone, or an instant lies outside the calendar.
        ValueError: an instant has no offset from UTC.
    """
    facts = establish_facts(case, document)
    rule = next(rule for rule in RULES if rule.applies(facts))
    costs = list_costs(facts, rule.outcome)
    return Recommendation(
        outcome=rule.outcome,
        remedy=_remedy(facts, rule.outcome),
        costs=costs,
        clauses=list_clauses(facts, rule.outcome, costs),
        window=facts.reckoning.window,
        verdict=case.verdict,
        findings=list_findings(facts, rule.name),
        missing=() if rule.outcome == "deny" else facts.missing,
        next_steps=list_steps(facts, rule.name, rule.outcome),
        requires_decision_by="person",
        policy=document.version_used(),
    )


def _late(facts: Facts) -> bool:
    return facts.reckoning.window.state == "late"


def _maybe_hidden(facts: Facts) -> bool:
    """Could it not be seen on arrival: a defect, a parcel still to come, a sealed box."""
    return facts.case.reason in (*HARMED, "shortage") or facts.case.kind == "sealed"


def _maybe_our_error(facts: Facts) -> bool:
    """Does anything but the customer's word speak for an error of ours, though not all (14)?"""
    case = facts.case
    unlike = "different_product" in (case.packed_as_ordered, case.received_as_ordered)
    return unlike or bool(case.found_elsewhere)


def _packed_otherwise(facts: Facts) -> bool:
    """Does the customer show what we photographed, and is that not what was ordered (14)?"""
    wrong = facts.case.reason == "incorrect_item" and facts.seen in SAME
    return wrong and facts.case.packed_as_ordered == "different_product"


def _clear(facts: Facts) -> bool:
    """Was it told in time, with nothing missing; whatever rules come before?"""
    in_time = facts.reckoning.window.state == "in" and not facts.reckoning.disputed
    return in_time and not facts.missing and not facts.before_policy


def _clear_harm(facts: Facts) -> bool:
    return facts.case.reason in HARMED and _clear(facts)


def _remedy(facts: Facts, outcome: Outcome) -> str:
    if outcome == "approve":
        return "return_for_refund_or_exchange"
    if outcome == "review":
        return "reship_or_partial_refund" if facts.case.reason == "shortage" else "person_decides"
    return "none"
