"""What is said about findings, in both languages; it states what was seen, never a motive."""

from dataclasses import asdict, replace

from evidence.comparison.appearance import Measures
from evidence.comparison.verdict import Finding
from evidence.photo.quality import Shortfall
from evidence.text import Text

WHOLE_FRONT = Shortfall(
    "whole_front",
    Text(
        "Photograph the whole front, out of its sleeve if that is safe, from straight above, "
        "on a plain ground, in even light without reflections.",
        "安全に取り出せる場合はスリーブから出し、無地の背景に置き、反射のない均一な光で、真上から表面全体を撮影してください。",
    ),
)
ONE_ITEM = Shortfall(
    "one_item",
    Text(
        "Photograph the item alone: several items are in the picture.",
        "複数の商品が写っています。対象の商品だけを撮影してください。",
    ),
)
INNOCENT = (
    Text(
        "The photos show different sides of the same item.",
        "同じ商品の表と裏など、異なる面が写っている可能性があります。",
    ),
    Text(
        "Another item of the customer's was photographed by mistake.",
        "お客様が別の商品を誤って撮影した可能性があります。",
    ),
    Text(
        "We packed, or photographed before packing, another item.",
        "当店が別の商品を梱包した、または梱包前に別の商品を撮影した可能性があります。",
    ),
    Text(
        "Reflections, a sleeve or damage hide the print.",
        "反射・スリーブ・損傷により印刷面が見えていない可能性があります。",
    ),
)


def appearance(measures: Measures, visible: float) -> Finding:
    """Say how well the aligned items agree."""
    whole, worst = measures.agreement, measures.worst_half
    return Finding(
        "design.appearance",
        Text(
            f"Laid on each other, {visible:.0%} of the item can be compared. Its print correlates "
            f"by {whole:.2f} on the whole and by {worst:.2f} in the part that agrees least "
            "(1 is identical, 0 unrelated).",
            f"二枚を重ねると商品の{visible:.0%}を比較できます。印刷の相関は全体で{whole:.2f}、"
            f"最も一致しない部分で{worst:.2f}です（1は同一、0は無関係）。",
        ),
        values={**asdict(measures), "visible": round(visible, 4)},
    )


def unaligned() -> Finding:
    """Say that the print of one item is not found on the other."""
    return Finding(
        "design.unaligned",
        Text(
            "No part of one item's print could be laid on the other's.",
            "一方の印刷を他方に重ね合わせることができませんでした。",
        ),
    )


def too_little(visible: float) -> Finding:
    """Say that too little of the item shows."""
    return Finding(
        "design.hidden",
        Text(
            f"Only {visible:.0%} of the item can be compared in both photos.",
            f"両方の写真で比較できるのは商品の{visible:.0%}だけです。",
        ),
    )


def too_plain() -> Finding:
    """Say that the item carries too little print to be told from others."""
    return Finding(
        "design.too_plain",
        Text(
            "So little of the item carries print that other products may look nearly alike. It "
            "has to be compared by eye.",
            "印刷部分が少なく、他の商品とほとんど同じに見える可能性があるため、目視での確認が必要です。",
        ),
    )


def no_item() -> Finding:
    """Say that what differs may be the ground that the item lies on."""
    return Finding(
        "design.no_item",
        Text(
            "The photos differ in parts, but the edge of an item was found in neither, so what "
            "differs may be the background.",
            "一致しない部分がありますが、どちらの写真でも商品の外周を検出できないため、"
            "背景の違いの可能性があります。",
        ),
    )


def several_items() -> Finding:
    """Say that the photos share several things that do not lie alike."""
    return Finding(
        "design.several_items",
        Text(
            "The photos share many details, but no single flat item explains them: several items "
            "seem to lie in the picture.",
            "二枚の写真には共通点が多くありますが、一枚の平らな商品では説明できません。複数の商品が写っているようです。",
        ),
    )


def alignment(inliers: int, rms_error: float) -> Finding:
    """Say how the map is supported."""
    return Finding(
        "design.alignment",
        Text(
            f"{inliers} details of the print lie in the same places, to {rms_error:.1f} pixels.",
            f"印刷の{inliers}か所の特徴点が誤差{rms_error:.1f}ピクセルで同じ位置にあります。",
        ),
    )


def hash_distance(bits: int) -> Finding:
    """Say how far the perceptual hashes are apart."""
    return Finding(
        "design.hash",
        Text(
            f"The perceptual hashes differ in {bits} of 256 bits; unrelated pictures in about 128.",
            f"知覚ハッシュは256ビット中{bits}ビット異なります（無関係な画像では約128）。",
        ),
    )


def weighed(finding: Finding, llr: float, false_alarm_rate: float | None) -> Finding:
    """Return the finding with its weight; one that weighs against carries its explanations."""
    innocent = INNOCENT if llr < 0 else ()
    return replace(
        finding, llr=llr, false_alarm_rate=false_alarm_rate, innocent_explanations=innocent
    )
