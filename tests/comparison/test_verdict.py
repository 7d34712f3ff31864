import json
from dataclasses import replace
from typing import get_args

import pytest
from comparison.samples import verdict

from evidence.comparison import wording
from evidence.comparison.verdict import Region, VerdictName, verdict_to_json
from evidence.photo.quality import SHORTFALLS, Shortfall

FIELDS = {  # of the contract
    "verdict", "design", "copy", "condition", "hidden", "shortfalls", "reasons", "provenance",
}  # fmt: skip


def full_verdict():
    region = Region("differs", 1.0, 2.0, 3.0, 4.0, "mm")
    adverse = wording.weighed(wording.unaligned(), -1.2, 0.02)
    return replace(
        verdict("different_product", -1.2),
        regions=(region,),
        hidden=(replace(region, kind="hidden"),),
        shortfalls=(Shortfall("blurred", SHORTFALLS["blurred"]),),
        findings=(adverse,),
    )


def test_the_document_has_the_contracts_fields_and_survives_json():
    told = verdict_to_json(full_verdict())
    assert set(told) == FIELDS
    assert json.loads(json.dumps(told, allow_nan=False)) == told


def test_each_part_is_where_the_contract_has_it():
    told = verdict_to_json(full_verdict())
    assert told["verdict"] == "different_product"
    assert told["design"] == {"llr": -1.2, "bound": 2.56}
    assert told["copy"] == {"llr": None, "bound": 0.0, "marks": []}
    box = {
        "x": 1.0,
        "y": 2.0,
        "width": 3.0,
        "height": 4.0,
        "unit": "mm",
        "answer": None,
        "en": None,
        "ja": None,
    }
    assert told["condition"] == {"regions": [{"kind": "differs", **box}]}
    assert told["hidden"] == [{"kind": "hidden", **box}]
    (shortfall,) = told["shortfalls"]
    assert set(shortfall) == {"code", "en", "ja"}
    (reason,) = told["reasons"]
    assert set(reason) == {
        "code", "llr", "false_alarm_rate", "innocent_explanations", "values", "en", "ja",
    }  # fmt: skip
    assert (reason["llr"], reason["false_alarm_rate"]) == (-1.2, 0.02)
    assert all(set(text) == {"en", "ja"} for text in reason["innocent_explanations"])
    assert told["provenance"] == {
        "settings": "0" * 64,
        "calibration": "none",
        "versions": {"numpy": "2"},
    }


@pytest.mark.parametrize("name", get_args(VerdictName))
def test_a_bare_verdict_is_a_document_too(name):
    told = verdict_to_json(verdict(name))
    assert set(told) == FIELDS
    assert told["design"]["llr"] is None
    assert told["condition"] == {"regions": []}
    json.dumps(told, allow_nan=False)


def test_a_change_says_in_both_languages_what_it_is_and_since_when():
    region = Region("crease", 1.0, 2.0, 3.0, 4.0, "mm", "new")
    told = verdict_to_json(replace(verdict("same_design"), regions=(region,)))
    (change,) = told["condition"]["regions"]
    assert (change["kind"], change["answer"]) == ("crease", "new")
    assert change["en"] == "Crease: on the photo in question only."
    assert "折れ" in change["ja"]
