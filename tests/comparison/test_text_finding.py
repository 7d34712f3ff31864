from dataclasses import replace

import numpy as np
from comparison.printed import page
from photo.shots import SETTINGS

from evidence.comparison.text_finding import find_text, group_linked, hull

TEXT = SETTINGS.text
LINES = ("The lamps went out", "and still it kept", "the gate until dawn")


def find(picture, rows=None, **changes):
    return find_text(picture, settings=replace(TEXT, **changes), rows=rows)


def test_every_line_is_found_where_it_was_written():
    found = find(page(*LINES))
    middles = (found[:, 1] + found[:, 3]) / 2
    assert len(found) == 3
    np.testing.assert_allclose(middles, [(3 + 5.2 * (i + 0.5)) * 12.5 for i in range(3)], atol=5)
    assert (found[:, 0] < 2.5 * 12.5).all()  # all begin 2 mm from the left
    assert (found[:, 3] - found[:, 1] < 5.2 * 12.5).all()


def test_a_blank_page_has_no_lines():
    assert find(page(height=30.0)).shape == (0, 4)
    assert find(page(height=90.0)).shape == (0, 4)


def test_strips_find_what_the_whole_picture_shows_and_each_line_once():
    many = page(*LINES * 5)
    strips, whole = find(many, strip=300), find(many, strip=2000)
    assert many.shape[0] * TEXT.search_scale > 2 * 300
    assert len(strips) == len(whole) == 15
    np.testing.assert_allclose(strips, whole, atol=8)


def test_only_the_rows_that_are_wanted_are_searched():
    picture = page(*LINES * 5)
    everywhere = find(picture)
    wanted = everywhere[[2, 11]]  # far apart
    found = find(picture, rows=[(box[1] - 48, box[3] + 48) for box in wanted])
    assert 2 <= len(found) < 15
    for box in wanted:
        assert np.abs(found - box).max(axis=1).min() <= 8


def test_rows_that_meet_are_searched_once_and_rows_outside_change_nothing():
    picture = page(*LINES)
    height = picture.shape[0]
    inside = find(picture, rows=[(0, height)])
    beyond = [(-99, height / 2), (height / 3, 2 * height)]
    np.testing.assert_allclose(find(picture, rows=beyond), inside)
    np.testing.assert_allclose(inside, find(picture), atol=8)
    assert find(picture, rows=[]).shape == (0, 4)


def test_rows_at_the_foot_are_filled_up_from_above_and_not_stretched():
    picture = page(*LINES, height=30.0, top=16.0)
    height = picture.shape[0]
    low, high = (find(picture, rows=[(height - rows, height)]) for rows in (50, 80))
    assert low.tolist() == high.tolist() != []  # both are looked at in 64 rows of the network


def test_boxes_are_in_pixels_of_the_picture_at_whatever_size_it_is_searched():
    picture = page(*LINES)
    np.testing.assert_allclose(
        find(picture, search_scale=0.6), find(picture, search_scale=1.0), atol=6
    )


def test_a_line_across_a_seam_that_is_taller_than_the_overlap_is_one():
    tall = page("HYDRA", height=48.0, top=9.5, size=13.0)
    found = find(tall, strip=224, strip_overlap=32)
    assert len(found) == 1
    np.testing.assert_allclose(found, find(tall, strip=2000), atol=16)


def test_small_lines_are_left_out_and_the_largest_kept():
    picture = page(*LINES)
    assert len(find(picture, least_height=60.0)) == 0
    widest = find(picture, most_boxes=1)
    assert len(widest) == 1
    assert widest.tolist()[0] in find(picture).tolist()


def test_the_same_picture_gives_the_same_boxes():
    picture = page(*LINES)
    np.testing.assert_array_equal(find(picture), find(picture.copy()))


def test_what_is_linked_by_others_is_one_group():
    linked = np.zeros((5, 5), bool)
    for one, other in ((0, 3), (3, 4)):
        linked[one, other] = linked[other, one] = True
    assert [group.tolist() for group in group_linked(linked)] == [[0, 3, 4], [1], [2]]
    assert group_linked(np.zeros((0, 0), bool)) == []


def test_a_hull_holds_all_boxes():
    boxes = np.array([[0, 5, 10, 9], [4, 1, 6, 7.0]])
    assert hull(boxes).tolist() == [0, 1, 10, 9]
