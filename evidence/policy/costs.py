"""List who pays each fee, one by one, each by its clause (reading 20)."""

from evidence.policy.facts import Facts
from evidence.policy.recommendation import Cost, Outcome
from evidence.policy.terms import FeeCause


def list_costs(facts: Facts, outcome: Outcome) -> tuple[Cost, ...]:
    """Propose who pays what; nothing is charged by it.

    An approved return is at the shop's expense. While a person still has to judge the case, so
    is who pays. A return for the customer's own reasons is not accepted: its costs are those
    that follow if it arrives all the same (reading 19).
    """
    cause = _cause(facts)
    if cause is None or outcome == "request_information":
        return ()
    if outcome == "deny" and cause != "customer_reason":
        return ()
    fees = [fee for fee in facts.reckoning.region.fees if fee.on == cause]
    open_ = outcome == "review"
    return tuple(
        Cost(fee.fee, "person_decides" if open_ else fee.paid_by, fee.clause) for fee in fees
    )


def _cause(facts: Facts) -> FeeCause | None:
    if facts.about_the_item:
        return "shop_fault"
    if facts.case.reason == "shortage":
        return "shortage"
    return "customer_reason" if facts.case.reason == "customer_reason" else None
