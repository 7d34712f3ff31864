"""The readings of POLICY.md that no other test of the policy bears the number of."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from policy.cases import another_shop, case, verdict

from evidence.comparison.verdict import Finding, Region
from evidence.policy.document import packaged_documents
from evidence.policy.rules import recommend
from evidence.text import Text

(DOCUMENT,) = packaged_documents()
READINGS = range(1, 32)
SIGNAL = Finding("signal.same_bytes", Text("The same file.", "同じファイルです。"))
MISPACKED = {"reason": "incorrect_item", "packed_as_ordered": "different_product"}


def proposed(seen="same_item", **facts):
    shown = verdict(seen) if isinstance(seen, str) else seen
    return recommend(case(verdict=shown, **facts), DOCUMENT)


def codes(found):
    return [finding.code for finding in found.findings]


def steps(found):
    return "\n".join(step.en for step in found.next_steps)


def changed(*answers):
    regions = tuple(Region("crease", 1.0, 1.0, 5.0, 1.0, "mm", answer) for answer in answers)
    return verdict("same_item", regions=regions)


def test_every_reading_has_a_test_that_bears_its_number():
    text = "".join(path.read_text() for path in Path(__file__).parents[1].rglob("test_*.py"))
    names = re.findall(r"def test_reading_([0-9_]+)", text)
    borne = {int(number) for name in names for number in name.split("_") if number}
    borne |= {int(n) for n in re.findall(r"def test_reading_\d+_and_(\d+)_", text)}
    assert set(READINGS) <= borne


def test_reading_2_only_a_handover_to_the_recipient_is_receipt():
    told = {"delivered_at": None, "notified_at": datetime(2025, 5, 20, tzinfo=UTC)}
    assert proposed(**told).window.state == "unknown"  # an absence notice is no delivery
    assert "absence" in steps(proposed(reason="damage", notified_at=told["notified_at"]))


def test_reading_8_the_first_contact_stops_the_clock_though_photos_are_missing():
    found = proposed(None, claim_photos=())
    assert (found.outcome, found.window.state) == ("request_information", "in")
    assert "stopped the clock" in steps(found)


def test_reading_11_an_approval_on_photos_is_provisional():
    found = proposed()
    assert found.outcome == "approve"
    assert "the final decision may differ" in steps(found)
    assert "provisionally" in found.findings[0].text.en


def test_reading_12_damage_in_transit_opens_a_claim_with_the_carrier_too():
    assert "claim with the carrier" in steps(proposed(reason="damage"))
    assert "claim with the carrier" not in steps(proposed(**MISPACKED))


@pytest.mark.parametrize("seen", ["same_item", "same_design"])
def test_reading_14_what_we_packed_is_not_what_was_ordered(seen):
    found = proposed(seen, **MISPACKED)
    assert (found.outcome, codes(found)[0]) == ("approve", "rule.packed_otherwise")
    assert "three_way.packed_otherwise" in codes(found)
    assert {cost.paid_by for cost in found.costs} == {"shop"}


def test_reading_14_our_own_error_is_not_refused_for_being_told_late():
    late = datetime(2025, 5, 20, tzinfo=UTC)
    assert proposed(**MISPACKED, notified_at=late).outcome == "review"
    assert proposed(reason="incorrect_item", notified_at=late).outcome == "deny"


@pytest.mark.parametrize(
    "facts",
    [
        {"packed_as_ordered": "different_product"},  # we packed what was not ordered
        {"received_as_ordered": "different_product"},  # and so it is not what was ordered
        {"found_elsewhere": ("item-9",)},  # a mix-up of two orders
    ],
    ids=str,
)
@pytest.mark.parametrize("seen", [None, "inconclusive", "same_item", "same_design"])
def test_reading_14_lateness_is_not_held_against_what_may_be_our_own_error(seen, facts):
    late = {"reason": "incorrect_item", "notified_at": datetime(2025, 5, 20, tzinfo=UTC)}
    declined = {"claim_photos": (), "photos_declined": 2} if seen is None else {}
    found = proposed(seen, **late, **facts, **declined)
    assert (found.outcome, found.window.state) == ("review", "late")
    assert found.findings[0].innocent_explanations
    assert "packing record" in steps(found)
    assert ("that other order" in steps(found)) == ("found_elsewhere" in facts)
    agreed = {name: "same_design" for name in facts if name.endswith("as_ordered")}
    assert proposed(seen, **late, **agreed, **declined).outcome == "deny"


def test_reading_14_a_late_claim_is_asked_for_its_photo_whoever_may_have_erred():
    late = {"reason": "incorrect_item", "notified_at": datetime(2025, 5, 20, tzinfo=UTC)}
    found = proposed(None, **late, packed_as_ordered="different_product", claim_photos=())
    assert (found.outcome, found.missing[0].code) == ("request_information", "product_photo")


@pytest.mark.parametrize("packed", [None, "same_design"])
def test_reading_14_customer_and_packing_and_order_agree(packed):
    found = proposed(reason="incorrect_item", packed_as_ordered=packed)
    assert (found.outcome, codes(found)[0]) == ("review", "rule.incorrect_item_not_shown")


@pytest.mark.parametrize("reason", ["incorrect_item", "damage"])
@pytest.mark.parametrize(
    ("hits", "rule", "step"),
    [
        (("item-9",), "rule.mix_up_found", "that other order"),
        ((), None, "inspect the item"),
        (None, None, "inspect the item"),
    ],
)
def test_reading_14_what_the_customer_shows_is_searched_in_other_orders(reason, hits, rule, step):
    found = proposed("different_product", reason=reason, found_elsewhere=hits)
    assert found.outcome == "review"
    assert rule in (None, codes(found)[0])
    assert step in steps(found)
    searching = "search the pre-shipment photos" in steps(found)
    assert searching == (hits is None and reason == "incorrect_item")
    assert ("item-9" in str([finding.text.en for finding in found.findings])) == bool(hits)


def test_reading_14_a_photo_filed_under_the_wrong_item_is_thought_of():
    found = proposed("different_product", received_as_ordered="same_design")
    assert "three_way.filed_wrongly" in codes(found)


def test_reading_15_photos_feed_the_first_condition_only():
    found = proposed("different_product", marked_high_value=True)
    assert (found.outcome, found.requires_decision_by) == ("review", "person")
    assert "high_value.first_condition" in codes(found)


def test_reading_18_a_case_is_about_one_line_and_its_own_value():
    cheap, dear = (proposed("same_design", declared_value=Decimal(v)) for v in (900, 900_000))
    assert (cheap.outcome, dear.outcome) == ("approve", "review")


def test_reading_20_fees_are_listed_one_by_one_and_never_the_first_shipping():
    fees = [cost.fee for cost in proposed(None, reason="customer_reason").costs]
    assert fees == ["return_shipping", "reshipping", "refund_processing"]


def test_reading_22_the_parcel_is_insured_to_the_price_of_that_line():
    found = proposed(residence="KR", declared_value=Decimal(9000))
    assert "9,000 JPY" in steps(found)
    assert "insures less, ask us" in steps(found)


def test_reading_23_a_missing_mark_or_number_has_no_consequence_here():
    told = steps(proposed(residence="KR"))
    assert '"Return" in large red' in told
    assert "tracking number" in told
    assert "refus" not in told


def test_reading_25_a_parcel_sent_all_the_same_is_kept_apart():
    assert "keep it apart" in steps(proposed(None, reason="customer_reason"))


@pytest.mark.parametrize(
    ("residence", "days"), [("JP", "within 14 days"), ("KR", "within 30 days")]
)
def test_reading_25_an_approval_names_the_days_to_send_it_back_in(residence, days):
    told = steps(proposed(residence=residence))
    assert days in told
    assert "the approval stays valid" in told
    assert "日以内にお送りください" in "".join(
        step.ja for step in proposed(residence=residence).next_steps
    )


def test_reading_25_where_the_policy_names_no_days_none_are_asked_for():
    found = recommend(case(verdict=verdict("same_item"), residence="KR"), another_shop())
    assert found.outcome == "approve"
    assert "days of that confirmation" not in steps(found)


def test_reading_25_only_who_is_to_send_something_back_is_given_days():
    for facts in ({"claim_photos": ()}, {"reason": "shortage"}, {"reason": "incorrect_item"}):
        assert "days of that confirmation" not in steps(proposed(None, **facts))


def test_reading_23_the_mark_is_the_policy_s_own():
    asked = case(verdict=verdict("same_item"), residence="FR", declared_value=Decimal(9))
    told = recommend(asked, another_shop()).next_steps
    assert any('label or invoice the number of the return, "RET", in black' in s.en for s in told)
    assert any("黒い文字で返品番号「RET」と記載" in step.ja for step in told)
    assert not any('"Return"' in step.en for step in told)


def test_reading_26_a_replacement_needs_the_same_product_grade_and_condition():
    assert "same grade and condition is in stock" in steps(proposed())


def test_reading_27_of_several_parcels_the_last_counts():
    first = datetime(2025, 3, 1, 1, tzinfo=UTC)
    last = first + timedelta(days=4)
    told = {"delivered_at": first, "notified_at": last + timedelta(days=2)}
    assert proposed(**told).window.state == "late"
    found = proposed(**told, parcels=(last, first))
    assert found.window.state == "in"
    assert found.window.deadline == proposed(delivered_at=last).window.deadline


def test_reading_27_while_a_parcel_is_on_its_way_the_window_is_not_known():
    found = proposed(parcels=(datetime(2025, 3, 1, 1, tzinfo=UTC), None))
    assert found.window.state == "unknown"
    assert "proof_of_delivery" in [one.code for one in found.missing]


@pytest.mark.parametrize("answer", ["new", "visible_before", "not_visible_before"])
def test_reading_28_since_when_damage_is_there_is_said_and_decides_nothing(answer):
    found = proposed(changed(answer))
    assert (found.outcome, f"condition.{answer}" in codes(found)) == ("approve", True)
    other = {"condition.new", "condition.visible_before", "condition.not_visible_before"}
    assert other & set(codes(found)) == {f"condition.{answer}"}
    assert not other & set(codes(proposed(changed(answer), reason="incorrect_item")))


@pytest.mark.parametrize(
    ("declined", "outcome"), [(0, "request_information"), (1, "request_information"), (2, "review")]
)
def test_reading_29_photos_are_asked_for_twice_then_an_inspection_is_offered(declined, outcome):
    found = proposed(None, claim_photos=(), photos_declined=declined)
    assert found.outcome == outcome
    asked = "product_photo" in [one.code for one in found.missing]
    assert asked == (declined < 2)
    if not asked:
        assert "inspect the item" in steps(found)
        assert "proves nothing" in found.findings[0].text.en


@pytest.mark.parametrize("seen", ["same_item", "different_product", "inconclusive"])
def test_what_a_file_tells_is_said_and_changes_no_outcome(seen):
    without, signalled = (proposed(seen, signals=signals) for signals in ((), (SIGNAL,)))
    assert (without.outcome, without.remedy) == (signalled.outcome, signalled.remedy)
    assert set(codes(signalled)) - set(codes(without)) == {SIGNAL.code}
