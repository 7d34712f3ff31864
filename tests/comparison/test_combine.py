import itertools
from dataclasses import replace

import pytest
from comparison.samples import verdict

from evidence.comparison import wording
from evidence.comparison.combine import combine, discount_view
from evidence.comparison.verdict import Verdict, Weight

SAME, WEAKER = verdict("same_design", 2.0), verdict("same_design", 0.6)
OTHER, STRONGER = verdict("different_product", -0.8), verdict("different_product", -1.9)
OPEN, UNKNOWN = verdict("inconclusive", 0.1), verdict("inconclusive", None)
ALL = (SAME, WEAKER, OTHER, STRONGER, OPEN, UNKNOWN)


@pytest.mark.parametrize("one", ALL, ids=lambda v: f"{v.verdict} {v.design.llr}")
def test_a_single_verdict_stands_as_it_is(one):
    assert combine([[one]]) is one


@pytest.mark.parametrize("order", [*itertools.permutations((SAME, OTHER, OPEN))])
def test_a_photo_speaks_through_the_reference_it_agrees_with_most(order):
    assert combine([order]) is SAME


def test_against_the_back_alone_a_front_photo_is_not_another_product():
    assert combine([[STRONGER, OPEN]]) is OPEN


@pytest.mark.parametrize(
    ("photos", "expected"),
    [
        ((SAME, WEAKER), SAME),
        ((WEAKER, OPEN), WEAKER),
        ((OPEN, UNKNOWN), OPEN),
        ((OTHER, STRONGER), STRONGER),
        ((OTHER, OPEN), OTHER),
        ((OTHER, UNKNOWN), OTHER),
    ],
)
def test_among_photos_the_strongest_conclusion_stands(photos, expected):
    for order in (photos, photos[::-1]):
        assert combine([[one] for one in order]) is expected


@pytest.mark.parametrize("agreeing", ["same_item", "same_design", "different_copy"])
def test_where_photos_contradict_each_other_a_person_has_to_see_why(agreeing):
    one, two = verdict(agreeing, 2.0), OTHER
    for order in ((one, two), (two, one)):
        joined = combine([[v] for v in order])
        assert (joined.verdict, joined.design.llr) == ("inconclusive", 0.0)
        first = joined.findings[0]
        assert first.code == "design.photos_disagree"
        assert first.innocent_explanations
        assert {*one.findings, *two.findings} < set(joined.findings)
        assert joined.shortfalls == (wording.WHOLE_FRONT,)


def test_more_photos_add_no_weight_to_the_same_evidence():
    assert combine([[WEAKER]] * 9).design.llr == WEAKER.design.llr
    assert combine([[OTHER]] * 9).design.llr == OTHER.design.llr


@pytest.mark.parametrize("nothing", [[], [[]], [[SAME], []]])
def test_nothing_is_no_verdict(nothing):
    with pytest.raises(ValueError, match="nothing to combine"):
        combine(nothing)


def discount(one, reference="front", query="front"):
    return discount_view(one, reference_view=reference, query_view=query)


@pytest.mark.parametrize("agreeing", ["same_item", "same_design"])
def test_agreeing_backs_say_nothing_about_the_product(agreeing):
    told = discount(verdict(agreeing, 2.0), reference="back", query="back")
    assert (told.verdict, told.design.llr) == ("inconclusive", 0.0)
    assert [finding.code for finding in told.findings] == ["design.shared_side"]
    assert wording.WHOLE_FRONT in told.shortfalls


@pytest.mark.parametrize("view", ["corner", "edge", "label", "raking", "other"])
def test_a_close_up_that_is_not_found_says_nothing_against(view):
    told = discount(STRONGER, query=view)
    assert (told.verdict, told.design.llr) == ("inconclusive", 0.0)
    assert [finding.code for finding in told.findings] == ["design.close_up"]
    assert discount(SAME, query=view) is SAME


@pytest.mark.parametrize("view", ["front", "back"])
def test_whole_views_keep_what_they_say_against(view):
    assert discount(STRONGER, reference=view, query=view) is STRONGER
    assert discount(OPEN, reference=view, query=view) is OPEN
    assert discount(SAME, reference="front", query=view) is SAME


def copy_verdict(name: str, llr: float | None) -> Verdict:
    return replace(verdict(name, 2.0), copy=Weight(llr, 2.4))


THE_SAME, ANOTHER = copy_verdict("same_item", 1.9), copy_verdict("different_copy", -2.1)
NOT_TOLD = copy_verdict("same_design", None)


@pytest.mark.parametrize("told", [THE_SAME, ANOTHER], ids=lambda v: v.verdict)
def test_a_photo_that_tells_the_copy_speaks_for_those_that_do_not(told):
    for photos in itertools.permutations((NOT_TOLD, told, SAME)):
        assert combine([[one] for one in photos]) is told


def test_where_two_photos_disagree_on_the_copy_it_stays_open():
    for photos in itertools.permutations((THE_SAME, ANOTHER, NOT_TOLD)):
        joined = combine([[one] for one in photos])
        assert (joined.verdict, joined.copy.llr) == ("same_design", 0.0)
        assert joined.findings[0].code == "copy.photos_disagree"
        assert joined.findings[0].innocent_explanations


def test_two_photos_of_one_copy_add_no_weight():
    assert combine([[ANOTHER], [ANOTHER]]).copy.llr == ANOTHER.copy.llr


def test_a_back_that_is_cut_elsewhere_is_another_card_s_but_of_any_product():
    found = discount_view(ANOTHER, reference_view="back", query_view="back")
    assert (found.verdict, found.design.llr) == ("different_copy", 0.0)
    assert found.findings[0].code == "design.shared_side"
    same = discount_view(THE_SAME, reference_view="back", query_view="back")
    assert same.verdict == "inconclusive"


def test_a_shared_back_does_not_contradict_a_front_that_is_another_product():
    back = discount_view(ANOTHER, reference_view="back", query_view="back")
    for photos in ([[back], [OTHER]], [[OTHER], [back]]):
        assert combine(photos) is OTHER
    assert combine([[back], [NOT_TOLD]]) is back
