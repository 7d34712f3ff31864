from dataclasses import replace
from itertools import combinations

import cv2
import numpy as np
import pytest
from photo.shots import CORNERS, ORACLE, SETTINGS, STATION, blocks, read, read_case, shoot_table

from evidence.photo.outline import find_outlines
from fixtures.register import render_case
from fixtures.slab import SLAB
from fixtures.subject import take_photo

WANTED = SETTINGS.reading
CARD = min(WANTED.card_mm) / max(WANTED.card_mm)
TOLERANCE = 0.35  # mm, worst corner; measured 0.04 to 0.17


def find_all(view, *, aspects=(CARD,)):
    return find_outlines(view, aspects=aspects, settings=SETTINGS.outline)


def find(view, *, aspects=(CARD,)):
    return next(iter(find_all(view, aspects=aspects)), None)


def truths(name):
    pair = render_case(name)
    return pair.reference_truth, pair.query_truth


def worst_corner(taken, outline, truth_mm=CORNERS):
    """How far the worst corner lies from the truth, in mm, whichever way up."""
    truth = taken.lens.project(truth_mm)
    px_per_mm = np.hypot(*(truth[1] - truth[0])) / np.hypot(*(truth_mm[1] - truth_mm[0]))
    ways = (np.roll(truth, turn, axis=0) - outline.corners for turn in (0, 2))
    return min(np.hypot(*way.T).max() for way in ways) / px_per_mm


def turns(corners):
    """Cross product of each side with the next; positive is clockwise as seen."""
    side = np.roll(corners, -1, axis=0) - corners
    following = np.roll(side, -1, axis=0)
    return side[:, 0] * following[:, 1] - side[:, 1] * following[:, 0]


def drawn_card(angle=0.0, size=(500, 700), centre=(500, 500), width=252, height=352):
    """A plain bright card on a plain dark ground, and its corners."""
    half = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * np.array([width, height]) / 2
    turn = np.deg2rad(angle)
    spin = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    corners = half @ spin.T + centre
    view = np.full((1000, 1000, 3), 60, np.uint8)
    cv2.fillPoly(view, [np.round(corners * 16).astype(np.int32)], (220, 210, 190), cv2.LINE_AA, 4)
    return view, corners


@pytest.mark.parametrize(
    "name", ["same-on-wood", "same-on-a-play-mat", "same-in-shadow", "same-lying-on-its-side"]
)
def test_the_corners_lie_where_the_simulator_put_them(name):
    for reading, taken in zip(read_case(name), truths(name), strict=True):
        found = reading.outline
        assert worst_corner(taken, found) < TOLERANCE
        assert SETTINGS.outline.min_score <= found.score <= 1
        assert (turns(found.corners) > 0).all()


def test_the_corners_of_a_card_that_lies_upside_down_in_a_landscape_are_found():
    changes = {"surface": "wood", "turn": 183.0, "tilt": 9.0, "size": (1600, 1200)}
    taken = take_photo(ORACLE, replace(STATION, seed=11, **changes))
    assert worst_corner(taken, read(taken.jpeg).outline) < TOLERANCE


def test_a_slab_is_found_by_its_own_edge_not_by_the_cards():
    left, top, right, bottom = SLAB
    corners = np.array([[left, top], [right, top], [right, bottom], [left, bottom]])
    for reading, taken in zip(read_case("same-slab"), truths("same-slab"), strict=True):
        assert worst_corner(taken, reading.outline, corners) < 1.0  # its edge is bevelled


@pytest.mark.parametrize("turn", [0.0, 90.0, 180.0, 37.0])
def test_a_strongly_tilted_card_is_found_by_its_own_edge_not_by_its_artworks(turn):
    changes = {"seed": 12, "surface": "grey", "turn": turn, "tilt": 30.0, "azimuth": 20.0}
    taken = take_photo(ORACLE, replace(STATION, **changes))
    assert worst_corner(taken, read(taken.jpeg).outline) < TOLERANCE


@pytest.mark.parametrize("angle", [0, 20, 44, 46, 90, 134, 180, 250])
def test_the_first_side_is_the_upper_short_one_and_the_order_clockwise(angle):
    view, truth = drawn_card(angle)
    corners = find(view).corners
    assert (turns(corners) > 0).all()
    length = np.hypot(*(np.roll(corners, -1, axis=0) - corners).T)
    assert max(length[0], length[2]) < min(length[1], length[3])
    assert corners[:2, 1].mean() <= corners[2:, 1].mean() + 0.5
    nearest = np.hypot(*(truth[:, None] - corners[None]).transpose(2, 0, 1)).min(axis=1)
    assert nearest.max() < 2.5  # of 1000 pixels; lines are searched at 640


def test_of_two_nested_edges_the_outer_one_is_the_items():
    view, truth = drawn_card()
    inner = (truth - 500) * 0.85 + 500
    cv2.polylines(view, [np.round(inner).astype(np.int32)], True, (20, 20, 20), 5)
    corners = find(view).corners
    assert np.abs(corners - np.roll(truth, 0, axis=0)).max() < 2


