"""What the report of a case says, section by section, as plain values for any layout.

It reads nothing but what the bundle holds: ``case.json``, ``custody.json`` and the names of the
pictures. So the report can be made again from the bundle, and layouts only lay out.
"""

from typing import Any

from evidence.bundle.comparison_part import list_changes, tell_comparison
from evidence.bundle.decision_part import tell_decisions, tell_policy, tell_returned
from evidence.bundle.material import Material
from evidence.bundle.shots import tell_shots
from evidence.bundle.telling import Teller
from evidence.policy.life_wording import ACTIONS
from evidence.wording import write_money

JSON = dict[str, Any]
HEADS = (
    "brief", "ordered", "before", "customer", "comparison", "policy", "decision", "returned",
    "custody", "check",
)  # fmt: skip


def tell_report(material: Material, say: Teller) -> JSON:
    """Return the report: texts, rows and names of pictures, in the teller's language."""
    case, word = material.case, say.word
    found = choose_recommendation(case)
    claim, item = case["claim"], case["item"]
    at, version = say.at(material.made_at.isoformat()), material.version
    return {
        "language": say.language,
        "title": word("title", claim=claim["claim_id"]),
        "subtitle": word("subtitle", order=item["order_id"]),
        "made": word("made", at=at, version=version, zone=say.zone.key),
        "page": word("page"),
        "heads": {name: word(f"head.{name}") for name in HEADS},
        "brief": _brief(case, found, say),
        "pair": _pair(material, found["verdict"], say),
        "ordered": _ordered(claim, item, say),
        "before": tell_shots(material, "item", say),
        "customer": tell_shots(material, "claim", say),
        "comparison": tell_comparison(material, found["verdict"], say),
        "policy": tell_policy(material, found, say),
        "decision": tell_decisions(case, say),
        "returned": tell_returned(material, say),
        "custody": _custody(material, say),
        "check": _check(material, say),
    }


def choose_recommendation(case: JSON) -> JSON:
    """Return what the last decision knew, or else what was proposed last.

    Args:
        case: as ``case.json`` has it; something was proposed or decided.
    """
    known = [one["recommendation"] for one in case["decisions"]] or case["recommendations"]
    found: JSON = known[-1]
    return found


def _pair(material: Material, verdict: JSON | None, say: Teller) -> list[JSON]:
    """Return the two photos that the verdict comes from, if both may be shown."""
    if verdict is None:
        return []
    names = [material.pictures.get(verdict[side] or "") for side in ("reference", "query")]
    captions = [say.word("head.before"), say.word("head.customer")]
    pair = [
        {"picture": name, "caption": caption}
        for name, caption in zip(names, captions, strict=True)
        if name
    ]
    return pair if len(pair) == len(names) else []


def _brief(case: JSON, found: JSON, say: Teller) -> list[str]:
    claim, item, word = case["claim"], case["item"], say.word
    photos = [one for one in case["photos"] if one["of"] == "item"]
    sent = [one for one in case["photos"] if one["of"] == "claim"]
    value = write_money(item["declared_value"], item["currency"], say.language)
    lines = [
        word(
            "brief.ordered",
            title=item["title"],
            sku=item["sku"],
            value=value,
            ordered=say.at(claim["ordered_at"]),
        )
    ]
    if photos:
        name = "brief.before" if item["sealed_at"] else "brief.open"
        added, sealed = say.at(photos[-1]["added_at"]), say.at(item["sealed_at"])
        lines.append(word(name, count=len(photos), added=added, sealed=sealed))
    else:
        lines.append(word("brief.no_before"))
    told = {name: say.at(claim[name]) for name in ("delivered_at", "notified_at")}
    lines.append(
        word(
            "brief.claimed",
            delivered=told["delivered_at"],
            notified=told["notified_at"],
            reason=word(f"reason.{claim['reason']}"),
            count=len(sent),
        )
    )
    lines.append(word(f"verdict.{(found['verdict'] or {}).get('verdict', 'none')}"))
    changes = dict.fromkeys(say.of(one) for one in list_changes(found["verdict"]))
    if changes:
        lines.append(word("brief.changes", changes=" ".join(changes)))
    window = word(f"window.{found['window']['state']}")
    outcome = word(f"outcome.{found['outcome']}")
    lines.append(word("brief.proposed", window=window, outcome=outcome))
    if not case["decisions"]:
        return [*lines, word("brief.undecided")]
    for one in case["decisions"]:
        decision = word(f"decision.{one['decision']}")
        at = say.at(one["decided_at"])
        lines.append(word("brief.decided", by=one["decided_by"], at=at, decision=decision))
    return lines


def _ordered(claim: JSON, item: JSON, say: Teller) -> list[list[str]]:
    facts = {
        "item": f"{item['title']} · {item['sku']}",
        "order": item["order_id"],
        "value": write_money(item["declared_value"], item["currency"], say.language),
        "ordered": say.at(claim["ordered_at"]),
        "delivered": say.at(claim["delivered_at"]),
        "notified": say.at(claim["notified_at"]),
        "reason": say.word(f"reason.{claim['reason']}"),
        "residence": claim["residence"] or claim["ship_to"] or say.word("unknown"),
    }
    return [[say.word(f"fact.{name}"), value] for name, value in facts.items()]


def _custody(material: Material, say: Teller) -> JSON:
    word = say.word
    rows = []
    for one in material.custody:
        action = ACTIONS.get(one["action"])
        what = say.kind(one["kind"]) if action is None else say.of(action)
        if one["photo_id"]:
            what += f" · {one['photo_id'][:12]}…"
        number = word("custody.stated") if one["number"] is None else str(one["number"])
        rows.append([number, say.at(one["at"]), what, one["actor"] or "–"])
    heads = [word(f"custody.{name}") for name in ("number", "at", "what", "who")]
    return {"intro": word("custody.intro"), "heads": heads, "rows": rows}


def _check(material: Material, say: Teller) -> JSON:
    word = say.word
    return {
        "how": word("check.how"),
        "proves_head": word("check.proves"),
        "proves": [word("check.proves_whole"), word("check.proves_log")],
        "not_head": word("check.not"),
        "not": [
            word("check.not_time"),
            word("check.not_key", key=material.key),
            word("check.not_scene"),
        ],
    }
