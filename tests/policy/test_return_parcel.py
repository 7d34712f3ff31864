from decimal import Decimal

import pytest

from evidence.policy.return_parcel import ReturnParcel, list_warnings

ABROAD = ("tracking", "insurance", "return_mark")
WHOLE = {
    "tracking_number": "EJ1", "insured_value": Decimal(9000), "insured_currency": "JPY",
    "box_marked": True,
}  # fmt: skip


def codes(needs=ABROAD, **changes):
    parcel = ReturnParcel(**WHOLE | changes)
    found = list_warnings(parcel, needs, value=Decimal(9000), currency="JPY")
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
    assert codes(needs=(), **changes) == []  # Japan asks for none of it


def test_a_mark_that_nobody_looked_for_is_not_missing():
    assert codes(box_marked=None) == []
