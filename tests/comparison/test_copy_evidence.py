from dataclasses import replace

import numpy as np
import pytest
from comparison.drawn import as_reading, card
from comparison.printed import IN_PLACE
from comparison.test_copy_numbers import NUMBER, OTHER, slab
from photo.shots import SETTINGS

from evidence.comparison import copy_wording
from evidence.comparison.copy_evidence import add_missing, bears_numbers, conclude, examine_copy
from evidence.comparison.missing_marks import MissingMarks
from evidence.comparison.print_map import map_print
from evidence.comparison.verdict import Mark, Region, Weight
from evidence.text import Text

WANTED = SETTINGS.copies
SAID = Text("Seen.", "所見。")


def mark(llr, kind="cut", text=SAID):
    answer = "not_seen" if llr is None else "agrees" if llr > 0 else "differs"
    return Mark(kind, answer, llr, text)


def concluded(*llrs, numbered=False):
    return conclude(tuple(mark(llr) for llr in llrs), numbered=numbered, settings=WANTED)


@pytest.mark.parametrize(
    ("llr", "verdict"),
    [
        (WANTED.bound, "same_item"),
        (WANTED.same, "same_item"),
        (WANTED.same - 0.01, "same_design"),
        (0.0, "same_design"),
        (WANTED.other + 0.01, "same_design"),
        (WANTED.other, "different_copy"),
        (-WANTED.bound, "different_copy"),
    ],
)
def test_thresholds_are_inclusive(llr, verdict):
    found = concluded(llr)
    assert found.verdict == verdict
    assert found.weight == Weight(llr, WANTED.bound)
    assert bool(found.shortfalls) == (verdict == "same_design")


def test_another_copy_is_told_with_its_weight_its_rate_and_what_else_it_could_be():
    finding = concluded(-2.0).finding
    assert (finding.code, finding.llr) == ("copy.other", -2.0)
    assert finding.false_alarm_rate == WANTED.other_rate
    assert finding.innocent_explanations == copy_wording.INNOCENT
    numbers = concluded(-2.0, numbered=True).finding
    assert numbers.false_alarm_rate == WANTED.number_rate
    assert numbers.innocent_explanations == copy_wording.INNOCENT_NUMBER


def test_the_same_copy_is_told_with_its_weight_alone():
    finding = concluded(2.0).finding
    assert (finding.code, finding.llr, finding.false_alarm_rate) == ("copy.same", 2.0, None)
    assert (finding.text, finding.innocent_explanations) == (SAID, ())


@pytest.mark.parametrize("numbered", [False, True])
def test_an_open_copy_is_told_without_weight_and_asks_for_the_right_shot(numbered):
    for found in (concluded(0.4, numbered=numbered), concluded(None, numbered=numbered)):
        assert found.finding.code == "copy.undetermined"
        assert found.finding.llr is None
        assert SAID.en in found.finding.text.en
        assert SAID.ja in found.finding.text.ja
        shot = copy_wording.LABEL if numbered else copy_wording.BARE_FRONT
        assert found.shortfalls == (shot,)


def test_what_says_nothing_is_no_weight_and_not_a_weight_of_nothing():
    assert concluded(None).weight == Weight(None, WANTED.bound)
    assert concluded().weight == Weight(None, WANTED.bound)
    assert concluded(0.0).weight == Weight(0.0, WANTED.bound)
    assert str(concluded(-0.0).weight.llr) == "0.0"


def test_without_any_mark_it_is_said_that_no_number_is_read():
    found = concluded(numbered=True)
    assert (found.verdict, found.marks) == ("same_design", ())
    assert copy_wording.NO_NUMBER.en in found.finding.text.en


@pytest.mark.parametrize("llrs", [(0.3, -1.6), (-1.6, 0.3), (None, -1.6), (-1.6, -1.6)])
def test_the_strongest_mark_speaks_and_nothing_is_added_up(llrs):
    found = concluded(*llrs, numbered=True)
    assert (found.verdict, found.weight.llr) == ("different_copy", -1.6)
    assert len(found.marks) == len(llrs)


def test_the_finding_quotes_the_strongest_mark():
    weak = mark(0.3, text=Text("Weak.", "弱。"))
    for marks in ((weak, mark(-1.6)), (mark(-1.6), weak)):
        assert conclude(marks, numbered=True, settings=WANTED).finding.text == SAID


@pytest.mark.parametrize("llr", [9.0, -9.0])
def test_no_mark_weighs_more_than_the_bound(llr):
    found = concluded(llr)
    assert found.weight.llr == found.finding.llr == np.sign(llr) * WANTED.bound


def examine(reference, query):
    mapped = map_print(reference, query, IN_PLACE, settings=SETTINGS.print_map)
    return examine_copy(reference, query, IN_PLACE, mapped, settings=SETTINGS)


@pytest.fixture(scope="module")
def reference():
    return as_reading(card())


