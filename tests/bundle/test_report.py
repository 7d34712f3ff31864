"""The report says what the case says, in both languages, and runs nothing."""

import json
import re
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import pytest
import running

import evidence.bundle
from evidence.bundle.layouts import lay_out_document, lay_out_page
from evidence.bundle.material import Material
from evidence.bundle.report import tell_report
from evidence.bundle.telling import Teller
from evidence.words import LANGUAGES, read_words

FOLDER = Path(evidence.bundle.__file__).parent
WORDS = read_words(files("evidence.bundle").joinpath("words"))
ACCUSING = re.compile(
    r"fraud|cheat|liar|lying|scam|suspect|guilty|詐欺|不正(?!確)|嘘|疑わしい|虚偽", re.IGNORECASE
)


@pytest.fixture(scope="module")
def material(exported):
    case = json.loads(exported.files["case.json"])
    shots = {one.photo_id: f"pictures/{one.photo_id[:16]}.jpg" for one in exported.photos}
    drawn = [name for name in exported.files if name.endswith("-difference.jpg")]
    return Material(
        case=case,
        custody=json.loads(exported.files["custody.json"]),
        pictures=shots,
        overlays=[{"kind": "difference", "name": drawn[0]}],
        has_policy=True,
        version="0.1.0",
        made_at=running.NOW,
        key=exported.key,
    )


def told(material, language="en"):
    return tell_report(material, Teller.of_zone(language, "Asia/Tokyo"))


def changed(material, **changes):
    return replace(material, case=material.case | changes)


def test_every_word_is_used():
    source = "".join(path.read_text("utf-8") for path in FOLDER.glob("*.py"))
    groups = set(re.findall(r"""word\(f"([\w.]+)\.\{""", source))
    groups |= {"kind", "evidence", "head", "custody", "fact"}
    unused = {
        name
        for name in WORDS
        if (place := name.removeprefix("report.")) not in source
        and place.rpartition(".")[0] not in groups
        and not place.startswith("kind.")
    }
    assert unused == set()


def test_nobody_is_accused():
    assert not [name for name, text in WORDS.items() if ACCUSING.search(text.en + text.ja)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_brief_tells_what_a_dispute_desk_asks(material, language):
    brief = " ".join(told(material, language)["brief"])
    for part in ("LIL-1", "120,000", "support-1"):
        assert part in brief
    assert "None" not in json.dumps(told(material, language))


def test_what_is_not_there_is_said(material):
    case = material.case
    bare = changed(material, decisions=[], photos=[p for p in case["photos"] if p["of"] != "item"])
    bare = replace(bare, overlays=None, has_policy=False)
    found = case["decisions"][0]["recommendation"]
    bare = changed(bare, recommendations=[{"issued_at": "2025-03-10", **found, "verdict": None}])
    page = json.dumps(told(bare))
    assert "has no photo of the item from before shipping" in page
    assert "No person has decided yet" in page
    assert "There was nothing to compare" in page
    assert "no longer kept by the service" in page
    assert told(bare)["pair"] == []


def test_evidence_against_is_shown_with_what_else_could_explain_it(material):
    found = json.loads(json.dumps(material.case["decisions"][0]["recommendation"]))
    found["verdict"] |= {"verdict": "different_product"}
    found["verdict"]["reasons"] = [
        {
            "code": "design.appearance",
            "llr": -2.0,
            "false_alarm_rate": 0.012,
            "innocent_explanations": [{"en": "A sleeve.", "ja": "スリーブ。"}],
            "values": {},
            "en": "The print differs.",
            "ja": "印刷が異なります。",
        }
    ]
    (decision,) = material.case["decisions"]
    against = changed(material, decisions=[decision | {"recommendation": found}])
    comparison = told(against)["comparison"]
    (finding,) = [one for one in comparison["findings"] if one["text"].startswith("The print")]
    assert finding["side"] == "against"
    assert finding["innocent"] == ["A sleeve."]
    assert "1.2 %" in finding["text"]
    assert "about 100 times likelier if it is not" in finding["weight"]
    assert comparison["changes"] == []


def test_photos_received_after_the_delivery_are_named_as_such(material):
    said = "2 of these photos were received after the stated delivery."
    assert said in told(material)["before"]["notes"]
    claim = material.case["claim"]
    for delivered in (None, "2026-01-01T00:00:00Z"):
        other = changed(material, claim=claim | {"delivered_at": delivered})
        assert said not in told(other)["before"]["notes"]


def test_what_came_back_is_told(material):
    inspection = {
        "inspection_id": 1,
        "inspected_by": "dock-1",
        "inspected_at": "2025-03-20T00:00:00Z",
        "note": "crease as shown",
        "findings": {"item": "same", "condition": "as_claimed", "fault": "transit"},
    }
    final = {"remedy": "refund", "reasons": [{"en": "The cause is transport.", "ja": "輸送。"}]}
    back = changed(material, inspections=[inspection], final_recommendations=[final])
    text = json.dumps(told(back)["returned"])
    for part in ("dock-1", "crease as shown", "transport", "refund"):
        assert part in text
    lay_out_document([told(back)], exported_pictures(back), back.made_at)


def exported_pictures(material):
    names = {*material.pictures.values(), *(one["name"] for one in material.overlays)}
    return dict.fromkeys(names, running.photo())


def test_nothing_that_was_written_by_people_is_run(material, exported):
    page = lay_out_page(told(material), exported_pictures(material)).decode()
    assert "&lt;script&gt;alert(" in page
    assert "<script" not in page
    assert "default-src 'none'" in page
    outside = re.sub(r"data:image/jpeg;base64,[A-Za-z0-9+/=]+", "", page)
    assert "http" not in outside.replace("http-equiv", "")
    assert exported.files["report.pdf"].startswith(b"%PDF-1.7")  # with #panic() in the title


def test_a_document_comes_of_any_text(material):
    item = material.case["item"] | {"title": "🔥 \U000ec004 \u202e \x07 \u05d0 " + "ー" * 300}
    lay_out_document([told(changed(material, item=item))], exported_pictures(material), running.NOW)


def test_the_same_report_has_the_same_bytes(material):
    pictures, reports = exported_pictures(material), [told(material, one) for one in LANGUAGES]
    one, two = (lay_out_document(reports, pictures, material.made_at) for _ in range(2))
    assert one == two
    assert b"pdfaid:part" in one  # it says that it is PDF/A
    assert lay_out_page(reports[0], pictures) == lay_out_page(reports[0], pictures)
