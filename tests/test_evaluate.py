import csv
import json
import math
import subprocess
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
import running

from evidence.errors import UnacceptableError
from evidence.evaluate import (
    REFUSED,
    Evaluation,
    Look,
    Outcome,
    Pair,
    cllr,
    clopper_pearson,
    evaluate,
    load_pairs,
    min_cllr,
    summarise,
)
from evidence.photo.reading import read_photo
from evidence.settings import Settings
from evidence.workers import Workers

HEAD = "reference,query,label,confidence,kind\n"


def outcome(label, verdict, llr, **others):
    pair = Pair("a.jpg", "b.jpg", label, "certain", others)
    return Outcome(pair, verdict, llr, None, (), 0.5)


def summary_of(*outcomes):
    return summarise(Evaluation(outcomes))


def test_the_bounds_are_those_of_clopper_and_pearson():
    # 1 - 0.025 ** (1 / n) is the closed form for none of n
    none = clopper_pearson(0, 100)
    assert (none.rate, none.low) == (0.0, 0.0)
    assert none.high == pytest.approx(1 - 0.025 ** (1 / 100), abs=1e-4)
    everything = clopper_pearson(100, 100)
    assert (everything.low, everything.high) == (pytest.approx(1 - none.high, abs=1e-4), 1.0)


@pytest.mark.parametrize(("count", "total"), [(-1, 5), (6, 5), (0, 0)])
def test_counts_out_of_range_are_refused(count, total):
    with pytest.raises(ValueError, match="out of range"):
        clopper_pearson(count, total)


def test_evidence_that_says_nothing_costs_one_bit_and_perfect_evidence_none():
    assert cllr([0.0, 0.0], [0.0]) == 1.0
    assert cllr([9.0], [-9.0]) == 0.0
    assert cllr([-2.0], [2.0]) == pytest.approx(math.log2(101), abs=1e-3)
    assert cllr([1.0], []) is None


def test_the_best_calibration_undoes_any_monotone_distortion():
    same, different = [3.0, 1.0, 0.2], [0.5, -1.0, -2.0]
    best = min_cllr(same, different)
    assert best == min_cllr([x**3 - 7 for x in same], [x**3 - 7 for x in different])
    assert best <= cllr(same, different)


def test_adjacent_violators_are_pooled():
    # 1.0 and 2.0 stand in the wrong order, so they share odds of 1 : 1; the rest is certain
    assert min_cllr([1.0, 3.0], [2.0, 0.0]) == pytest.approx(0.5)
    assert min_cllr([1.0, 2.0], [-1.0, 0.0]) == 0.0
    assert min_cllr([5.0], [5.0]) == 1.0  # equal evidence tells nothing, however strong
    assert min_cllr([1.0, 1.0, 1.0], [2.0]) == 1.0  # three to one, as in the whole set
    assert min_cllr([], [1.0]) is None


@pytest.mark.parametrize(
    ("label", "verdict", "right", "wrong"),
    [
        ("same_item", "same_design", True, False),
        ("same_design", "different_copy", True, False),
        ("same_design", "different_product", False, True),
        ("different", "different_product", True, False),
        ("different", "same_item", False, True),
        ("different", "different_copy", False, True),
        ("different", "inconclusive", False, False),
        ("same_item", REFUSED, False, False),
    ],
)
def test_a_verdict_is_right_wrong_or_neither_on_the_design(label, verdict, right, wrong):
    told = outcome(label, verdict, 0.0)
    assert (told.right, told.wrong) == (right, wrong)


def test_answers_that_never_came_have_bounds_too():
    answers = summary_of(outcome("same_design", "same_design", 2.0))["answers"]
    assert answers["share_a_design"]["different"]["high"] == 0.975
    assert "different" not in answers


def test_only_kinds_that_ask_another_question_are_counted_apart():
    summary = summary_of(
        outcome("same_item", "same_design", 2.0, kind="sleeve"),
        outcome("same_item", "inconclusive", 0.0, kind="low-texture"),
        outcome("different", "different_product", -2.0, kind="slab"),
    )
    assert set(summary["labels"]) == {"same_item", "same_item (low_texture)", "different"}
    assert set(summary["conditions"]["kind"]) == {"sleeve", "slab"}
    assert summary["answers"]["share_a_design"]["same"]["total"] == 1


def test_pairs_are_split_by_the_folder_of_the_reference():
    pairs = [Pair(name, "q.jpg", "same_item", "", {}) for name in ("x/y/a.jpg", "z/b.jpg", "c.jpg")]
    folders = summary_of(*(Outcome(pair, "same_design", 1.0, None, (), 0.1) for pair in pairs))
    assert set(folders["folders"]) == {"x", "z", "(no folder)"}


