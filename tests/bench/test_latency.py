import json

import pytest
import running

from bench.latency import main


@pytest.mark.torture
def test_a_large_photo_is_timed_against_decoding_it(tmp_path, capsys):
    for seed in (0, 1):
        (tmp_path / f"{seed}.jpg").write_bytes(running.photo(seed))
    table = tmp_path / "pairs.csv"
    table.write_text("reference,query,label\n0.jpg,1.jpg,different\n")
    out = tmp_path / "out.json"
    assert main([str(table), "--only", "large", "--count", "1", "--json", str(out)]) == 0
    told = json.loads(out.read_text())["large"]
    assert [row["noise"] for row in told] == [0.0, 6.0]
    for row in told:
        assert min(row["decoding"], row["reading"], row["comparing"]) > 0
        assert row["total"] == pytest.approx(row["reading"] + row["comparing"])
    assert json.loads(capsys.readouterr().out)["large"] == told


def test_photos_are_timed_as_they_are_and_one_item_by_itself(tmp_path):
    for seed in (0, 1):
        (tmp_path / f"{seed}.jpg").write_bytes(running.photo(seed))
    table = tmp_path / "pairs.csv"
    table.write_text("reference,query,label\n0.jpg,1.jpg,different\n0.jpg,0.jpg,same_item\n")
    out = tmp_path / "out.json"
    assert main([str(table), "--only", "large", "--as-they-are", "--json", str(out)]) == 0
    (row,) = json.loads(out.read_text())["large"]
    assert row["noise"] is None
    assert 0 < row["decoding"] <= row["as_array"]
    assert 0 < row["total"] <= row["dearest"]
    assert 0 < row["one_item"] <= row["dearest"]


def test_pairs_that_make_no_claim_end_with_2_and_say_why(tmp_path, capsys):
    table = tmp_path / "pairs.csv"
    table.write_text("reference,query,label\n0.jpg,1.jpg,different\n")
    assert main([str(table), "--only", "claims"]) == 2
    assert "six" in capsys.readouterr().err
