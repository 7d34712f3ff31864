import numpy as np
import pytest
from photo.shots import blocks, encode, read

from evidence.photo.outline import Outline
from evidence.photo.placing import (
    APART,
    LIKE_SIZED,
    SURROUNDINGS,
    find_surroundings,
    inside_outline,
    lie_apart,
)

VIEW = 1000, 800  # width and height
WHOLE = slice(0, 800), slice(0, 1000)


def box(left, top, right, bottom):
    corners = [[left, top], [right, top], [right, bottom], [left, bottom]]
    return Outline(np.array(corners, np.float32), 1.0)


SQUARE = box(10, 10, 20, 20)
CARD, SLEEVE = box(400, 300, 500, 440), box(390, 292, 510, 450)
OTHER = box(600, 310, 700, 450)


def test_inside_is_what_lies_within_all_four_sides_edges_included():
    points = np.array([[15, 15], [10, 10], [20, 15], [9.9, 15], [15, 20.1], [25, 25]])
    expected = [True, True, True, False, False, False]
    assert inside_outline(SQUARE, points).tolist() == expected


def test_a_margin_grows_the_outline_about_its_centre():
    points = np.array([[9.1, 15], [8.9, 15], [15, 20.9], [15, 21.1]])
    assert inside_outline(SQUARE, points, margin=1.2).tolist() == [True, False, True, False]


def test_a_slanted_side_is_followed():
    tilted = Outline(np.array([[10, 0], [20, 10], [10, 20], [0, 10]], np.float32), 1.0)
    points = np.array([[10, 10], [4, 4], [6, 6], [16, 16], [14, 14]])
    assert inside_outline(tilted, points).tolist() == [True, False, True, False, True]


def test_without_an_outline_every_point_counts():
    assert inside_outline(None, np.array([[-5.0, 1e9], [3, 4]])).tolist() == [True, True]
    assert inside_outline(SQUARE, np.empty((0, 2))).tolist() == []


@pytest.mark.parametrize(
    ("other", "apart"),
    [
        (OTHER, True),
        (CARD, False),
        (SLEEVE, False),
        (box(420, 320, 480, 400), False),
        (box(500 - 100 * (APART - 0.01), 300, 600, 440), True),
        (box(500 - 100 * (APART + 0.02), 300, 600, 440), False),
        (box(600, 300, 700, 300 + 140 * (LIKE_SIZED + 0.01)), True),
        (box(600, 300, 700, 300 + 140 * (LIKE_SIZED - 0.01)), False),
    ],
    ids=["beside", "itself", "around", "inside", "touches", "overlaps", "smaller", "a trifle"],
)
def test_two_items_lie_apart_and_are_of_like_size(other, apart):
    assert lie_apart(CARD, other) is apart
    assert lie_apart(other, CARD) is apart


def test_where_nothing_was_found_all_of_the_view_is_looked_at():
    assert find_surroundings((), VIEW) == WHOLE


@pytest.mark.parametrize("outlines", [(CARD, OTHER), (SLEEVE, CARD, OTHER)], ids=len)
def test_where_several_items_lie_all_of_the_view_is_looked_at(outlines):
    assert find_surroundings(outlines, VIEW) == WHOLE


@pytest.mark.parametrize("outlines", [(SLEEVE,), (SLEEVE, CARD), (CARD, SLEEVE)], ids=len)
def test_around_one_item_its_outermost_edge_and_a_margin_are_looked_at(outlines):
    margin = SURROUNDINGS * (450 - 292)
    rows, columns = find_surroundings(outlines, VIEW)
    assert (rows.start, rows.stop) == (np.floor(292 - margin), np.ceil(450 + margin))
    assert (columns.start, columns.stop) == (np.floor(390 - margin), np.ceil(510 + margin))


def test_a_turned_outline_is_looked_at_with_all_its_corners():
    turned = Outline(np.array([[500, 200], [700, 400], [500, 600], [300, 400]], np.float32), 1.0)
    assert find_surroundings((turned,), VIEW) == (slice(100, 700), slice(200, 800))


def test_nothing_beyond_the_view_is_looked_at():
    filling = box(-20.5, 10, 990, 820)  # a corner may lie a little outside
    assert find_surroundings((filling,), VIEW) == WHOLE
    corner = box(800, 600, 970, 780)
    assert find_surroundings((corner,), VIEW) == (slice(555, 800), slice(755, 1000))


def test_a_photo_is_searched_for_details_around_its_item_only():
    view = blocks(1600, 1200, block=16, seed=3)  # a busy table
    view[280:920, 560:1040] = 250
    view[300:900, 580:1020] = (60, 70, 160)
    reading = read(encode(view))
    rows, columns = find_surroundings(reading.outlines, (1600, 1200))
    assert columns.stop - columns.start < 1600
    x, y = reading.features.keypoints.T
    assert len(x) > 100
    assert (x.min() >= columns.start, x.max() < columns.stop) == (True, True)
    assert (y.min() >= rows.start, y.max() < rows.stop) == (True, True)
