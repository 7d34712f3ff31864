"""Why each final rule proposes what it does, with what else could explain it."""

from dataclasses import dataclass

from evidence.policy import explanations
from evidence.text import Text


@dataclass(frozen=True, slots=True)
class FinalGrounds:
    """A final rule's reason, and innocent explanations where it weighs against the customer."""

    text: Text
    innocent_explanations: tuple[Text, ...] = ()


WEAR = (
    Text(
        "It was harmed on its way back, not by the customer.",
        "返送の輸送中に傷んだ可能性があり、お客様によるものとは限りません。",
    ),
    Text(
        "It was there before and not visible in the earlier photos.",
        "以前からあったものの、先の写真には写っていなかった可能性があります。",
    ),
)
NO_APPROVAL = (
    Text(
        "The approval mail was not received, or the customer believed that it was given.",
        "承認のメールが届いていない、または承認済みと思われた可能性があります。",
    ),
)
GROUNDS: dict[str, FinalGrounds] = {
    "customer_reason_returned": FinalGrounds(
        Text(
            "The inspection holds it for a return for the customer's own reasons, which is not "
            "accepted: send it back, with the fees listed. A supervisor may refund less fees "
            "instead. Nothing is charged by this.",
            "検品の結果、お客様のご都合による返品と見られ、規約上承っていません。列挙した費用とともに"
            "返送を提案します。責任者の判断で費用を差し引いた返金も可能です。自動的な請求は行いません。",
        ),
        explanations.OTHER_REASON,
    ),
    "parcel_not_approved": FinalGrounds(
        Text(
            "The parcel came without an approval. It is kept apart, and a person decides.",
            "承認前に荷物が到着したため別途保管し、担当者が判断します。",
        ),
        NO_APPROVAL,
    ),
    "wrong_item_confirmed": FinalGrounds(
        Text(
            "The inspector confirmed that the item is not the one ordered and that the shop is "
            "at fault.",
            "ご注文と異なる商品であり、当店の責任であることを検品担当者が確認しました。",
        )
    ),
    "other_item_returned": FinalGrounds(
        Text(
            "The returned item looks other than the one before shipping. A person compares both; "
            "photos alone settle nothing.",
            "返送された商品が発送前のものと異なるように見えます。担当者が両者を確認します。"
            "写真のみで結論は出しません。",
        ),
        (*explanations.OTHER_PRODUCT, *explanations.OTHER_COPY),
    ),
    "changed_since_the_claim": FinalGrounds(
        Text(
            "Its condition is other than the customer's photos showed. A person judges it.",
            "お客様の写真と状態が異なるため、担当者が判断します。",
        ),
        WEAR,
    ),
    "identity_unsettled": FinalGrounds(
        Text(
            "Neither the inspector nor the photos settle which item came back.",
            "返送された商品が同一であるか、検品でも写真でも確定していません。",
        )
    ),
    "fault_unconfirmed": FinalGrounds(
        Text(
            "The item came back; nobody has confirmed yet who is at fault.",
            "商品は返送されましたが、責任の所在がまだ確認されていません。",
        )
    ),
    "shop_at_fault": FinalGrounds(
        Text(
            "The inspector confirmed the item and that the shop is at fault.",
            "商品の同一性と当店の責任を検品担当者が確認しました。",
        )
    ),
    "transit_at_fault": FinalGrounds(
        Text(
            "The inspector confirmed the item and harm in transit: at the shop's expense. Open a "
            "claim with the carrier too.",
            "商品の同一性と輸送中の損傷を検品担当者が確認しました。費用は当店負担とし、配送業者への"
            "補償請求も行います。",
        )
    ),
}
