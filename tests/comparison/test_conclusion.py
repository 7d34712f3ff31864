from dataclasses import replace

import pytest
from comparison.test_copy_evidence import concluded, mark
from comparison.test_judging import shoot
from photo.shots import SETTINGS, read_card, read_case

from evidence.comparison.compare import compare
from evidence.comparison.conclusion import (
    conclude_briefly,
    conclude_by_picture,
    conclusion_of,
    small_marks_matter,
)
from evidence.comparison.copy_evidence import conclude as conclude_marks
from fixtures.subject import CardSubject

WANTED = SETTINGS.copies
HEAVIEST = min(WANTED.few_weigh, WANTED.many_weigh)


def another_game():
    return read_card(CardSubject(4, 30, 1), seed=5, surface="wood")


@pytest.mark.parametrize("name", ["same-tilted", "swapped-card-same-mat"])
def test_a_brief_conclusion_is_the_whole_comparisons(name):
    whole = compare(*read_case(name), settings=SETTINGS)
    assert conclude_briefly(*read_case(name), settings=SETTINGS) == conclusion_of(whole)


def test_a_reprint_of_one_artwork_is_told_apart_where_it_is_examined_and_not_by_its_picture():
    photos = shoot("first", "station"), shoot("reprint", "plain table")
    assert conclude_briefly(*photos, settings=SETTINGS).verdict == "different_product"
    by_picture = conclude_by_picture(*photos, settings=SETTINGS)
    assert by_picture.verdict == "same_design"
    assert by_picture.design.llr > 0


def test_the_picture_names_no_copy():
    photos = read_case("swapped-copy")
    whole = compare(*photos, settings=SETTINGS)
    assert whole.verdict == "different_copy"
    by_picture = conclude_by_picture(*photos, settings=SETTINGS)
    assert (by_picture.verdict, by_picture.design) == ("same_design", whole.design)


@pytest.mark.parametrize("conclude", [conclude_briefly, conclude_by_picture])
def test_clear_photos_without_a_common_map_are_not_gone_into_and_nothing_is_said(conclude):
    one, other = read_card(), another_game()
    assert compare(one, other, settings=SETTINGS).verdict == "different_product"
    said = conclude(one, other, settings=SETTINGS)
    assert (said.verdict, said.design.llr) == ("inconclusive", None)


@pytest.mark.parametrize("dark", [0, 1])
def test_where_a_photo_is_not_clear_details_may_be_missing_so_all_is_gone_into(dark):
    photos = [read_card(), another_game()]
    photos[dark] = replace(photos[dark], shortfalls=read_case("too-dark")[1].shortfalls)
    whole = conclusion_of(compare(*photos, settings=SETTINGS))
    assert whole.design.llr is not None
    assert conclude_briefly(*photos, settings=SETTINGS) == whole


@pytest.mark.parametrize(
    ("llr", "matter"),
    [
        (WANTED.other - HEAVIEST + 0.01, False),  # they cannot make it another copy
        (WANTED.other - HEAVIEST, True),
        (WANTED.other + 0.01, True),
        (WANTED.other, False),  # another copy already
        (WANTED.same - 0.01, False),  # open, and stays open
        (WANTED.same, True),  # they can make it open
        (None, False),  # alone they never decide
    ],
)
def test_small_marks_are_looked_for_where_they_can_rename_the_verdict(llr, matter):
    assert small_marks_matter(concluded(llr), settings=WANTED) is matter


def test_small_marks_are_not_looked_for_beside_numbers():
    numbered = conclude_marks((mark(WANTED.same, "certificate"),), numbered=True, settings=WANTED)
    assert not small_marks_matter(numbered, settings=WANTED)
