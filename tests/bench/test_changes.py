import json

import pytest
import running
from rich.console import Console

from bench.changes import judge, main, new_damages, tabulate

SCRATCH = ("scratch", (10.0, 10.0, 20.0, 12.0))


def truth(*damages, reference=(), size_mm=(63.0, 88.0)):
    """Return what is told of a pair: the query's card bears these, the reference's those."""
    return {
        "reference": {"damages": list(reference), "cut": {"size_mm": size_mm}},
        "query": {"damages": list(damages), "cut": {"size_mm": size_mm}},
    }


def box(kind, x, y, width, height):
    return {"kind": kind, "x": x, "y": y, "width": width, "height": height}


def test_only_what_the_query_alone_bears_from_a_millimetre_up_is_new_damage():
    old, small = box("dent", 1, 1, 5, 5), box("stain", 8, 8, 0.5, 0.9)
    assert new_damages(truth(old, small, box("dent", 2, 2, 1, 0.5), reference=[old])) == [
        ("dent", (2.0, 2.0, 3.0, 2.5))
    ]


def test_damage_lies_on_a_card_of_nominal_size_and_ends_at_its_cut():
    larger = truth(box("edge_wear", -0.2, 44.1, 2.3, 44.3), size_mm=(63.0, 88.2))
    ((kind, place),) = new_damages(larger)
    assert (kind, place) == ("edge_wear", pytest.approx((0, 44, 2.1, 88)))


@pytest.mark.parametrize(
    ("place", "found"),
    [((10, 10, 20, 12), True), ((10, 10, 20, 14), True), ((10, 10, 20, 14.1), False)],
    ids=["all", "half", "less"],
)
def test_damage_is_found_where_a_region_overlaps_it_by_half(place, found):
    judged = judge("q", [SCRATCH], [("dent", place)])
    assert [(one.found, one.called) for one in judged.damages] == [(found, "dent")]


def test_damage_that_no_region_meets_is_missed_and_a_region_elsewhere_is_false():
    elsewhere = ("stain", (40.0, 40.0, 50.0, 50.0))
    judged = judge("q", [SCRATCH], [elsewhere])
    assert [(one.overlap, one.called) for one in judged.damages] == [(0.0, None)]
    assert judged.false == (elsewhere,)
    assert judge("q", [], [elsewhere]).false == (elsewhere,)


def test_a_small_region_inside_of_damage_finds_nothing_and_is_not_false():
    judged = judge("q", [SCRATCH], [("scratch", (10.0, 10.0, 12.0, 12.0))])
    assert not judged.damages[0].found
    assert judged.false == ()


def test_damages_of_one_kind_that_overlap_may_share_a_region():
    crossing = ("scratch", (15.0, 5.0, 17.0, 20.0))
    whole = [("scratch", (10.0, 5.0, 20.0, 20.0))]
    assert [one.found for one in judge("q", [SCRATCH, crossing], whole).damages] == [True, True]
    other = ("dent", crossing[1])
    assert [one.found for one in judge("q", [SCRATCH, other], whole).damages] == [False, False]


def test_the_table_tells_shares_by_kind_with_bounds_and_false_regions_a_pair():
    judged = [
        judge("1", [SCRATCH], [SCRATCH]),
        judge("2", [SCRATCH, ("dent", (1.0, 1.0, 3.0, 3.0))], [SCRATCH]),
        judge("3", [], [SCRATCH]),
        judge("4", [], []),
    ]
    console = Console(width=120)
    with console.capture() as shown:
        console.print(tabulate(judged))
    lines = shown.get()
    assert "4 pairs, 0.25 false regions a pair" in lines
    assert "2 = 100% (16% to 100%)" in lines
    assert "0 = 0% (0% to 98%)" in lines
    assert "2 = 67% (9% to 99%)" in lines


def test_what_became_of_each_damage_can_be_written(tmp_path, capsys):
    for role in ("reference", "query"):
        (tmp_path / f"1-{role}.jpg").write_bytes(running.photo(0))
    told = truth(box("dent", 2, 2, 4, 4))
    (tmp_path / "1-truth.json").write_text(json.dumps(told))
    rows = "reference,query,label\n1-reference.jpg,1-query.jpg,same_item\n"
    (tmp_path / "pairs.csv").write_text(rows)
    out = tmp_path / "changes.json"
    assert main([str(tmp_path), "--json", str(out)]) == 0
    (pair,) = json.loads(out.read_text())
    assert pair["false"] == []  # a photo has not changed from itself
    assert [(one["kind"], one["overlap"]) for one in pair["damages"]] == [("dent", 0.0)]
    assert "dent" in capsys.readouterr().out
    (tmp_path / "1-truth.json").unlink()
    assert main([str(tmp_path)]) == 2
    assert "truth" in capsys.readouterr().err
