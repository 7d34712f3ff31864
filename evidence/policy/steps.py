"""List what the shop and the customer do next, in order, in both languages."""

from evidence.policy.facts import Facts
from evidence.policy.recommendation import Outcome
from evidence.policy.step_wording import word_step
from evidence.text import Text

LOOK = ("ask", "further_photos", "check_packing", "offer_inspection", "decide")
PLANS: dict[str, tuple[str, ...]] = {  # by the rule that decided
    "order_before_policy": ("find_policy", "decide"),
    "cancellation_needs_legal_review": ("legal_review", "decide"),
    "cancellation_not_accepted": ("ask_reason", "decline"),
    "customer_reason_needs_legal_review": ("legal_review", "decide"),
    "customer_reason_not_accepted": ("ask_reason", "decline", "if_it_arrives"),
    "packed_otherwise_told_late": ("check_packing", "check_delivery", "check_contacts", "decide"),
    "mix_up_found": ("ask", "check_other_order", "check_packing", "offer_inspection", "decide"),
    "mix_up_to_clear": ("ask", "search_orders", "check_packing", "offer_inspection", "decide"),
    "other_product_shown": LOOK,
    "other_copy_shown": LOOK,
    "told_late_but_maybe_hidden": ("check_delivery", "check_contacts", "ask", "note", "decide"),
    "told_late_but_maybe_our_error": (
        "check_other_order",
        "check_packing",
        "check_delivery",
        "check_contacts",
        "decide",
    ),
    "told_late": ("check_delivery", "check_contacts", "decline"),
    "photo_too_poor": ("ask", "clock_stopped"),
    "facts_missing": ("ask", "clock_stopped"),
    "window_in_doubt": ("check_delivery", "check_contacts", "note", "decide"),
    "shortage": ("shortage_photos", "check_parcel", "pick_remedy"),
    "photos_declined": ("offer_inspection", "decide"),
    "nothing_to_compare": ("note", "offer_inspection", "decide"),
    "photos_inconclusive": LOOK,
    "incorrect_item_not_shown": ("compare_order", "ask_difference", "note", "decide"),
    "copy_undetermined_high_value": ("further_photos", "note", "offer_inspection", "decide"),
    "no_rule_met": ("decide",),
}
AUTHORISE = ("note", "confirm_fault", "carrier_claim", "confirm_return", "send_back", "send_by")
SETTLE = ("inspect", "settle")


def list_steps(facts: Facts, rule: str, outcome: Outcome) -> tuple[Text, ...]:
    """List the steps of the rule that decided.

    Only an approval asks for the item back, and abroad it says what the parcel needs. What is
    asked for once is not asked for again: the delivery note only while it is not there and not
    already among what is missing.
    """
    if outcome == "approve":
        needs = facts.reckoning.region.parcel_needs
        plan = (*AUTHORISE, *needs, *SETTLE)
    else:
        plan = PLANS[rule]
    skipped = set()
    if facts.missing or "delivery_note" in facts.case.claim_photos or not facts.about_the_item:
        skipped.add("note")
    if not facts.missing:
        skipped.add("ask")
    if facts.case.reason == "incorrect_item":
        skipped.add("carrier_claim")
    if facts.reckoning.region.return_days is None:
        skipped.add("send_by")
    if not facts.case.found_elsewhere:
        skipped.add("check_other_order")
    if facts.case.found_elsewhere is not None:
        skipped.add("search_orders")
    return tuple(word_step(step, facts) for step in plan if step not in skipped)
