"""What the photos say beyond the verdict: against the order, on the condition, on the files."""

from collections.abc import Iterator

from evidence.comparison.verdict import Finding
from evidence.policy import explanations
from evidence.policy.case import Case
from evidence.text import Text

SAME = ("same_item", "same_design")
OTHER = ("different_product", "different_copy")


def list_observations(case: Case) -> tuple[Finding, ...]:
    """List the findings that rest on the case alone; none of them weighs against anybody."""
    return (*_against_the_order(case), *_on_the_condition(case), *case.signals)


def _against_the_order(case: Case) -> Iterator[Finding]:
    """Compare three ways: catalogue, pre-shipment photos, customer's photos (reading 14)."""
    if case.packed_as_ordered == "different_product":
        yield _PACKED_OTHERWISE
    elif case.packed_as_ordered in SAME:
        yield _PACKED_AS_ORDERED
    seen = case.verdict.verdict if case.verdict else None
    if case.received_as_ordered in SAME and seen == "different_product":
        yield _FILED_WRONGLY
    if case.found_elsewhere:
        names = ", ".join(case.found_elsewhere)
        yield Finding(
            "three_way.found_elsewhere",
            Text(
                f"What the customer's photo shows was found among the pre-shipment photos of "
                f"other orders: {names}.",
                f"お客様の写真の商品が、別のご注文の発送前の写真に見つかりました：{names}。",
            ),
            innocent_explanations=explanations.OTHER_PRODUCT,
        )
    elif case.found_elsewhere is not None:
        yield _NOT_FOUND_ELSEWHERE


def _on_the_condition(case: Case) -> Iterator[Finding]:
    """Say since when a change is there: only what is new can have happened since (reading 28)."""
    if case.reason not in ("damage", "defect") or case.verdict is None:
        return
    if case.verdict.verdict in OTHER:
        return
    answers = {region.answer for region in case.verdict.regions}
    if "new" in answers:
        yield _NEW
    if "visible_before" in answers:
        yield _VISIBLE_BEFORE
    if "not_visible_before" in answers:
        yield _NOT_VISIBLE_BEFORE


_PACKED_OTHERWISE = Finding(
    "three_way.packed_otherwise",
    Text(
        "Our photo before packing shows another product than the catalogue's picture of what was "
        "ordered.",
        "梱包前の写真の商品は、ご注文商品のカタログ画像と異なります。",
    ),
    innocent_explanations=(
        Text(
            "The catalogue's picture shows another printing than the one that was sold.",
            "カタログ画像が、販売した商品とは別の版を示している可能性があります。",
        ),
    ),
)
_PACKED_AS_ORDERED = Finding(
    "three_way.packed_as_ordered",
    Text(
        "Our photo before packing shows the product of the catalogue's picture.",
        "梱包前の写真の商品は、カタログ画像の商品と一致します。",
    ),
)
_FILED_WRONGLY = Finding(
    "three_way.filed_wrongly",
    Text(
        "The customer's photo shows the product that was ordered, our photo before packing does "
        "not: it may have been filed under the wrong item.",
        "お客様の写真にはご注文の商品が写っていますが、梱包前の写真には写っていません。発送前の写真が別の"
        "商品に登録された可能性があります。",
    ),
)
_NOT_FOUND_ELSEWHERE = Finding(
    "three_way.not_found_elsewhere",
    Text(
        "The item in the customer's photo was not found among the pre-shipment photos of other "
        "orders. That settles nothing: not every item is photographed.",
        "お客様の写真の商品は、他のご注文の発送前の写真には見つかりませんでした。すべての商品を撮影している"
        "わけではないため、これだけでは判断できません。",
    ),
)
_NEW = Finding(
    "condition.new",
    Text(
        "The item shows something that our photo before packing does not, at the places listed. "
        "It happened since, on the way or later, or other light hid it then.",
        "記載の箇所に、梱包前の写真には見られない変化があります。その後（輸送中またはそれ以降）に生じたか、"
        "撮影時の光では写らなかった可能性があります。",
    ),
    innocent_explanations=(
        Text(
            "Dust or a reflection on our own photo can look like a change where the print is busy.",
            "絵柄の細かい箇所では、当店の写真に写り込んだほこりや反射が、変化のように見えることがあります。",
        ),
    ),
)
_VISIBLE_BEFORE = Finding(
    "condition.visible_before",
    Text(
        "Something claimed may have been there before packing, at the places listed. Within the "
        "condition that was sold it is no defect; below that condition it is the shop's side. A "
        "person compares it with the description.",
        "記載の箇所の傷みは、梱包前から存在していた可能性があります。販売時の状態の範囲内であれば不良には"
        "あたらず、それを下回る場合は当店の責任です。担当者が商品説明と照合します。",
    ),
    innocent_explanations=(
        Text(
            "The description or the grade did not tell the customer of it.",
            "商品説明や等級の表示では、お客様に伝わらなかった可能性があります。",
        ),
    ),
)
_NOT_VISIBLE_BEFORE = Finding(
    "condition.not_visible_before",
    Text(
        "A place that our photo before packing does not show cannot be judged; that is not held "
        "against the customer.",
        "梱包前の写真に写っていない箇所については判断できません。これをお客様の不利には扱いません。",
    ),
)
