import csv
import json

import pytest
import running

from bench.__main__ import main


@pytest.fixture(scope="module")
def labelled(tmp_path_factory):
    """Two photos, each with itself and with the other; one pair apart, one unreadable."""
    directory = tmp_path_factory.mktemp("labelled")
    for seed in (0, 1):
        (directory / f"{seed}.jpg").write_bytes(running.photo(seed))
    (directory / "broken.jpg").write_bytes(running.photo(0)[:900])
    with (directory / "pairs.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["reference", "query", "label", "confidence", "kind"])
        rows.writerow(["0.jpg", "0.jpg", "same_item", "certain", ""])
        rows.writerow(["1.jpg", "1.jpg", "same_design", "certain", ""])
        rows.writerow(["0.jpg", "1.jpg", "different", "certain", ""])
        rows.writerow(["1.jpg", "0.jpg", "different", "certain", ""])
        rows.writerow(["1.jpg", "0.jpg", "different", "certain", "same_artwork"])
        rows.writerow(["0.jpg", "broken.jpg", "same_item", "certain", ""])
    return directory


def test_rules_stand_side_by_side_over_the_same_pairs(labelled, tmp_path, capsys):
    out, page = tmp_path / "out.json", tmp_path / "table.md"
    asked = ["--json", str(out), "--markdown", str(page), "--rules", "phash", "orb-ransac"]
    assert main(asked, shared=labelled / "pairs.csv") == 0
    shown = capsys.readouterr()
    assert "ORB + RANSAC inliers" in shown.out
    assert "whole-photo pHash" in shown.err  # the progress

    told = json.loads(out.read_text())
    assert [row["name"] for row in told["rules"]] == ["phash", "orb-ransac"]
    for row in told["rules"]:
        assert row["area"]["auc"] == 1.0
        assert [rate["count"] for rate in row["caught"]] == [2, 2]
        assert row["apart"]["same artwork, different"][0]["total"] == 1
        assert min(row["photo"], row["pair"], row["stored"], row["peak"]) > 0
    assert [pair["scores"]["phash"] for pair in told["pairs"]][0::5] == [0.0, None]

    text = page.read_text()
    assert text.splitlines()[3].startswith("| **ORB + RANSAC inliers** | **100.0%** |")
    assert "The labelled real photos" in text
    assert "3 pairs share a design" in text
    assert "1 could not be read" in text


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ("reference,query\n", "lacks the column"),
        ("reference,query,label\n0.jpg,gone.jpg,different\n", "gone.jpg"),
        ("reference,query,label\n0.jpg,0.jpg,same_item\n", "two pairs"),
    ],
)
def test_input_that_cannot_be_used_ends_with_2_and_says_why(labelled, tmp_path, capsys, rows, why):
    table = tmp_path / "pairs.csv"
    table.write_text(rows)
    asked = ["--pairs", str(table), "--root", str(labelled), "--rules", "phash"]
    assert main(asked) == 2
    assert why in capsys.readouterr().err


def test_a_place_that_does_not_exist_is_refused_before_the_work(labelled, tmp_path, capsys):
    asked = ["--pairs", str(labelled / "pairs.csv"), "--json", str(tmp_path / "no" / "out.json")]
    assert main(asked) == 2
    assert capsys.readouterr().err.endswith("there is no such directory\n")
