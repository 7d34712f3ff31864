"""What the policy says, what a person decided, and what came back."""

from typing import Any

from evidence.bundle.material import Material
from evidence.bundle.shots import tell_shots
from evidence.bundle.telling import Teller

JSON = dict[str, Any]


def tell_policy(material: Material, found: JSON, say: Teller) -> JSON:
    """Return the rules' proposal with its reasons, and the clauses that it rests on."""
    word, window, used, verdict = say.word, found["window"], found["policy"], found["verdict"]
    deadline = say.of(window["shop"]) if window["deadline"] else say.of(window["unknown_because"])
    state = word(f"window.{window['state']}")
    version = "policy.version" if material.has_policy else "policy.gone"
    facts = {
        "window": f"{deadline} · {state}",
        "outcome": word(f"outcome.{found['outcome']}"),
        "remedy": word(f"remedy.{found['remedy']}"),
        "policy": word(version, id=used["id"], version=used["version"]),
    }
    shown = {one["code"] for one in verdict["reasons"]} if verdict else set()
    rules = [one for one in found["findings"] if one["code"] not in shown]
    return {
        "facts": [[word(f"fact.{name}"), value] for name, value in facts.items()],
        "reasons": [
            {"text": say.of(one), "innocent": [say.of(i) for i in one["innocent_explanations"]]}
            for one in rules
        ],
        "clauses": [[one["id"], say.of(one)] for one in found["clauses"]],
        "clauses_head": word("policy.clauses"),
        "note": word("policy.translated"),
    }


def tell_decisions(case: JSON, say: Teller) -> JSON:
    """Return who decided what and why, and what second readers said."""
    word = say.word
    made = [
        {
            "what": word(f"decision.{one['decision']}"),
            "who": word("decision.by", by=one["decided_by"], at=say.at(one["decided_at"])),
            "why": one["reason"],
        }
        for one in case["decisions"]
    ]
    second = [
        word(
            "decision.second",
            answer=word(f"verdict.{one['answered']['answer']}").rstrip(".。"),
            by=one["reader"],
            at=say.at(one["answered"]["answered_at"]),
        )
        for one in case["second_readings"]
        if one["answered"]
    ]
    none = [] if made else [word("brief.undecided")]
    return {"made": made, "notes": [*none, *second, word("decision.rules")]}


def tell_returned(material: Material, say: Teller) -> JSON | None:
    """Return what an inspection found on what came back; None where nothing came back."""
    case, word = material.case, say.word
    if not case["inspections"]:
        return None
    facts = []
    for one in case["inspections"]:
        who = word("inspected.by", by=one["inspected_by"], at=say.at(one["inspected_at"]))
        facts.append([word("fact.inspected"), who])
        for name in ("item", "condition", "fault"):
            answer = word(f"inspected.answers.{one['findings'][name]}")
            facts.append(["", word(f"inspected.{name}", answer=answer)])
        if one["note"]:
            facts.append([word("fact.note"), one["note"]])
    final = case["final_recommendations"][-1] if case["final_recommendations"] else None
    lines = []
    if final:
        lines.append(word("finding.final", remedy=word(f"remedy.{final['remedy']}")))
        lines += [say.of(reason) for reason in final["reasons"]]
    return {"facts": facts, "lines": lines, **tell_shots(material, "inspection", say)}
