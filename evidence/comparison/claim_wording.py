"""What is said about several photos of one claim, in both languages."""

from evidence.comparison.verdict import Finding
from evidence.comparison.wording import INNOCENT
from evidence.text import Text


def disagreement() -> Finding:
    """Say that the customer's photos do not all show the same product."""
    return Finding(
        "design.photos_disagree",
        Text(
            "One photo agrees with what was shipped and another does not.",
            "出荷した商品と一致する写真と一致しない写真があります。",
        ),
        innocent_explanations=INNOCENT,
    )


def copies_disagree() -> Finding:
    """Say that the customer's photos do not all speak for the same copy."""
    return Finding(
        "copy.photos_disagree",
        Text(
            "One photo speaks for the copy that was shipped and another for another copy, so which "
            "it is stays open.",
            "発送した個体と一致する写真と、別の個体と考えられる写真があるため、どの個体かは判断できません。",
        ),
        innocent_explanations=INNOCENT,
    )


def shared_side() -> Finding:
    """Say that a side which all cards of a game share tells nothing about the product."""
    return Finding(
        "design.shared_side",
        Text(
            "The photo shows a side that many products share, so it does not tell which one it is.",
            "多くの商品に共通する面の写真のため、どの商品かは判定できません。",
        ),
    )


def close_up() -> Finding:
    """Say that a close view which does not agree shows perhaps another part."""
    return Finding(
        "design.close_up",
        Text(
            "The close view could not be laid on the photos taken before shipping; it may show a "
            "part that those do not show as closely.",
            "接写を出荷前の写真に重ねられませんでした。出荷前の写真には同じ近さで写っていない部分の可能性があります。",
        ),
    )
