import numpy as np
import pytest

from evidence.comparison.pieces import make_piece
from evidence.comparison.rim import (
    box_of_wear,
    box_to_the_cut,
    hold_against_side,
    is_at_rim,
    is_cut,
)
from evidence.settings import ChangeSettings

WANTED = ChangeSettings()
SHAPE = 880, 630  # a card at 10 px/mm
ROWS, COLUMNS = np.mgrid[: SHAPE[0], : SHAPE[1]] + 0.5
DEPTH = np.minimum.reduce([ROWS, COLUMNS, SHAPE[0] - ROWS, SHAPE[1] - COLUMNS]).astype(np.float32)
DEPTH /= 10
SEEN = WANTED.edge_mm <= DEPTH


def noise(seed=0):
    return np.random.default_rng(seed).normal(0, 1, SHAPE).astype(np.float32) * SEEN


def held(values):
    return hold_against_side(values, SEEN, DEPTH, settings=WANTED)


def block(rows, columns):
    rows, columns = (part.ravel() for part in np.mgrid[rows, columns])
    return make_piece(rows, columns, np.ones(SHAPE, np.float32))


@pytest.mark.parametrize("side", range(4))
def test_ground_that_shines_in_along_a_side_is_taken_out(side):
    shining = noise()
    np.rot90(shining, side)[1:4, 30:-30] += 30
    assert np.abs(np.rot90(held(shining), side)[:10, 30:-30]).max() < 6


@pytest.mark.parametrize("side", range(4))
def test_wear_of_a_part_of_a_side_stays(side):
    worn = noise()
    np.rot90(worn, side)[1:4, 200:300] += 30
    assert np.rot90(held(worn), side)[1:4, 200:300].mean() > 20


def test_a_ragged_cut_counts_for_less():
    ragged = noise()
    ragged[1:3] *= 10
    assert np.abs(held(ragged)[1:3]).max() < 6


def test_at_the_rim_of_a_corner_nothing_stands_out():
    worn = noise()
    for turn in range(4):
        np.rot90(worn, turn)[:10, :30] += 30
    for turn in range(4):
        assert not np.rot90(held(worn), turn)[:10, :30].any()


def test_beyond_the_rim_nothing_changes_and_the_input_is_left_alone():
    before = noise()
    kept = before.copy()
    inside = WANTED.rim_mm <= DEPTH
    inside[:30, :30] = inside[:30, -30:] = inside[-30:, :30] = inside[-30:, -30:] = False
    assert np.array_equal(held(before)[inside], before[inside])
    assert np.array_equal(before, kept)


def test_what_runs_along_most_of_a_side_is_the_cut_itself():
    assert is_cut(DEPTH, block(slice(1, 5), slice(50, 400)), settings=WANTED)
    assert not is_cut(DEPTH, block(slice(1, 5), slice(50, 200)), settings=WANTED)
    assert not is_cut(DEPTH, block(slice(1, 40), slice(50, 400)), settings=WANTED)


def test_a_box_near_the_cut_starts_at_it():
    sliver = block(slice(2, 6), slice(100, 150))
    assert is_at_rim(DEPTH, sliver, settings=WANTED)
    assert box_to_the_cut(DEPTH, sliver.box, settings=WANTED) == (100, 0, 150, 6)
    inner = block(slice(8, 20), slice(100, 150))
    assert not is_at_rim(DEPTH, inner, settings=WANTED)
    assert box_to_the_cut(DEPTH, inner.box, settings=WANTED) == (100, 8, 150, 20)


@pytest.mark.parametrize("side", range(4))
def test_wear_is_boxed_as_deep_as_a_third_of_its_contrast_and_as_long_as_all_of_it(side):
    levels = np.zeros(SHAPE, np.float32)
    strip = np.rot90(levels, side)
    for depth, level in enumerate((60, 60, 25, 15)):
        strip[depth, 200:260] = level
    strip[:2, 195:200] = strip[:2, 260:265] = 10
    rows, columns = np.nonzero(levels)
    left, top, right, bottom = box_of_wear(levels, make_piece(rows, columns, np.abs(levels)))
    assert sorted((right - left, bottom - top)) == [3, 70]
    boxed = np.zeros(SHAPE, bool)
    boxed[top:bottom, left:right] = True
    assert np.rot90(boxed, side)[:3, 195:265].all()


def test_a_piece_of_which_a_corner_reaches_deeper_is_one_of_the_rim():
    assert is_at_rim(DEPTH, block(slice(0, 13), slice(100, 200)), settings=WANTED)
    assert not is_at_rim(DEPTH, block(slice(0, 16), slice(100, 200)), settings=WANTED)
