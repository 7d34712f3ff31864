"""The window as it is told: one instant by the customer's clocks and by the shop's."""

from dataclasses import asdict
from typing import Any

from evidence.policy.instant_wording import in_words
from evidence.policy.recommendation import Window
from evidence.policy.window_findings import WHY_UNKNOWN

JSON = dict[str, Any]


def window_to_json(window: Window) -> JSON:
    """Return the ``window`` of the contract, ready for ``json.dumps``."""
    because = window.unknown_because
    return {
        "state": window.state,
        "deadline": _text(window, window.zone),
        "zone": window.zone,
        "rule": window.rule,
        "zone_rule": window.zone_rule,
        "customer": _told_in(window, window.customer_zone),
        "shop": _told_in(window, window.shop_zone),
        "unknown_because": because and {"code": because, **asdict(WHY_UNKNOWN[because])},
    }


def _told_in(window: Window, zone: str) -> JSON:
    """Return the deadline by a zone's clocks, with its offset and in words; None if unknown."""
    words = {lang: in_words(window.deadline, zone, lang) or None for lang in ("en", "ja")}
    return {"zone": zone, "deadline": _text(window, zone), **words}


def _text(window: Window, zone: str) -> str | None:
    local = window.deadline_in(zone)
    return None if local is None else local.isoformat()
