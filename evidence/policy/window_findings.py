"""Say in words whether the shop was told in time: by which clause, until when, by whose clocks."""

from collections.abc import Iterator

from evidence.comparison.verdict import Finding
from evidence.policy import explanations
from evidence.policy.facts import Facts
from evidence.policy.instant_wording import stamp
from evidence.policy.recommendation import UnknownBecause, Window
from evidence.text import Text


def list_window_findings(facts: Facts) -> tuple[Finding, ...]:
    """List every reading of the window where they differ, then the one that is applied."""
    return (*_about_the_region(facts), _about_the_window(facts))


def _about_the_region(facts: Facts) -> Iterator[Finding]:
    if not (facts.case.residence or facts.case.ship_to):
        yield _REGION_UNKNOWN
    elif facts.reckoning.others:
        yield _conflict(facts.reckoning.window, *facts.reckoning.others)


def _about_the_window(facts: Facts) -> Finding:
    window = facts.reckoning.window
    if window.deadline is None:
        return Finding("window.unknown", WHY_UNKNOWN[window.unknown_because or "delivery_unknown"])
    told = stamp(facts.case.notified_at, window.zone)
    last = stamp(window.deadline, window.zone, window.customer_zone, window.shop_zone)
    en = f"We were told on {told.en}; the last moment was {last.en} (clause {window.rule})"
    ja = f"ご連絡は{told.ja}、期限は{last.ja}です（条項 {window.rule}）"
    if window.state == "in":
        return Finding("window.in", Text(f"{en}: in time.", f"{ja}。期間内です。"))
    if window.state == "late":
        text = Text(f"{en}: after the window.", f"{ja}。期間を過ぎています。")
    else:
        text = Text(
            f"{en}. The last day was one on which the shop is closed, or the message was sent in "
            "time, so it may still count as in time.",
            f"{ja}。最終日が休業日にあたる、または期限内に送信されたため、期間内とみなせる場合があります。",
        )
    return Finding(f"window.{window.state}", text, innocent_explanations=explanations.LATE)


def _conflict(*windows: Window) -> Finding:
    """Show every reading (POLICY: inside an ambiguity, show both)."""
    en, ja = [], []
    for window in windows:
        last = stamp(window.deadline, window.zone) if window.deadline else _UNKNOWN_DAY
        en.append(f"by {window.rule} until {last.en}: {window.state}")
        ja.append(f"{window.rule} では{last.ja}まで（{window.state}）")
    return Finding(
        "region.conflict",
        Text(
            "Residence and delivery address lie in different regions of the policy; the longer "
            f"window is applied: {'; '.join(en)}.",
            f"お住まいの国とお届け先の国で規約の適用区分が異なるため、長い方の期間を適用します：{'、'.join(ja)}。",
        ),
    )


WHY_UNKNOWN: dict[UnknownBecause, Text] = {
    "delivery_unknown": Text(
        "The day of delivery is not known, so the case is neither in time nor late.",
        "お届け日が不明なため、期間内とも期間後とも判断できません。",
    ),
    "parcel_unknown": Text(
        "A parcel that may have held the item is not known to be delivered, so the case is "
        "neither in time nor late.",
        "商品が入っていた可能性のある荷物の一つについてお届け日が不明なため、期間内とも期間後とも"
        "判断できません。",
    ),
}
_UNKNOWN_DAY = Text("a day not known yet", "未確定の日")
_REGION_UNKNOWN = Finding(
    "region.unknown",
    Text(
        "Neither residence nor delivery address is known; the longest window is applied.",
        "お住まいの国もお届け先の国も不明なため、最も長い期間を適用します。",
    ),
)
