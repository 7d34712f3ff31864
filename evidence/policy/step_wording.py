"""The steps of the shop and of the customer in words; some say what policy or case name."""

from evidence.policy.facts import Facts
from evidence.text import Text


def word_step(step: str, facts: Facts) -> Text:
    """Say a step; the customer's begin with whose they are, in either language."""
    if step in STEPS:
        return STEPS[step]
    return {"insurance": _insurance, "return_mark": _return_mark, "send_by": _send_by}[step](facts)


def _insurance(facts: Facts) -> Text:
    value = f"{facts.case.declared_value:,f} {facts.case.currency}"
    return Text(
        f"Customer: insure the parcel against loss to the item's value, {value}. If the carrier "
        "insures less, ask us before sending.",
        f"お客様：商品の価額（{value}）に相当する損害補償を付けてお送りください。配送業者の補償上限が"
        "これに満たない場合は、発送前にご相談ください。",
    )


def _return_mark(facts: Facts) -> Text:
    mark = facts.reckoning.region.return_mark
    if mark is None:
        raise ValueError("a policy that asks for a mark words it")
    return Text(
        f"Customer: mark both the box and the return label or invoice {mark.en}.",
        f"お客様：箱と、返送ラベルまたはインボイスの両方に、{mark.ja}と記載してください。",
    )


def _send_by(facts: Facts) -> Text:
    days = facts.reckoning.region.return_days
    return Text(
        f"Customer: please send it within {days} days of that confirmation. If you need longer, "
        "tell us: the approval stays valid.",
        f"お客様：そのご連絡から{days}日以内にお送りください。それより後になる場合はお知らせください。"
        "承認は引き続き有効です。",
    )


