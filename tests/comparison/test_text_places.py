import cv2
import numpy as np
import pytest
from comparison.printed import page
from photo.shots import SETTINGS, luma

from evidence.comparison import text_places
from evidence.comparison.text_finding import find_text
from evidence.comparison.text_places import compare_letters, cut_line, is_upside_down, pair_lines
from evidence.comparison.text_reading import read_line

TEXT = SETTINGS.text
WORDS = "Nine quiet geese at dawn"
BOX = np.array([18.0, 68, 560, 122])  # around the only line of a page


def pair(reference, query):
    return pair_lines(np.reshape(reference, (-1, 4)), np.reshape(query, (-1, 4)), settings=TEXT)


def letters(reference, query):
    return compare_letters(reference, query, BOX, settings=TEXT)


def line(words=WORDS):
    return luma(page(words, top=5.0, width=50.0))


def test_a_place_reaches_as_far_as_either_item_says_and_each_has_its_own_height():
    (place,) = pair([[10.0, 20, 100, 40]], [[30.0, 24, 140, 46]])
    assert place.reference.tolist() == [10, 20, 140, 40]
    assert place.query.tolist() == [10, 24, 140, 46]
    assert place.box.tolist() == [10, 20, 140, 46]
    assert place.lines == (0,)
    assert place.on_query


def test_words_that_one_item_shows_apart_are_one_place():
    (place,) = pair([[10.0, 20, 200, 40]], [[10.0, 20, 90, 40], [95.0, 21, 200, 41]])
    assert place.query.tolist() == [10, 20, 200, 41]


def test_a_place_names_the_references_lines_from_left_to_right():
    boxes = [[95.0, 21, 200, 41], [10, 20, 90, 40], [10, 60, 90, 80]]
    places = pair(boxes, [[10.0, 20, 200, 40], [10, 100, 90, 120]])
    assert [place.lines for place in places] == [(1, 0), (2,), ()]


def test_print_on_one_item_alone_is_looked_at_there_on_the_other():
    ours, theirs = pair([[10.0, 20, 100, 40]], [[10.0, 60, 100, 80]])
    assert (ours.lines, ours.on_query) == ((0,), False)
    assert (theirs.lines, theirs.on_query) == ((), True)
    np.testing.assert_array_equal(ours.query, ours.reference)


@pytest.mark.parametrize(
    "other",
    [
        [10.0, 38, 100, 58],  # the next line, which overlaps a little
        [101.0, 20, 150, 40],  # beside it
        [10.0, 0, 100, 80],  # a headline over several rows
    ],
)
def test_neighbours_are_no_pair(other):
    assert len(pair([[10.0, 20, 100, 40]], [other])) == 2


def test_places_come_from_top_to_bottom_and_nothing_has_none():
    places = pair([[0.0, 50, 9, 60], [0.0, 10, 9, 20]], [[0.0, 90, 9, 99]])
    assert [place.box[1] for place in places] == [10, 50, 90]
    assert pair([], []) == []


def test_a_line_is_cut_upright_whichever_way_it_runs():
    picture = np.random.default_rng(0).integers(0, 255, (60, 80, 3), np.uint8)
    lying, standing = np.array([10.0, 20, 50, 30]), np.array([10.0, 10, 20, 50])
    np.testing.assert_array_equal(cut_line(picture, lying, turned=False), picture[20:30, 10:50])
    over = cut_line(picture, lying, turned=True)
    np.testing.assert_array_equal(over, picture[20:30, 10:50][::-1, ::-1])
    up = cut_line(picture, standing, turned=False)
    np.testing.assert_array_equal(up, np.rot90(picture[10:50, 10:20]))
    outside = cut_line(picture, np.array([-5.0, -5, 90, 40.2]), turned=False)
    assert outside.shape == (41, 80, 3)


def test_the_right_way_up_is_the_one_that_reads():
    upright = page(WORDS, "The lamps went out")
    over = np.ascontiguousarray(upright[::-1, ::-1])
    for picture, expected in ((upright, False), (over, True)):
        assert is_upside_down(picture, find_text(picture, settings=TEXT)) is expected
    assert not is_upside_down(upright, np.empty((0, 4)))


def test_no_further_line_is_read_once_a_long_one_is_sure(monkeypatch):
    picture = page(WORDS, WORDS, WORDS, top=5.0, width=50.0)
    boxes, read = find_text(picture, settings=TEXT), []

    def watch(crop):
        read.append(crop)
        return read_line(crop)

    monkeypatch.setattr(text_places, "read_line", watch)
    assert len(boxes) == 3
    assert not is_upside_down(picture, boxes)
    assert len(read) == 2  # one line, either way up


def test_the_same_print_agrees_in_every_letter():
    assert letters(line(), line()) > 0.95


@pytest.mark.parametrize("shift", [(6, -8), (-10, 10)])
def test_a_line_that_lies_a_little_elsewhere_agrees(shift):
    assert letters(line(), np.roll(line(), shift, (0, 1))) > 0.95


def test_a_softer_or_darker_picture_agrees():
    assert letters(line(), cv2.GaussianBlur(line(), (0, 0), 2.0)) > TEXT.alike
    assert letters(cv2.GaussianBlur(line(), (0, 0), 2.0), line()) > TEXT.alike
    assert letters(line(), (line() * 0.4 + 30).astype(np.uint8)) > 0.95


@pytest.mark.parametrize("words", ["Nine quiet geesa at dawn", "The lamps went out and on"])
def test_a_single_other_letter_does_not_agree(words):
    assert letters(line(), line(words)) < TEXT.alike


def test_what_is_blank_or_too_small_cannot_say():
    blank = np.full((140, 600), 200, np.uint8)
    assert letters(blank, line()) is None
    assert compare_letters(line(), line(), np.array([50.0, 50, 58, 90]), settings=TEXT) is None
