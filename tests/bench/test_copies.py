import csv
import json

import pytest
import running
from rich.console import Console

from bench.copies import main, tabulate


@pytest.fixture(scope="module")
def directory(tmp_path_factory):
    """Photos without a card's edge, so that nothing can be said of the copy; and none at all."""
    place = tmp_path_factory.mktemp("copies")
    for seed in (0, 1):
        (place / f"{seed}.jpg").write_bytes(running.photo(seed))
    with (place / "pairs.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["reference", "query", "label", "confidence"])
        rows.writerow(["0.jpg", "0.jpg", "same_item", "certain"])
        rows.writerow(["0.jpg", "1.jpg", "same_design", "certain"])
    return place


def test_every_pair_is_called_something_and_the_table_counts_it(directory, tmp_path, capsys):
    out = tmp_path / "called.json"
    assert main([str(directory), "--json", str(out)]) == 0
    assert json.loads(out.read_text()) == [
        ["0.jpg", "0.jpg", "same_item", "open"],
        ["0.jpg", "1.jpg", "same_design", "open"],
    ]
    shown = capsys.readouterr().out
    assert "one copy" in shown
    assert "two copies" in shown


def test_shares_stand_beside_their_exact_bounds():
    called = (
        [("same_item", "same")] * 9 + [("same_item", "open")] + [("same_design", "another")] * 4
    )
    console = Console(width=200)
    with console.capture() as shown:
        console.print(tabulate(called))
    first, second = (line for line in shown.get().splitlines() if "cop" in line and "%" in line)
    assert "10" in first
    assert "9 = 90.0% (55.5% to 99.8%)" in first
    assert "0 = 0.0% (0.0% to 30.9%)" in first
    assert "4 = 100.0% (39.8% to 100.0%)" in second


def test_a_truth_without_pairs_has_no_row():
    assert tabulate([("same_item", "same")]).row_count == 1


def test_without_pairs_or_photos_nothing_is_counted(directory, tmp_path, capsys):
    assert main([str(tmp_path)]) == 2
    (tmp_path / "pairs.csv").write_text("reference,query,label\n0.jpg,gone.jpg,same_item\n")
    (tmp_path / "0.jpg").write_bytes((directory / "0.jpg").read_bytes())
    assert main([str(tmp_path)]) == 2
    assert "gone.jpg" in capsys.readouterr().err
