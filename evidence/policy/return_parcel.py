"""What a parcel that comes back lacks: a warning and a record, never a denial (reading 23)."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from evidence.policy.recommendation import Missing
from evidence.policy.terms import Region
from evidence.text import Text


@dataclass(frozen=True, slots=True)
class ReturnParcel:
    """What is known of it; None where nobody has said.

    Attributes:
        tracking_number: of the carrier.
        carrier: its name.
        insured_value, insured_currency: what the carrier pays for a loss.
        box_marked: box and label bear the mark that the policy asks for.
    """

    tracking_number: str | None = None
    carrier: str | None = None
    insured_value: Decimal | None = None
    insured_currency: str | None = None
    box_marked: bool | None = None


def list_warnings(
    parcel: ReturnParcel, region: Region, *, value: Decimal, currency: str
) -> tuple[Missing, ...]:
    """List what the policy asks of the parcel and it has not, as far as is known.

    Args:
        parcel: what is known of it.
        region: of the customer's; says what the parcel needs.
        value: price paid for the line (reading 22).
        currency: of that price, ISO 4217.
    """
    found = {
        "tracking": _about_tracking(parcel),
        "insurance": _about_insurance(parcel, value, currency),
        "return_mark": _about_the_mark(parcel, region),
    }
    return tuple(warning for need in region.parcel_needs for warning in found[need])


def _about_tracking(parcel: ReturnParcel) -> Iterator[Missing]:
    if not parcel.tracking_number:
        yield NO_TRACKING


def _about_insurance(parcel: ReturnParcel, value: Decimal, currency: str) -> Iterator[Missing]:
    if parcel.insured_value is None:
        yield NO_INSURANCE
    elif parcel.insured_currency != currency:
        yield OTHER_CURRENCY
    elif parcel.insured_value < value:
        yield INSURED_BELOW


def _about_the_mark(parcel: ReturnParcel, region: Region) -> Iterator[Missing]:
    mark = region.return_mark
    if parcel.box_marked is False and mark is not None:
        text = Text(
            f"Box or label lacks {mark.en}. This is noted; duties that follow from it are for a "
            "person to settle.",
            f"箱またはラベルに所定の記載（{mark.ja}）がありません。記録に留め、関税が生じた場合は担当者が"
            "判断します。",
        )
        yield Missing("parcel.not_marked", text)


NO_TRACKING = Missing(
    "parcel.no_tracking",
    Text(
        "No tracking number is recorded. This is noted and changes nothing in the claim.",
        "追跡番号が記録されていません。記録に留め、お申し出の扱いは変わりません。",
    ),
)
NO_INSURANCE = Missing(
    "parcel.no_insurance",
    Text(
        "No insured value is recorded. If the parcel is lost, a person decides who bears it.",
        "損害補償額が記録されていません。紛失時の負担は担当者が判断します。",
    ),
)
OTHER_CURRENCY = Missing(
    "parcel.insured_in_other_currency",
    Text(
        "The parcel is insured in another currency than the price; a person compares the two.",
        "損害補償の通貨が商品価格の通貨と異なるため、担当者が確認します。",
    ),
)
INSURED_BELOW = Missing(
    "parcel.insured_below_value",
    Text(
        "The parcel is insured below the item's value. The carrier may not insure more; if it is "
        "lost, a person decides who bears the rest.",
        "損害補償額が商品の価額に満たない状態です。配送業者の補償上限による場合があり、紛失時の差額の"
        "負担は担当者が判断します。",
    ),
)
SENT_LATE = Missing(
    "parcel.sent_late",
    Text(
        "The parcel was told of after the day that the item was asked back by. This is noted; the "
        "approval stands, and the parcel is handled as approved.",
        "ご返送をお願いした期日より後に記録された荷物です。記録に留め、承認は有効なまま、承認済みの荷物と"
        "して取り扱います。",
    ),
)
