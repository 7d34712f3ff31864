"""What is said about the copy, in both languages; it states what was seen, never a motive."""

from collections.abc import Iterable

from evidence.comparison.cut_geometry import CutMove
from evidence.comparison.verdict import Finding
from evidence.photo.shortfalls import Shortfall
from evidence.text import Text

BARE_FRONT = Shortfall(
    "bare_front",
    Text(
        "To tell which copy it is: photograph the front out of its sleeve if that is safe, the "
        "whole card, from straight above, on a plain ground of another colour, filling the "
        "picture.",
        "どの個体かを確認するには、安全に取り出せる場合はスリーブから出し、色の異なる無地の背景に置いて、"
        "真上から、カード全体が画面いっぱいになるように表面を撮影してください。",
    ),
)
LABEL = Shortfall(
    "number",
    Text(
        "To tell which copy it is: photograph the label or the printed number from close by, "
        "straight on, without reflections.",
        "どの個体かを確認するには、ラベルまたは印字された番号を、正面から近づいて、反射なしで撮影してください。",
    ),
)
INNOCENT = (
    Text(
        "Another copy of the customer's was photographed by mistake.",
        "お客様がお持ちの別の個体を誤って撮影された可能性があります。",
    ),
    Text(
        "We packed, or photographed before packing, another copy.",
        "当店が別の個体を梱包した、または梱包前に別の個体を撮影した可能性があります。",
    ),
    Text(
        "The card lay bent, or the edge of a sleeve or a shadow was taken for the card's.",
        "カードが反っていた、またはスリーブの縁や影をカードの縁と誤認した可能性があります。",
    ),
)
INNOCENT_MISSING = Text(
    "What seemed to be marks was dust that has been wiped away, or a sleeve, a reflection or the "
    "phone's own smoothing hides them.",
    "傷や点に見えたものは拭き取られたほこりである、またはスリーブ・反射・スマートフォンの補正で"
    "見えなくなっている可能性があります。",
)
INNOCENT_NUMBER = (
    *INNOCENT[:2],
    Text(
        "The card was put into a new holder with a new number, or a character was misread.",
        "新しい番号のケースに入れ直された、または文字を読み誤った可能性があります。",
    ),
)


def cut_agrees(move: CutMove) -> Text:
    """Say that the cut has not moved."""
    return Text(
        "The card is cut at the same place beside its print in both photos, to within "
        f"{_moved(move):.2f} mm. Copies usually differ by some tenths of a millimetre, but those "
        "cut in one stack may be alike.",
        f"印刷に対する裁断の位置は二枚の写真で{_moved(move):.2f} mm以内で一致しています。個体ごとに"
        "通常は0.数mm異なりますが、同時に裁断されたものは似ることがあります。",
    )


def cut_differs(move: CutMove) -> Text:
    """Say by how much the cut lies elsewhere."""
    return Text(
        "Measured from the print, the cut lies elsewhere: "
        f"{abs(move.right_mm):.2f} mm to the {'right' if move.right_mm > 0 else 'left'}, "
        f"{abs(move.down_mm):.2f} mm {'down' if move.down_mm > 0 else 'up'}, "
        f"turned by {abs(move.degrees):.2f} degrees. A cut never changes.",
        "印刷に対する裁断の位置が異なります："
        f"{'右' if move.right_mm > 0 else '左'}へ{abs(move.right_mm):.2f} mm、"
        f"{'下' if move.down_mm > 0 else '上'}へ{abs(move.down_mm):.2f} mm、"
        f"傾き{abs(move.degrees):.2f}度。裁断の位置は後から変わりません。",
    )


def cut_doubtful(move: CutMove) -> Text:
    """Say that the cut was measured and settles nothing."""
    return Text(
        f"Measured from the print, the cut seems to lie {_moved(move):.2f} mm apart, "
        "which is too little for another copy and too much for the same one.",
        f"印刷に対する裁断の位置の差は約{_moved(move):.2f} mmで、同一とも別の個体とも"
        "判断できません。",
    )


