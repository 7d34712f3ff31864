from decimal import Decimal

import pytest
from policy.cases import another_shop

from evidence.policy.document import packaged_documents
from evidence.policy.return_parcel import SENT_LATE, ReturnParcel, list_warnings

(DOCUMENT,) = packaged_documents()
HOME, ABROAD = DOCUMENT.region_of("JP"), DOCUMENT.region_of("US")
WHOLE = {
    "tracking_number": "EJ1", "insured_value": Decimal(9000), "insured_currency": "JPY",
    "box_marked": True,
}  # fmt: skip


def codes(region=ABROAD, **changes):
    parcel = ReturnParcel(**WHOLE | changes)
    found = list_warnings(parcel, region, value=Decimal(9000), currency="JPY")
    return [one.code for one in found]


def test_a_parcel_that_has_all_is_not_warned_of():
    assert codes() == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"tracking_number": None}, "parcel.no_tracking"),
        ({"insured_value": None}, "parcel.no_insurance"),
        ({"insured_value": Decimal("8999.99")}, "parcel.insured_below_value"),
        ({"insured_currency": "USD"}, "parcel.insured_in_other_currency"),
        ({"box_marked": False}, "parcel.not_marked"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_reading_23_what_is_missing_is_warned_of_one_by_one(changes, code):
    assert codes(**changes) == [code]
    assert codes(region=HOME, **changes) == []  # Japan asks for none of it


def test_reading_23_the_mark_that_is_lacking_is_named_in_the_policy_s_words():
    region = another_shop().region_of("FR")
    parcel = ReturnParcel(tracking_number="R1", box_marked=False)
    [warning] = list_warnings(parcel, region, value=Decimal(9), currency="EUR")
    assert 'lacks the number of the return, "RET", in black' in warning.text.en
    assert "黒い文字で返品番号「RET」" in warning.text.ja


def test_reading_25_what_is_said_of_a_late_parcel_keeps_the_approval():
    assert "the approval stands" in SENT_LATE.text.en
    assert "承認は有効" in SENT_LATE.text.ja


def test_a_mark_that_nobody_looked_for_is_not_missing():
    assert codes(box_marked=None) == []
