"""Why each rule proposes what it does, under the rule's name."""

from dataclasses import dataclass

from evidence.policy import explanations
from evidence.text import Text


@dataclass(frozen=True, slots=True)
class Grounds:
    """The reason of one rule, and the innocent explanations if it is adverse."""

    text: Text
    innocent_explanations: tuple[Text, ...] = ()


REASONS: dict[str, Grounds] = {
    "order_before_policy": Grounds(
        Text(
            "The order is older than every policy text on file; a person finds the one that "
            "applied.",
            "ご注文は、登録されているどの規約よりも前のものです。適用される規約を担当者が確認します。",
        )
    ),
    "cancellation_needs_legal_review": Grounds(
        Text(
            "The policy accepts no cancellation or change, but the law of the customer's country "
            "may give a right to withdraw; a person checks it.",
            "規約上、キャンセル・変更は承っていませんが、お客様の国の法律により撤回権が認められる"
            "場合があるため、担当者が確認します。",
        ),
        explanations.OTHER_REASON,
    ),
    "cancellation_not_accepted": Grounds(
        Text(
            "The policy accepts no cancellation or change of an order once placed.",
            "規約上、ご注文後のキャンセル・変更は承っていません。",
        ),
        explanations.OTHER_REASON,
    ),
    "customer_reason_needs_legal_review": Grounds(
        Text(
            "The policy accepts no return for the customer's own reasons, but the law of the "
            "customer's country may give a right to withdraw; a person checks it.",
            "規約上、お客様のご都合による返品は承っていませんが、お客様の国の法律により撤回権が"
            "認められる場合があるため、担当者が確認します。",
        ),
        explanations.OTHER_REASON,
    ),
    "customer_reason_not_accepted": Grounds(
        Text(
            "The policy accepts no return or exchange for the customer's own reasons. If the item "
            "arrives all the same, the costs listed here are the customer's.",
            "規約上、お客様のご都合による返品・交換は承っていません。それでも商品が返送された場合、"
            "ここに示す費用はお客様のご負担となります。",
        ),
        explanations.OTHER_REASON,
    ),
    "packed_otherwise_told_late": Grounds(
        Text(
            "Our photo before packing shows another product than the catalogue's picture of what "
            "was ordered, and the customer's photo shows what we packed. The shop was told after "
            "the window; since the error seems to be ours, a person judges it.",
            "梱包前の写真の商品はご注文商品のカタログ画像と異なり、お客様の写真は当店が梱包した商品と"
            "一致します。ご連絡は期間を過ぎていますが、当店の誤りと思われるため、担当者が判断します。",
        ),
        explanations.LATE,
    ),
    "mix_up_found": Grounds(
        Text(
            "The item in the customer's photo was found among our pre-shipment photos of another "
            "order, so we may have mixed up two orders. A person checks the orders named.",
            "お客様の写真の商品が、別のご注文の発送前の写真の中に見つかりました。当店が二件のご注文を"
            "取り違えた可能性があるため、担当者が該当のご注文を確認します。",
        ),
        explanations.OTHER_PRODUCT,
    ),
    "mix_up_to_clear": Grounds(
        Text(
            "The photos show an item other than the one photographed before packing, as the "
            "customer says. Where it was mixed up cannot be told from photos: inspect.",
            "お客様のお申し出どおり、写真の商品は梱包前に撮影した商品と異なります。どの時点で"
            "入れ違いが生じたかは写真では判断できないため、現物を確認します。",
        ),
        explanations.OTHER_PRODUCT,
    ),
    "other_product_shown": Grounds(
        Text(
            "The customer's photo shows another product than the one photographed before "
            "packing. Further photos or an inspection come before any decision.",
            "お客様の写真には、梱包前に撮影した商品とは別の商品が写っています。判断の前に、"
            "追加の写真または現物の確認が必要です。",
        ),
        explanations.OTHER_PRODUCT,
    ),
    "other_copy_shown": Grounds(
        Text(
            "The customer's photo shows the same product but seems to show another copy of it. "
            "Further photos or an inspection come before any decision.",
            "お客様の写真には同じ商品が写っていますが、別の個体のように見えます。判断の前に、"
            "追加の写真または現物の確認が必要です。",
        ),
        explanations.OTHER_COPY,
    ),
    "told_late_but_maybe_hidden": Grounds(
        Text(
            "The shop was told after the window. What is claimed may have been hidden until "
            "then, so a person judges it.",
            "ご連絡は期間を過ぎていますが、それまで気付けなかった可能性があるため、担当者が"
            "判断します。",
        ),
        explanations.LATE,
    ),
    "told_late_but_maybe_our_error": Grounds(
        Text(
            "The shop was told after the window. A comparison with what was ordered, or with other "
            "orders, leaves open that the error is ours, so a person judges it.",
            "ご連絡は期間を過ぎていますが、ご注文内容または別のご注文との比較から、当店の誤りである可能性が"
            "残るため、担当者が判断します。",
        ),
        explanations.LATE,
    ),
    "told_late": Grounds(
        Text(
            "The shop was told after the window in which the policy accepts a return.",
            "規約で返品を承る期間を過ぎてからご連絡をいただきました。",
        ),
        explanations.LATE,
    ),
    "photo_too_poor": Grounds(
        Text(
            "The photo does not show enough to compare. Another photo is asked for, as listed.",
            "写真からは比較に十分な情報が得られません。記載のとおり、写真の再送をお願いします。",
        )
    ),
    "facts_missing": Grounds(
        Text(
            "What is listed as missing is needed before the case can be judged.",
            "判断のために、不足している情報が必要です。",
        )
    ),
    "window_in_doubt": Grounds(
        Text(
            "Whether the shop was told in time can be read both ways; a person judges it.",
            "期間内のご連絡かどうかは両様に解釈できるため、担当者が判断します。",
        ),
        explanations.LATE,
    ),
    "shortage": Grounds(
        Text(
            "For a shortage there is nothing to send back. A person chooses to send what is "
            "missing or to refund a part.",
            "不足の場合、返送していただくものはありません。不足分の発送または一部返金を担当者が"
            "選択します。",
        )
    ),
    "photos_declined": Grounds(
        Text(
            "The customer was asked twice and sends no photos, which proves nothing. An "
            "inspection of the item is offered instead.",
            "写真を二度お願いしましたが、お送りいただいておりません。これは何の証明にもなりません。"
            "代わりに現物の確認をご提案します。",
        )
    ),
    "nothing_to_compare": Grounds(
        Text(
            "There is no pre-shipment photo to compare with, so the photos prove nothing either "
            "way.",
            "比較できる発送前の写真がないため、写真からはいずれとも判断できません。",
        )
    ),
    "photos_inconclusive": Grounds(
        Text(
            "The photos do not settle whether it is the same item; a person looks.",
            "写真からは同じ商品かどうか判断できないため、担当者が確認します。",
        )
    ),
    "packed_otherwise": Grounds(
        Text(
            "Our photo before packing shows another product than the catalogue's picture of what "
            "was ordered, and the customer's photo shows what we packed: the error seems to be "
            "ours. The return is authorised provisionally; inspection settles it.",
            "梱包前の写真の商品はご注文商品のカタログ画像と異なり、お客様の写真は当店が梱包した商品と"
            "一致します。当店の誤りと思われるため返品を仮承認し、検品で確定します。",
        )
    ),
    "incorrect_item_not_shown": Grounds(
        Text(
            "The photos show the product that was photographed before packing, so they do not "
            "show that an incorrect item was sent. They do not rule it out either.",
            "写真の商品は梱包前に撮影した商品と一致しており、誤送は写真からは確認できません。"
            "ただし、誤送の可能性を否定するものでもありません。",
        ),
        explanations.NOT_SHOWN,
    ),
    "copy_undetermined_high_value": Grounds(
        Text(
            "The photos show the same product, but not which copy of it. The item is high-value, "
            "so a person looks first.",
            "写真の商品は同じ商品ですが、どの個体かは判断できません。高額商品のため、先に担当者が"
            "確認します。",
        ),
        explanations.OTHER_COPY[2:],
    ),
    "same_item_in_time": Grounds(
        Text(
            "The shop was told in time and the photos show the item that was sent. The return is "
            "authorised provisionally; inspection settles it.",
            "期間内にご連絡をいただき、写真の商品は発送した商品と一致します。返品を仮承認し、"
            "検品で確定します。",
        )
    ),
    "same_design_in_time": Grounds(
        Text(
            "The shop was told in time and the photos show the product that was sent. The return "
            "is authorised provisionally; inspection settles it.",
            "期間内にご連絡をいただき、写真の商品は発送した商品と同じものです。返品を仮承認し、"
            "検品で確定します。",
        )
    ),
    "no_rule_met": Grounds(
        Text(
            "No rule covers this case; a person judges it.",
            "該当する規則がないため、担当者が判断します。",
        )
    ),
}
