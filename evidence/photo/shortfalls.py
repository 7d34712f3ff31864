"""What a photo can lack, in words, with the shot that would mend it."""

from dataclasses import dataclass

from evidence.text import Text


@dataclass(frozen=True, slots=True)
class Shortfall:
    """What a photo lacks, and the shot that would mend it.

    Attributes:
        code: stable name, such as ``too_small``.
        text: what is wrong and what to do, for the person with the camera.
        place: where on the item, one of ``hidden.PLACES``; None where it is all of it.
    """

    code: str
    text: Text
    place: str | None = None


SHORTFALLS = {
    "no_outline": Text(
        "The edge of the item was not found. Photograph the whole item alone, from straight "
        "above, on a plain ground of another colour.",
        "商品の外周を検出できません。商品だけを、色の異なる無地の背景に置き、真上から全体を撮影してください。",
    ),
    "cut_off": Text(
        "The picture cuts off part of the item. Step back until the whole item is in it, and "
        "take it again.",
        "商品の一部が画面からはみ出しています。商品全体が入るように離れて撮り直してください。",
    ),
    "too_small": Text(
        "The item is too small in the photo. Move closer until it fills most of the picture.",
        "商品が小さく写っています。画面の大部分を占めるまで近づいて撮影してください。",
    ),
    "blurred": Text(
        "The photo is blurred. Hold the camera still, tap the item to focus, and take it again.",
        "写真がぼやけています。カメラを固定し、商品に焦点を合わせて撮り直してください。",
    ),
    "too_dark": Text(
        "The photo is too dark. Add light from the side and take it again.",
        "写真が暗すぎます。横から光を足して撮り直してください。",
    ),
    "clipped": Text(
        "Large parts are pure black or white. Use softer light and take it again.",
        "黒つぶれ・白とびの部分が多くあります。柔らかい光で撮り直してください。",
    ),
    "glare": Text(
        "Glare hides part of the item. Tilt it or move the lamp, and take it again.",
        "反射で商品の一部が見えません。角度か照明の位置を変えて撮り直してください。",
    ),
    "shadow": Text(
        "Shadow hides part of the item. Light it evenly from the side, and take it again.",
        "影で商品の一部が見えません。横から均一に光を当てて撮り直してください。",
    ),
    "few_details": Text(
        "Too few details can be seen on the item. Photograph it sharply, from closer, in even "
        "light.",
        "商品の細部がほとんど写っていません。明るく均一な光で、近くから鮮明に撮影してください。",
    ),
}


AT_PLACE = {  # the same, where it is known which part of the item lacks it
    "cut_off": Text(
        "The picture cuts off {place}. Step back until the whole item is in it, and take it again.",
        "{place}が画面からはみ出しています。商品全体が入るように離れて撮り直してください。",
    ),
    "blurred": Text(
        "The photo is blurred at {place}. Hold the camera still, tap there to focus, and take it "
        "again.",
        "{place}がぼやけています。カメラを固定し、その部分に焦点を合わせて撮り直してください。",
    ),
    "glare": Text(
        "Glare hides {place}. Tilt it or move the lamp, and take it again.",
        "反射で{place}が見えません。角度か照明の位置を変えて撮り直してください。",
    ),
    "shadow": Text(
        "Shadow hides {place}. Light it evenly from the side, and take it again.",
        "影で{place}が見えません。横から均一に光を当てて撮り直してください。",
    ),
}
PLACES = {
    "upper_left": Text("the upper left of the item", "商品の左上"),
    "upper": Text("the upper part of the item", "商品の上部"),
    "upper_right": Text("the upper right of the item", "商品の右上"),
    "left": Text("the left side of the item", "商品の左側"),
    "middle": Text("the middle of the item", "商品の中央"),
    "right": Text("the right side of the item", "商品の右側"),
    "lower_left": Text("the lower left of the item", "商品の左下"),
    "lower": Text("the lower part of the item", "商品の下部"),
    "lower_right": Text("the lower right of the item", "商品の右下"),
    "most": Text("most of the item", "商品の大部分"),
}


def name_shortfall(code: str, place: str | None = None) -> Shortfall:
    """Return the shortfall with this code, its text naming the place where one is given.

    Args:
        code: a key of ``SHORTFALLS``; with a place, one of ``AT_PLACE``.
        place: a key of ``PLACES``.
    """
    if place is None:
        return Shortfall(code, SHORTFALLS[code])
    told, where = AT_PLACE[code], PLACES[place]
    text = Text(told.en.format(place=where.en), told.ja.format(place=where.ja))
    return Shortfall(code, text, place)