@pytest.mark.parametrize(
    ("moved", "verdict", "answer"),
    [
        ({}, "same_item", "agrees"),
        ({"right": 0.5}, "different_copy", "differs"),
        ({"grown": 0.3}, "same_design", "doubtful"),
        ({"grown": 0.9}, "same_design", "not_seen"),
    ],
)
def test_the_cut_of_a_card_is_one_mark_with_its_numbers(reference, moved, verdict, answer):
    found = examine(reference, as_reading(card(seed=1, **moved)))
    (told,) = found.marks
    assert (found.verdict, told.kind, told.answer) == (verdict, "cut", answer)
    assert found.weight.llr == told.llr
    if answer == "not_seen":
        assert (told.llr, told.values, told.text) == (None, {}, copy_wording.NOT_SEEN["unlike"])
    else:
        assert told.values["right_mm"] == pytest.approx(moved.get("right", 0.0), abs=0.02)
        assert told.values["wider_mm"] == pytest.approx(moved.get("grown", 0.0), abs=0.02)
        assert set(told.values) == {
            "right_mm", "down_mm", "degrees", "wider_mm", "taller_mm", "standard_errors",
        }  # fmt: skip


def test_a_cut_is_seen_where_it_says_something_even_that_it_is_open():
    assert concluded(1.5).sees_cut
    assert concluded(0.0).sees_cut
    assert not concluded(None).sees_cut
    number = conclude((mark(0.3, kind="serial"),), numbered=True, settings=SETTINGS.copies)
    assert not number.sees_cut


def test_an_equal_number_leaves_the_copy_open_since_it_can_be_copied():
    found = examine(slab(NUMBER), slab(NUMBER))
    (told,) = found.marks
    assert (told.kind, told.answer, told.llr) == ("certificate", "agrees", WANTED.equal_number)
    assert NUMBER in told.text.en
    assert found.verdict == "same_design"


def test_another_number_is_another_copy():
    found = examine(slab(NUMBER), slab(OTHER))
    (told,) = found.marks
    assert (told.kind, told.answer, told.llr) == ("certificate", "differs", WANTED.other_number)
    assert NUMBER in told.text.en
    assert OTHER in told.text.en
    assert found.verdict == "different_copy"
    assert found.finding.innocent_explanations == copy_wording.INNOCENT_NUMBER


def test_numbers_are_looked_for_on_slabs_and_on_items_of_unknown_size(reference):
    assert not bears_numbers(reference, SETTINGS)
    assert bears_numbers(slab(NUMBER), SETTINGS)
    unknown = replace(reference, frame=replace(reference.frame, px_per_mm=None))
    assert bears_numbers(unknown, SETTINGS)


def missing(count, *, llr=None, kind="cut"):
    """What a mark of this weight and so many missing ones say together."""
    first = conclude((mark(llr, kind),), numbered=kind != "cut", settings=WANTED)
    places = tuple(Region("mark", 1.0, 2.0 + i, 0.4, 0.4, "mm") for i in range(count))
    return add_missing(first, MissingMarks(places, 1, 2), settings=WANTED)


@pytest.mark.parametrize("count", [WANTED.few_missing, WANTED.many_missing, 29])
def test_missing_marks_alone_never_reach_a_verdict(count):
    found = missing(count)
    assert found.verdict == "same_design"
    assert WANTED.other < found.weight.llr < 0
    assert SAID.en in found.finding.text.en  # why the cut was not seen
    assert f"{count} small marks" in found.finding.text.en
    assert found.shortfalls == (copy_wording.BARE_FRONT,)


def test_many_missing_marks_weigh_more_than_few_and_one_weighs_nothing():
    assert missing(WANTED.many_missing).weight.llr < missing(WANTED.few_missing).weight.llr
    assert missing(WANTED.few_missing - 1).weight.llr is None
    assert missing(0).marks[-1].llr is None  # that none is missing speaks for nothing


def test_a_cut_that_leaves_it_open_is_settled_by_missing_marks():
    found = missing(WANTED.many_missing, llr=-0.5)
    assert (found.verdict, found.weight.llr) == ("different_copy", -1.5)
    assert copy_wording.INNOCENT_MISSING in found.finding.innocent_explanations
    assert copy_wording.INNOCENT_MISSING not in concluded(-1.5).finding.innocent_explanations


def test_a_cut_that_agrees_is_left_open_by_many_missing_marks_and_never_turned_round():
    assert missing(WANTED.few_missing, llr=2.0).verdict == "same_item"
    assert missing(WANTED.many_missing, llr=2.0).verdict == "same_design"


def test_missing_marks_are_told_with_their_places():
    told = missing(WANTED.many_missing).marks[-1]
    assert (told.kind, told.answer) == ("missing_marks", "differs")
    assert len(told.places) == told.values["missing"] == WANTED.many_missing
    assert (told.values["added"], told.values["unlike"]) == (1, 2)


def test_beside_numbers_small_marks_are_not_counted():
    first = concluded(0.3, numbered=True)
    numbered = replace(first, marks=(mark(0.3, "serial"),))
    assert add_missing(numbered, MissingMarks((), 0, 0), settings=WANTED) is numbered
    assert add_missing(first, None, settings=WANTED) is first
