import csv
import json
import math
import subprocess
import sys

import pytest
import running

from evidence.errors import UnacceptableError
from evidence.evaluate import (
    REFUSED,
    Evaluation,
    Outcome,
    Pair,
    cllr,
    clopper_pearson,
    load_pairs,
    min_cllr,
    summarise,
)

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
        (HEAD, "no pairs"),
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
    assert told["summary"]["pairs"] == 3
    html = (page / "index.html").read_text()
    assert "<script" not in html
    assert "http" not in html  # self-contained


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


def write(directory, text):
    path = directory / "other.csv"
    path.write_text(text)
    return path


def test_a_place_that_does_not_exist_is_refused_before_the_work(labelled, tmp_path):
    done = run(labelled / "pairs.csv", "--json", tmp_path / "no" / "out.json")
    assert done.returncode == 2
    assert "there is no such directory" in done.stderr
    assert "Reading" not in done.stderr