@cache
def usual():
    return read_photo(running.photo(0), settings=Settings()).quality


def look(outlined=True, **measures):
    usual_ones = {"px_per_mm": 9.0, "sharpness": 0.7, "exposure": 0.5, "glare": 0.0}
    return Look(outlined, replace(usual(), **(usual_ones | measures)), ())


def test_the_worse_photo_of_a_pair_decides_on_its_condition():
    dark, bare = look(exposure=0.1), look(outlined=False, px_per_mm=None)
    pairs = [(look(), dark), (dark, look()), *[(look(), look())] * 6, (look(), bare)]
    outcomes = [replace(outcome("same_item", "same_design", 2.0), looks=looks) for looks in pairs]
    conditions = summary_of(*outcomes)["conditions"]
    assert [group["pairs"] for group in conditions["brightness"].values()] == [2, 7]
    assert "worst: below 0.50" in conditions["brightness"]
    outlines = {name: group["pairs"] for name, group in conditions["outline of the item"].items()}
    assert outlines == {"found in both photos": 8, "found in one photo": 1}
    assert "sharpness" not in conditions  # all alike
    assert "resolution" not in conditions


def test_a_pair_of_which_one_photo_lacks_a_measure_is_not_split_by_it():
    unknown = look(px_per_mm=None)
    pairs = [(look(px_per_mm=2.0), unknown), *[(look(px_per_mm=size),) * 2 for size in range(3, 7)]]
    outcomes = [replace(outcome("same_item", "same_design", 2.0), looks=looks) for looks in pairs]
    groups = summary_of(*outcomes)["conditions"]["resolution"]
    assert {name: group["pairs"] for name, group in groups.items()} == {
        "worst: below 3.75 px/mm": 1,
        "the rest: 3.75 px/mm or more": 3,
    }


def test_glare_is_worse_the_more_there_is():
    outcomes = [
        replace(outcome("same_item", "same_design", 2.0), looks=(look(), look(glare=glare)))
        for glare in (0.0, 0.0, 0.0, 0.1, 0.3)
    ]
    groups = summary_of(*outcomes)["conditions"]["glare"]
    assert groups["worst: above 10.0% of the item"]["pairs"] == 1


def test_why_pairs_stay_open_is_counted():
    rows = [replace(outcome("same_item", "inconclusive", 0.0), shortfalls=("glare", "glare"))]
    rows += [outcome("same_item", "inconclusive", 0.0), outcome("same_item", "same_design", 1.0)]
    reasons = summary_of(*rows)["abstention_reasons"]
    assert reasons["shortfalls"] == {"glare": 1}
    assert reasons["without_a_shot"] == 1


def test_rates_are_counted_per_label_and_the_same_artwork_apart():
    summary = summary_of(
        outcome("same_item", "same_design", 2.0),
        outcome("same_item", "inconclusive", 0.0),
        outcome("different", "different_product", -2.0, kind=""),
        outcome("different", "same_design", 1.0, kind="same_artwork"),
        outcome("different", REFUSED, None),
    )
    rates = summary["labels"]
    assert rates["same_item"]["same_design"]["rate"] == 0.5
    assert rates["different (same_artwork)"]["same_design"]["count"] == 1
    assert rates["different"][REFUSED]["count"] == 1
    assert summary["abstentions"]["count"] == 1
    assert summary["cllr"] == cllr([2.0, 0.0], [-2.0])


def test_unknown_columns_are_kept():
    (pair,) = load_pairs("reference,query,label,confidence,lamp\na,b,different,certain,left\n")
    assert pair.others == {"lamp": "left"}
    told = Outcome(pair, "inconclusive", 0.0, None, ("glare",), 0.1).to_json()
    assert told["lamp"] == "left"
    assert set(told) >= {
        "reference", "query", "label", "confidence", "verdict", "design_llr", "copy_llr",
        "shortfalls", "seconds",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("reference,query\na,b\n", "lacks the column label"),
        (HEAD + "a,b,alike,certain,\n", "line 2: the label"),
        (HEAD + "a,b\n", "line 2: the label"),
        (HEAD + "a,,different,certain,\n", "line 2: the path"),
        (HEAD + "a" * 200_000 + ",b,different,certain,\n", "this is no CSV"),
        (HEAD, "no pairs"),
        ("", "lacks the column reference, query, label"),
    ],
)
def test_a_table_that_cannot_be_used_says_why(text, why):
    with pytest.raises(UnacceptableError, match=why):
        load_pairs(text)


def run(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "evidence", "evaluate", *map(str, arguments)],
        cwd=running.ROOT,
        capture_output=True,
        text=True,
    )


