"""What a second reader is asked and told, in both languages."""

from evidence.text import Text

QUESTION = Text(
    "Do the customer's photos show the very item that the photos before shipping show?",
    "お客様の写真に写っているのは、発送前の写真に写っている商品そのものですか。",
)
ANSWERS: dict[str, Text] = {
    "same_item": Text("The very same item.", "同一の品物です。"),
    "different_copy": Text(
        "The same product, but another copy of it.", "同じ商品ですが、別の個体です。"
    ),
    "different_product": Text("Another product.", "別の商品です。"),
    "inconclusive": Text("The photos do not tell.", "写真からは判断できません。"),
}
CONFIDENCES: dict[str, Text] = {
    "certain": Text("I have no doubt.", "疑いの余地はありません。"),
    "likely": Text("I think so, with some doubt.", "多少の疑いは残りますが、そう考えます。"),
    "unsure": Text("It is my guess; do not build on it.", "推測であり、根拠にはできません。"),
}
WITH_VERDICT: dict[str, Text] = {
    "agrees": Text(
        "The reader and the comparison say the same.", "第二確認者と比較結果は一致しています。"
    ),
    "differs": Text(
        "The reader and the comparison say different things. Either may be wrong.",
        "第二確認者と比較結果が異なります。どちらが誤っていることもあり得ます。",
    ),
    "open": Text(
        "One of the two leaves open what the other says.",
        "一方が判断を保留しているため、一致・不一致は言えません。",
    ),
}
WITH_DECISION: dict[str, Text] = {
    "agrees": Text("The answer goes along with the decision.", "回答は判断と整合しています。"),
    "differs": Text(
        "The answer does not go along with the decision. A person looks at both again.",
        "回答は判断と整合していません。担当者が双方を改めて確認します。",
    ),
    "open": Text(
        "The decision does not say which item the photos show, or the reader leaves it open.",
        "判断が写真の商品を特定するものではないか、第二確認者が判断を保留しています。",
    ),
}
