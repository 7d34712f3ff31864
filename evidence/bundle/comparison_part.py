"""What the comparison says, for and against, with its limits."""

from typing import Any

from evidence.bundle.material import Material
from evidence.bundle.telling import Teller
from evidence.comparison.weight_rows import Row, rows_of
from evidence.wording import write_number

JSON = dict[str, Any]
SHOWN = ("difference", "aligned", "cut")  # what a reader without training understands


def tell_comparison(material: Material, verdict: JSON | None, say: Teller) -> JSON:
    """Return the verdict, its weights, findings, changes, limits and drawn pictures."""
    word = say.word
    told: JSON = {
        "verdict": word(f"verdict.{verdict['verdict'] if verdict else 'none'}"),
        "note": word("evidence.note"),
        "weights": [],
        "findings": [],
        "findings_head": word("evidence.findings"),
        "innocent_head": word("evidence.innocent"),
        "changes_head": word("evidence.changes"),
        "changes": [],
        "limits_head": word("evidence.limits"),
        "limits": [],
        "pictures": [],
    }
    if verdict is None:
        return told
    told["weights"] = [
        [word(f"evidence.{name}"), say.weight(verdict[name]["llr"])] for name in ("design", "copy")
    ]
    told["findings"] = [_finding(row, say) for row in rows_of(verdict)]
    told["changes"] = _changes(verdict, say)
    told["limits"] = _limits(verdict, say)
    for one in material.overlays or ():
        if one["kind"] not in SHOWN:
            continue
        told["pictures"].append(
            {"picture": one["name"], "caption": word(f"overlay.{one['kind']}"), "kind": one["kind"]}
        )
    if material.overlays is None:
        told["limits"].append(word("overlay.left_out"))
    return told


def _finding(row: Row, say: Teller) -> JSON:
    side = "neutral" if not row.llr else "for" if row.llr > 0 else "against"
    text = say.of(row.text)
    if row.false_alarm_rate is not None:
        percent = write_number(100 * row.false_alarm_rate, say.language, 1)
        text += f" {say.word('evidence.false_alarm', percent=percent)}"
    return {
        "side": side,
        "label": say.word(f"evidence.{side}"),
        "weight": "" if not row.llr else say.weight(row.llr),
        "text": text,
        "innocent": [say.of(one) for one in row.innocent],
    }


def list_changes(verdict: JSON | None) -> list[JSON]:
    """Return the regions where the item looks changed; none where the copy may be another one."""
    if verdict is None or verdict["verdict"] not in ("same_item", "same_design"):
        return []
    return [one for one in verdict["condition"]["regions"] if one["en"]]


def _changes(verdict: JSON, say: Teller) -> list[str]:
    if verdict["verdict"] not in ("same_item", "same_design"):
        return []
    return [
        say.word(
            "evidence.change",
            text=say.of(one),
            width=write_number(one["width"], say.language),
            height=write_number(one["height"], say.language),
            unit=one["unit"],
        )
        for one in list_changes(verdict)
    ] or [say.word("evidence.no_changes")]


def _limits(verdict: JSON, say: Teller) -> list[str]:
    design, copy = (say.times(verdict[name]["bound"]) for name in ("design", "copy"))
    limits = [say.of(one) for one in verdict["shortfalls"]]
    if verdict["hidden"]:
        limits.append(say.word("evidence.hidden", count=len(verdict["hidden"])))
    limits.append(say.word("evidence.bounded", design=design, copy=copy))
    made = verdict["provenance"]
    limits.append(
        say.word("evidence.made", settings=made["settings"][:16], calibration=made["calibration"])
    )
    return limits