BY_SIZE = Text(
    "One photo hardly shows the card's corners, so there the cut was told by its size, which the "
    "other photo shows.",
    "一方の写真ではカードの角がほとんど見えないため、もう一方の写真に写る大きさから裁断の位置を求めました。",
)
MAY_AGREE = Text(
    "What one photo shows of the cut agrees with the other photo, but it hardly shows the card's "
    "corners, so that this settles nothing.",
    "一方の写真に写る裁断の位置はもう一方と一致しますが、カードの角がほとんど見えないため、決め手にはなりません。",
)
NONE_MISSING = Text(
    "No small mark of the first photo is missing in the photo in question. That weighs nothing: "
    "many copies have none.",
    "発送前の写真に見える小さな点や傷で、今回の写真から失われたものはありません。もともと点や傷のない個体も"
    "多いため、決め手にはなりません。",
)


def some_missing(count: int) -> Text:
    """Say how many small marks are not there any more."""
    return Text(
        f"{count} small marks of the photo before shipping, such as specks, are not seen in the "
        "photo in question. Wear does not heal, but dust is wiped away, so this alone settles "
        "nothing.",
        f"発送前の写真に見える小さな点や傷のうち{count}か所が、今回の写真では見えません。傷は元に戻りませんが、"
        "ほこりであれば拭き取れるため、これだけでは判断できません。",
    )


def joined(texts: Iterable[Text]) -> Text:
    """Say one after the other."""
    texts = tuple(texts)
    return Text(" ".join(text.en for text in texts), "".join(text.ja for text in texts))


NOT_SEEN = {
    "size": Text(
        "The item's size is not known, so its cut cannot be measured.",
        "商品の寸法が不明なため、裁断の位置を測定できません。",
    ),
    "print": Text(
        "Too little of the print is seen sharp and flat in both photos to measure the cut by it.",
        "印刷が両方の写真で十分に鮮明かつ平らに写っていないため、裁断の位置を測定できません。",
    ),
    "cut": Text(
        "The card's own edge and its round corners are not seen clearly all around.",
        "カード自体の縁と丸い角が全周にわたって明瞭に写っていません。",
    ),
    "unlike": Text(
        "The edges that were found in the two photos are not the same ones; a sleeve or a shadow "
        "may be among them.",
        "二枚の写真で検出した縁が同じものではありません。スリーブや影の可能性があります。",
    ),
}

NO_NUMBER = Text(
    "No number of the copy can be read at the same place in both photos.",
    "個体の番号を両方の写真の同じ位置で読み取れません。",
)


def number_agrees(number: str, *, code: bool = False) -> Text:
    """Say that a number, or a bar or QR code, reads alike."""
    what = _named(code)
    return Text(
        f"The {what.en} {number} reads alike in both photos. That says little: it can be copied.",
        f"{what.ja} {number} は二枚の写真で一致しています。{what.ja}は複製できるため、"
        "決め手にはなりません。",
    )


def number_differs(reference: str, query: str, *, code: bool = False) -> Text:
    """Say that a number, or a code, reads differently."""
    what = _named(code)
    return Text(
        f"The {what.en} reads {reference} before shipping and {query} in the photo in question.",
        f"{what.ja}は発送前の写真では {reference}、今回の写真では {query} と読めます。",
    )


def number_doubtful(reference: str, query: str, *, code: bool = False) -> Text:
    """Say that a number, or a code, cannot be read for certain."""
    what = _named(code)
    return Text(
        f"The {what.en} reads {reference} before shipping; in the photo in question it cannot be "
        f"read for certain ({query or 'nothing'}).",
        f"{what.ja}は発送前の写真では {reference} ですが、今回の写真では確実に読み取れません"
        f"（{query or '読み取り不可'}）。",
    )


def _named(code: bool) -> Text:
    return Text("bar or QR code", "バーコードまたはQRコード") if code else Text("number", "番号")


def same_copy(text: Text) -> Finding:
    """Say that marks of the copy agree."""
    return Finding("copy.same", text)


def other_copy(text: Text, *, numbers: bool, missing: bool = False) -> Finding:
    """Say that marks of the copy differ."""
    innocent = [
        *(INNOCENT_NUMBER if numbers else INNOCENT),
        *([INNOCENT_MISSING] if missing else []),
    ]
    return Finding("copy.other", text, innocent_explanations=tuple(innocent))


def undetermined(why: Text) -> Finding:
    """Say that the copy is left open, and why."""
    return Finding(
        "copy.undetermined",
        Text(
            f"Whether it is the very same copy of this design is not determined. {why.en}",
            f"同じデザインの中の同一の個体かどうかは判定していません。{why.ja}",
        ),
    )


def _moved(move: CutMove) -> float:
    return max(abs(move.right_mm), abs(move.down_mm), 0.01)
