"""What is said of a change of condition, in both languages."""

from typing import Literal

from evidence.text import Text

Answer = Literal["new", "visible_before", "not_visible_before"]

KINDS = {
    "crease": Text("Crease", "折れ"),
    "scratch": Text("Scratch", "擦り傷"),
    "stain": Text("Stain", "汚れ"),
    "dent": Text("Dent", "へこみ"),
    "edge_wear": Text("Wear at the edge", "縁のスレ"),
    "corner_wear": Text("Wear at the corner", "角のスレ"),
    "print_difference": Text("Different print", "印刷の相違"),
    "differs": Text("A change whose kind cannot be told", "種類を特定できない変化"),
    "hidden": Text("Hidden place", "写っていない箇所"),
}
ANSWERS: dict[Answer, Text] = {
    "new": Text("on the photo in question only", "お送りいただいた写真にのみ見られます"),
    "visible_before": Text("visible before shipping too", "発送前の写真にも見られます"),
    "not_visible_before": Text(
        "the pre-shipment photo does not show this place, so it cannot be said when it came",
        "発送前の写真ではこの箇所を確認できないため、いつ生じたかは判断できません",
    ),
}
# On busy print two photos do not tell which of them shows it: dust may lie on the shop's.
EITHER = Text(
    "the photos differ here; look which of the two shows it",
    "2枚の写真で見え方が異なります。どちらに写っているかは目でご確認ください",
)


def describe_change(kind: str, answer: Answer | None) -> Text | None:
    """Return kind and answer in words, None where no answer was given.

    Args:
        kind: one of ``KINDS``.
        answer: whether the reference shows it too.
    """
    if answer is None:
        return None
    name = KINDS[kind]
    said = EITHER if (kind, answer) == ("differs", "new") else ANSWERS[answer]
    return Text(f"{name.en}: {said.en}.", f"{name.ja}：{said.ja}。")