def test_a_picture_and_its_mirror_image_have_mirrored_outlines():
    view, _ = drawn_card(20)
    there = find(view).corners
    back = find(np.ascontiguousarray(view[:, ::-1])).corners
    mirrored = np.column_stack([999 - back[:, 0], back[:, 1]])
    assert np.abs(np.sort(mirrored, axis=0) - np.sort(there, axis=0)).max() < 1


def test_twice_the_size_gives_twice_the_corners():
    view, _ = drawn_card(20)
    large = cv2.resize(view, None, fx=2, fy=2, interpolation=cv2.INTER_AREA)
    corners = (find(large).corners + 0.5) / 2 - 0.5  # pixel centres
    assert np.abs(corners - find(view).corners).max() < 0.7


@pytest.mark.parametrize("surface", ["grey", "wood", "play_mat", "cloth"])
def test_there_is_no_outline_on_an_empty_table(surface):
    assert read(shoot_table(replace(STATION, surface=surface))).outline is None


@pytest.mark.parametrize(
    "view",
    [
        np.random.default_rng(0).integers(0, 255, (800, 600, 3), np.uint8),
        np.full((800, 600, 3), 128, np.uint8),
        np.full((1, 1, 3), 128, np.uint8),
        blocks(1600, 8, block=8),
        drawn_card(width=40, height=56)[0],
    ],
    ids=["noise", "nothing", "a pixel", "a strip", "a speck"],
)
def test_there_is_no_outline_where_no_card_is(view):
    assert find(view) is None


def test_another_shape_is_found_when_it_is_expected():
    assert find(drawn_card(width=300, height=300)[0], aspects=(CARD, 1.0)) is not None


def test_the_same_view_gives_the_same_outline():
    view, _ = drawn_card(33)
    one, two = find(view), find(view)
    np.testing.assert_array_equal(one.corners, two.corners)
    assert one.score == two.score


def boxed(left=100, top=150, right=500, bottom=250):
    """A dark box on a bright ground, 4 to 1 unless told otherwise."""
    view = np.full((400, 600, 3), 200, np.uint8)
    view[top:bottom, left:right] = (40, 60, 90)
    return view


def test_a_box_of_any_shape_is_found_where_no_shape_is_expected():
    found = find(boxed(), aspects=())
    np.testing.assert_allclose(sorted(found.corners[:, 0]), [99.5, 99.5, 499.5, 499.5], atol=1.5)
    assert found.expected


def test_where_a_card_is_expected_another_shape_is_a_last_resort_and_says_so():
    (found,) = find_all(boxed())
    assert not found.expected
    np.testing.assert_allclose(sorted(found.corners[:, 1]), [149.5, 149.5, 249.5, 249.5], atol=1.5)
    assert find(boxed(right=240, bottom=230)) is None  # too small to be taken for the item
    broken = boxed()
    broken[140:160, 150:320] = (120, 130, 140)  # a side of which less than half is seen
    broken[140:160, 400:450] = (120, 130, 140)
    assert find(broken) is None


def test_a_card_in_its_sleeve_gives_both_edges_and_no_edge_twice():
    view, truth = drawn_card()
    nested = [(truth - 500) * grow + 500 for grow in (1.0, 1.04, 0.85)]
    for corners in nested[1:]:
        cv2.polylines(view, [np.round(corners).astype(np.int32)], True, (20, 90, 20), 2)
    found = find_all(view)
    assert 3 <= len(found) <= SETTINGS.outline.most_outlines
    for corners in nested:
        assert min(np.abs(o.corners - corners).max() for o in found) < 6  # pixels of 1000
    for one, other in combinations(found, 2):
        assert np.hypot(*(one.corners - other.corners).T).mean() > 5


def test_of_two_cards_apart_both_are_found():
    view, _ = drawn_card(centre=(260, 500))
    view = np.maximum(view, drawn_card(centre=(740, 480))[0])
    centres = sorted(outline.corners.mean(0).tolist() for outline in find_all(view)[:2])
    np.testing.assert_allclose(centres, [[260, 500], [740, 480]], atol=3)


def test_two_cards_that_nearly_touch_are_two_and_not_one_that_lies_on_its_side():
    view, _ = drawn_card(centre=(320, 500))
    view = np.maximum(view, drawn_card(centre=(680, 500))[0])
    assert len({round(outline.corners[:, 0].mean(), -2) for outline in find_all(view)[:2]}) == 2
    assert np.ptp(find(view).corners[:, 0]) == pytest.approx(252, abs=4)


def test_the_best_outline_comes_first_and_the_rest_by_score_and_size():
    view, truth = drawn_card()
    inner = (truth - 500) * 0.7 + 500
    cv2.polylines(view, [np.round(inner).astype(np.int32)], True, (20, 20, 20), 5)
    found = find_all(view)
    assert [outline.score >= SETTINGS.outline.min_score for outline in found] == [True] * len(found)
    assert np.abs(found[0].corners - truth).max() < 2
