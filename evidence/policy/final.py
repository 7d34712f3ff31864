"""What the rules propose once the item has come back; the last word is a named person's (11)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from evidence.comparison.verdict import Finding, VerdictName
from evidence.policy.facts import Facts
from evidence.policy.final_wording import GROUNDS
from evidence.policy.recommendation import ClauseText, Cost
from evidence.policy.terms import FeeCause
from evidence.text import Text

ItemSeen = Literal["same", "other", "unsure"]
ConditionSeen = Literal["as_claimed", "changed", "unsure"]
Fault = Literal["shop", "transit", "customer_reason", "unconfirmed"]
Remedy = Literal["refund", "exchange", "send_back", "refund_less_fees", "person_decides"]
FinalOutcome = Literal["approve", "review"]

OTHER = ("different_product", "different_copy")
ON_REQUEST = ("customer_reason", "cancellation")
LEFT_OUT = {  # a fee that the remedy does not cause (reading 20)
    "refund": "reshipping", "exchange": "refund_processing", "send_back": "refund_processing",
    "refund_less_fees": "reshipping",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Returned:
    """What came back, as a named person found it and as the photos show it.

    Attributes:
        facts: of the claim.
        approved: the return was approved before the parcel came, or a person took it in.
        item: does the inspector hold it for the item that was sent?
        condition: is it as the customer's photos showed?
        fault: confirmed by the inspector; never by a program (reading 10).
        in_stock: same SKU, grade and condition (reading 26); None if nobody has looked.
        against_sent: the photos against those before shipping; None if there are none.
        against_claimed: the photos against the customer's; None if there are none.
    """

    facts: Facts
    approved: bool
    item: ItemSeen
    condition: ConditionSeen
    fault: Fault
    in_stock: bool | None = None
    against_sent: VerdictName | None = None
    against_claimed: VerdictName | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """One remedy with its fees, one by one."""

    remedy: Remedy
    costs: tuple[Cost, ...]


@dataclass(frozen=True, slots=True)
class FinalRecommendation:
    """What is proposed; never a denial, and nothing is charged by it.

    Attributes:
        alternatives: what a supervisor may choose instead (reading 19).
    """

    outcome: FinalOutcome
    remedy: Remedy
    costs: tuple[Cost, ...]
    alternatives: tuple[Choice, ...]
    clauses: tuple[ClauseText, ...]
    reasons: tuple[Finding, ...]
    requires_decision_by: Literal["person"] = "person"


@dataclass(frozen=True, slots=True)
class FinalRule:
    """One rule: its name (never reused) and when it applies."""

    name: str
    applies: Callable[[Returned], bool]


RULES = (
    FinalRule("customer_reason_returned",
              lambda r: r.facts.case.reason in ON_REQUEST or r.fault == "customer_reason"),
    FinalRule("parcel_not_approved", lambda r: not r.approved),
    FinalRule("wrong_item_confirmed",
              lambda r: r.facts.case.reason == "incorrect_item" and r.fault == "shop"
              and r.condition != "changed"),
    FinalRule("other_item_returned", lambda r: r.item == "other" or _photos_differ(r)),
    FinalRule("changed_since_the_claim", lambda r: r.condition == "changed"),
    FinalRule("identity_unsettled", lambda r: r.item == "unsure" and not _same_by_photos(r)),
    FinalRule("shop_at_fault", lambda r: r.fault == "shop"),
    FinalRule("transit_at_fault", lambda r: r.fault == "transit"),
    FinalRule("fault_unconfirmed", lambda r: True),
)  # fmt: skip
APPROVING = ("wrong_item_confirmed", "shop_at_fault", "transit_at_fault")


def recommend_final(returned: Returned) -> FinalRecommendation:
    """Propose what to do with what came back; pure."""
    rule = next(rule.name for rule in RULES if rule.applies(returned))
    chosen, *alternatives = _choices(returned, rule)
    cited = {cost.clause for choice in (chosen, *alternatives) for cost in choice.costs}
    cited |= _cited(returned.facts, rule)
    grounds = GROUNDS[rule]
    reason = Finding(
        f"final.{rule}", grounds.text, innocent_explanations=grounds.innocent_explanations
    )
    return FinalRecommendation(
        outcome="approve" if rule in APPROVING else "review",
        remedy=chosen.remedy,
        costs=chosen.costs,
        alternatives=tuple(alternatives),
        clauses=tuple(
            ClauseText(clause.id, Text(clause.en, clause.ja))
            for clause in returned.facts.document.clauses
            if clause.id in cited
        ),
        reasons=(reason,),
    )


def _choices(returned: Returned, rule: str) -> tuple[Choice, ...]:
    if rule == "customer_reason_returned":
        fees = _fees(returned.facts, "customer_reason", "send_back")
        less = _fees(returned.facts, "customer_reason", "refund_less_fees")
        return Choice("send_back", fees), Choice("refund_less_fees", less)
    if rule in APPROVING:
        remedy: Remedy = "exchange" if returned.in_stock else "refund"
        return (Choice(remedy, _fees(returned.facts, "shop_fault", remedy)),)
    fees = _fees(returned.facts, "shop_fault", "person_decides")
    return (Choice("person_decides", fees),)


def _fees(facts: Facts, cause: FeeCause, remedy: Remedy) -> tuple[Cost, ...]:
    """List the region's fees that the remedy causes; who pays is open while the remedy is."""
    fees = [fee for fee in facts.reckoning.region.fees if fee.on == cause]
    return tuple(
        Cost(fee.fee, "person_decides" if remedy == "person_decides" else fee.paid_by, fee.clause)
        for fee in fees
        if fee.fee != LEFT_OUT.get(remedy)
    )


def _cited(facts: Facts, rule: str) -> set[str]:
    cites = facts.reckoning.region.cites
    if rule == "customer_reason_returned":
        return {cites.customer_reason}
    if rule == "parcel_not_approved":
        return set(cites.send_back)
    if rule == "other_item_returned" and facts.clause_available:
        return {cites.shop_fault, cites.high_value, cites.settlement}
    return {cites.shop_fault, cites.settlement}


def _photos_differ(returned: Returned) -> bool:
    return returned.against_sent in OTHER or returned.against_claimed in OTHER


def _same_by_photos(returned: Returned) -> bool:
    """One copy: the same design is not enough (its copy is undetermined)."""
    return returned.against_sent == "same_item"
