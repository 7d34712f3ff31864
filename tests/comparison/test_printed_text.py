from dataclasses import replace
from functools import cache

import cv2
import pytest
from comparison.printed import IN_PLACE, MARGIN, SCAN, scan
from photo.shots import SETTINGS, STATION, encode, read

from evidence.comparison.item_alignment import align_items
from evidence.comparison.printed_text import compare_text
from evidence.comparison.reference_print import find_print
from evidence.photo.frame import Frame
from fixtures.camera import photograph
from fixtures.copies import cut_face
from fixtures.printing import Printing, draw_printing

QUICK = replace(SETTINGS.text, px_per_mm=8.0)  # the lines of a scan are large
LINES = ("Draw three cards, then", "discard the oldest one", "Rivals lose coins", "Card #SM113")
OTHER = "Look at the top of it"
SHOP = replace(STATION, size=(900, 1200))
CUSTOMER = replace(SHOP, seed=5, surface="wood", tilt=9.0, light=0.3, glare=0.5)


@cache
def compare(reference, query, alignment=IN_PLACE, settings=QUICK):
    return compare_text(reference, query, alignment, settings=settings)


def told(found):
    return [(one.kind, one.reference, one.query) for one in found.differences]


@cache
def shoot(change, scene):
    """Read a photo of one printing of a design; every change has its own copy."""
    sheet = draw_printing(Printing(1, 21, change, 3))
    return read(photograph(cut_face(sheet, len(change), wear=0.2), scene).jpeg)


@cache
def compare_photos(change, other, *, turn=0.0):
    reference, query = shoot(change, replace(SHOP, turn=turn)), shoot(other, CUSTOMER)
    found = align_items(reference, query, settings=SETTINGS.matching).found
    return compare(reference, query, found, SETTINGS.text)


def test_photos_of_two_copies_of_one_product_raise_nothing():
    found = compare_photos("first", "first")
    assert found.compared >= 8
    assert found.differences == ()


@pytest.mark.parametrize("change", ["reprint", "japanese"])
def test_another_printing_differs_at_several_places(change):
    found = compare_photos("first", change)
    assert len(found.differences) >= 2
    assert all(one.region.unit == "mm" for one in found.differences)


def test_a_reference_that_lies_upside_down_is_read_all_the_same():
    upright = {one.reference for one in compare_photos("first", "reprint").differences}
    over = {one.reference for one in compare_photos("first", "reprint", turn=180.0).differences}
    assert len(over & upright) >= 2


def test_each_difference_is_told_as_it_reads_and_where_it_lies():
    found = compare(scan(*LINES), scan(OTHER, *LINES[1:3], "Card #SM110"))
    assert told(found) == [
        ("text", LINES[0], OTHER),
        ("number", LINES[3], "Card #SM110"),
    ]
    first, last = (one.region for one in found.differences)
    assert 14 < last.y - first.y < 17  # three lines further down
    assert (first.kind, first.unit) == ("print_difference", "mm")
    assert 4 < first.x < 8
    assert first.height < 5


def test_swapping_the_photos_swaps_what_is_told():
    one, other = scan(*LINES), scan(OTHER, *LINES[1:3], "Card #SM110")
    there, back = compare(one, other), compare(other, one)
    assert there.compared == back.compared
    assert told(back) == [(kind, query, ref) for kind, ref, query in told(there)]


def test_letters_under_a_blot_are_no_other_letters():
    blots = ((0, 15.0, 30.0), (1, 20.0, 40.0), (3, 12.0, 17.0))
    assert compare(scan(*LINES), scan(*LINES, blots=blots)).differences == ()
    assert compare(scan(*LINES, blots=blots), scan(*LINES)).differences == ()


def test_lines_that_changed_places_are_no_other_text():
    # the second line moved up, and another took its place
    ours, theirs = scan(LINES[0], OTHER), scan(OTHER, "Summon five wyrms")
    assert compare(ours, theirs).differences == ()
    apart = compare(ours, theirs, settings=replace(QUICK, moved=1.0))
    assert told(apart) == [("text", LINES[0], OTHER), ("text", OTHER, "Summon five wyrms")]


def test_a_line_that_the_query_carries_far_away_is_no_other_text():
    ours = compare(scan(*LINES[:2]), scan(OTHER, LINES[1]))
    assert [one.reference for one in ours.differences] == [LINES[0]]
    assert compare(scan(*LINES[:2]), scan(OTHER, LINES[1], "", LINES[0])).differences == ()


def test_a_line_whose_picture_agrees_is_not_read():
    other = scan(OTHER, *LINES[1:])
    assert compare(scan(*LINES), other, settings=replace(QUICK, alike=-1.0)).differences == ()


def test_the_querys_print_is_not_looked_for_where_it_says_the_same_as_the_reference():
    card, alone = scan(*LINES), find_print(scan(*LINES), settings=QUICK)
    blind = replace(QUICK, alike=1.1, least_ink=1.1)  # every line is doubtful, none is ever found

    def count(other, settings):
        found = compare_text(card, other, IN_PLACE, settings=settings, known=alone)
        assert found.differences == ()
        return found.compared

    assert count(card, blind) == len(alone.lines) >= len(LINES)
    assert count(card, replace(blind, least_same=1.1)) == 0
    assert count(scan(OTHER, *LINES[1:]), blind) == 0  # one says something else: all are looked for


def test_what_the_query_does_not_reach_is_not_compared():
    other = scan(OTHER, *LINES[1:])
    view = other.view()[:, : MARGIN + round(24 * SCAN)]  # of the card's 63 mm, amid the lines
    found = compare(scan(*LINES), replace(other, picture=encode(view, "JPEG", quality=95)))
    assert found.differences == ()
    assert found.compared <= compare(scan(*LINES), other).compared - len(LINES)


def test_a_page_with_more_places_than_an_item_has_is_left_alone():
    other = scan(OTHER, *LINES[1:])
    found = compare(scan(*LINES), other, settings=replace(QUICK, most_places=3))
    assert found.compared > 3
    assert found.differences == ()


def test_an_item_of_unknown_size_is_told_about_in_pixels_of_its_frame():
    card = scan(*LINES)
    frame = Frame(card.frame.frame_from_view, card.frame.width, card.frame.height, None)
    other = scan(OTHER, *LINES[1:])
    settings = replace(QUICK, unknown_side=800)
    (known,) = compare(card, other).differences
    (found,) = compare(replace(card, frame=frame), other, settings=settings).differences
    assert found.region.unit == "px"
    assert found.region.y == pytest.approx(known.region.y * card.frame.px_per_mm, abs=6)


def test_the_same_readings_give_the_same_places_on_any_number_of_threads():
    other = scan(OTHER, *LINES[1:])
    before = cv2.getNumThreads()
    found = []
    for threads in (1, 4):
        cv2.setNumThreads(threads)
        found.append(compare_text(scan(*LINES), other, IN_PLACE, settings=QUICK))
    cv2.setNumThreads(before)
    assert found[0] == found[1]