@pytest.fixture(scope="module")
def labelled(tmp_path_factory):
    """Three pairs: a photo with itself, with another, and with a file that is none."""
    directory = tmp_path_factory.mktemp("labelled")
    for seed in (0, 1):
        (directory / f"{seed}.jpg").write_bytes(running.photo(seed))
    (directory / "broken.jpg").write_bytes(running.photo(0)[:900])
    with (directory / "pairs.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["reference", "query", "label", "confidence", "lamp"])
        rows.writerow(["0.jpg", "0.jpg", "same_item", "certain", "left"])
        rows.writerow(["0.jpg", "1.jpg", "different", "certain", ""])
        rows.writerow(["0.jpg", "broken.jpg", "same_item", "certain", ""])
    return directory


def test_the_command_measures_every_pair_and_writes_both_reports(labelled, tmp_path):
    out, page = tmp_path / "out.json", tmp_path / "report"
    done = run(labelled / "pairs.csv", "--json", out, "--report", page)
    assert done.returncode == 0, done.stderr
    assert "95 % bounds" in done.stdout
    told = json.loads(out.read_text())
    verdicts = [pair["verdict"] for pair in told["pairs"]]
    assert verdicts[0] == "same_design"
    assert verdicts[1] in ("different_product", "inconclusive")
    assert verdicts[2] == REFUSED
    assert told["pairs"][0]["lamp"] == "left"
    assert told["pairs"][0]["photos"]["query"]["quality"]["sharpness"] > 0
    assert told["pairs"][0]["findings"]
    assert "broken.jpg" in told["pairs"][2]["refusal"]
    assert told == json.loads((page / "report.json").read_text())
    stages = told["summary"]["stages"]
    assert {stage: cost["count"] for stage, cost in stages.items()} == {
        "reading a photo": 2,
        "loading two stored readings": 2,
        "comparing two readings": 2,
        "of that, matching and alignment": 2,
        "of that, appearance": 2,
    }
    assert 50 < told["summary"]["peak_memory_mb"]["comparing"] < 3000
    assert told["summary"]["pairs"] == 3
    html = (page / "index.html").read_text()
    assert "<script" not in html
    assert "http" not in html  # self-contained
    assert html.count("data:image/jpeg;base64,") == 2
    assert "Timing" not in done.stdout  # bars go to standard error


@pytest.mark.torture
def test_a_page_that_cannot_be_written_loses_no_result(labelled, tmp_path):
    out, page = tmp_path / "out.json", tmp_path / "report"
    (page / "index.html").mkdir(parents=True)
    done = run(labelled / "pairs.csv", "--json", out, "--report", page)
    assert done.returncode == 2
    assert "index.html: Is a directory" in done.stderr.strip().splitlines()[-1]
    assert json.loads(out.read_text())["summary"]["pairs"] == 3
    assert json.loads((page / "report.json").read_text())["summary"]["pairs"] == 3


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda d: d / "none.csv", "No such file"),
        (lambda d: write(d, HEAD + "0.jpg,gone.jpg,different,,\n"), "gone.jpg"),
    ],
)
def test_unusable_input_ends_with_2_and_one_line(labelled, make, why):
    done = run(make(labelled))
    assert done.returncode == 2
    assert why in done.stderr.strip().splitlines()[-1]


def test_a_photo_that_takes_too_long_is_refused_and_the_pair_says_so(labelled, tmp_path):
    limits = replace(Settings().limits, seconds=0.001)
    workers = Workers(count=1, waiting=0, memory=limits.worker_memory, readable=[Path("/")])
    try:
        evaluation = evaluate(
            load_pairs((labelled / "pairs.csv").read_text())[:1],
            labelled,
            tmp_path,
            settings=replace(Settings(), limits=limits),
            workers=workers,
            parallel=1,
            progress=lambda *_: None,
        )
    finally:
        workers.close()
    (refused,) = evaluation.outcomes
    assert refused.verdict == REFUSED
    assert refused.refusal == "0.jpg: reading it ended without a result: too slow"
    assert summarise(evaluation)["refusals"] == {refused.refusal: 1}


def write(directory, text):
    path = directory / "other.csv"
    path.write_text(text)
    return path


def test_a_place_that_does_not_exist_is_refused_before_the_work(labelled, tmp_path):
    (tmp_path / "file").touch()
    for option, place, why in (
        ("--json", tmp_path / "no" / "out.json", "there is no such directory"),
        ("--json", tmp_path, "this is a directory"),
        ("--report", tmp_path / "file", "File exists"),
        ("--report", tmp_path / "file" / "report", "Not a directory"),
    ):
        done = run(labelled / "pairs.csv", option, place)
        assert done.returncode == 2
        assert why in done.stderr
        assert "Reading" not in done.stderr