STEPS: dict[str, Text] = {
    "find_policy": Text(
        "Shop: find the policy that was in force when the order was placed.",
        "店舗：ご注文時に有効であった規約を確認する。",
    ),
    "legal_review": Text(
        "Shop: have checked whether a right to withdraw applies in the customer's country.",
        "店舗：お客様の国で撤回権が適用されるかを確認する。",
    ),
    "ask_reason": Text(
        "Shop: make sure that no damage, defect, shortage or incorrect item is meant.",
        "店舗：損傷・不良・不足・誤送についてのお申し出でないことを確認する。",
    ),
    "decline": Text(
        "Shop: a named person decides; if it is declined, tell the customer why, with the clause.",
        "店舗：担当者（記名）が判断し、お断りする場合は、条項とともに理由をお客様にお伝えする。",
    ),
    "if_it_arrives": Text(
        "Shop: if the item arrives all the same, keep it apart, and propose to send it back with "
        "the listed costs billed; a refund less fees needs a supervisor. Nothing is charged "
        "automatically.",
        "店舗：それでも商品が届いた場合は別に保管し、記載の費用をご負担いただいたうえでの返送を提案する。"
        "手数料を差し引いた返金には責任者の承認が必要。自動的な請求は行わない。",
    ),
    "search_orders": Text(
        "Shop: search the pre-shipment photos of all other orders for the item shown; a hit "
        "means that we mixed up two orders.",
        "店舗：写真の商品を、他のすべてのご注文の発送前の写真から検索する。見つかれば当店の取り違えである。",
    ),
    "check_other_order": Text(
        "Shop: check where the item of that other order is now, and ask its customer if need be.",
        "店舗：該当する別のご注文の商品が現在どこにあるかを確認し、必要に応じてそのお客様にも確認する。",
    ),
    "further_photos": Text(
        "Customer: please send further photos of the item, front and back, the corners close up.",
        "お客様：商品の表面・裏面と、四隅の拡大写真を追加でお送りください。",
    ),
    "check_packing": Text(
        "Shop: check the packing record and the pre-shipment photos for a mix-up of our own.",
        "店舗：梱包記録と発送前の写真を確認し、当店側の取り違えがないか調べる。",
    ),
    "offer_inspection": Text(
        "Shop: offer to inspect the item itself if photos cannot settle it.",
        "店舗：写真で確認できない場合は、現物の確認をご提案する。",
    ),
    "decide": Text(
        "Shop: a named person decides and writes down the reason.",
        "店舗：担当者（記名）が判断し、理由を記録する。",
    ),
    "check_delivery": Text(
        "Shop: check that the delivery event is a handover to the recipient, not an absence "
        "notice.",
        "店舗：配送記録が不在通知ではなく、受取人への引き渡しであることを確認する。",
    ),
    "check_contacts": Text(
        "Shop: look for an earlier message from the customer on any channel.",
        "店舗：お客様からのより早いご連絡が、いずれかの窓口に届いていないか確認する。",
    ),
    "ask": Text(
        "Customer: please send what is listed as missing.",
        "お客様：不足している項目をお送りください。",
    ),
    "clock_stopped": Text(
        "Shop: the first message has stopped the clock; what is asked for may follow later.",
        "店舗：最初のご連絡で期間の進行は止まっている。不足分は後からお送りいただいてよい。",
    ),
    "note": Text(
        "Customer: please also send a photo of the delivery note if you have it; the case goes on "
        "without it.",
        "お客様：お手元にあれば、納品書の写真もお送りください。なくても手続きは進みます。",
    ),
    "shortage_photos": Text(
        "Customer: please send photos of the delivery note and of the unpacking if you have them.",
        "お客様：お手元にあれば、納品書と開封時の写真をお送りください。",
    ),
    "check_parcel": Text(
        "Shop: compare the pre-shipment photos, the parcel's weight and the delivery note, and "
        "see whether another parcel is still on its way.",
        "店舗：発送前の写真、荷物の重量、納品書を照合し、別便が配送中でないか確認する。",
    ),
    "pick_remedy": Text(
        "Shop: a named person confirms the cause and chooses to send what is missing or to refund "
        "a part.",
        "店舗：担当者（記名）が原因を確認し、不足分の発送または一部返金を選択する。",
    ),
    "compare_order": Text(
        "Shop: compare the pre-shipment photo with what was ordered; if we packed what was not "
        "ordered, the error is ours.",
        "店舗：発送前の写真とご注文内容を照合する。ご注文と異なる商品を梱包していれば当店の誤りである。",
    ),
    "ask_difference": Text(
        "Customer: please tell us in what the item differs from your order.",
        "お客様：商品がご注文内容とどのように異なるかをお知らせください。",
    ),
    "confirm_fault": Text(
        "Shop: a named person confirms the cause; an approval on photos is provisional.",
        "店舗：担当者（記名）が原因を確認する。写真による承認は仮のものである。",
    ),
    "carrier_claim": Text(
        "Shop: if it was damaged in transit, open a claim with the carrier too.",
        "店舗：輸送中の損傷であれば、配送業者への補償請求も行う。",
    ),
    "confirm_return": Text(
        "Shop: confirm the approval to the customer by mail, with the address to send it to.",
        "店舗：承認の旨と返送先の住所を、メールでお客様にお知らせする。",
    ),
    "send_back": Text(
        "Customer: after that confirmation, send the item to the designated address.",
        "お客様：そのご連絡の後、指定の住所へ商品をお送りください。",
    ),
    "tracking": Text(
        "Customer: send it by a service with a tracking number.",
        "お客様：追跡番号のある配送方法でお送りください。",
    ),
    "inspect": Text(
        "Shop: inspect the returned item; the final decision may differ, with a reason.",
        "店舗：返送された商品を検品する。最終判断は、理由を付して仮承認と異なる場合がある。",
    ),
    "settle": Text(
        "Shop: refund, or send a replacement if the same product in the same grade and condition "
        "is in stock.",
        "店舗：返金する。同じ商品で同じ等級・状態の在庫があれば、交換品を発送することもできる。",
    ),
}
