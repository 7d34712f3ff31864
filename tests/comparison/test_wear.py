import numpy as np
import pytest
from comparison.squares import PRINT, SIZE, laid, rounded_depth

from evidence.comparison.pieces import make_piece
from evidence.comparison.residual import Residual
from evidence.comparison.wear import encloses, find_wear, tells
from evidence.settings import ChangeSettings, WearSettings

WANTED = WearSettings()
SHAPE = SIZE[::-1]
ITEMS = laid(PRINT)
GRAY = np.float32(120)  # of the border


def rim(seed=0, deep=1):
    """Return what is left over, levels, where ground shines in along the cut."""
    random = np.random.default_rng(seed)
    levels = random.normal(0, 1, SHAPE)
    at_cut = ITEMS.depth < deep / 10
    levels[at_cut] += random.normal(40, 15, SHAPE)[at_cut]
    return levels.astype(np.float32)


def worn(levels, turn, long=30, deep=4, much=60):
    """Return the same with paper bare around a corner, ``long`` pixels each way."""
    bare = levels.copy()
    at = np.rot90(bare, turn)
    at[:deep, :long] += much
    at[deep:long, :deep] += much
    return bare


def find_all(levels, coarse=1.0, items=ITEMS, crossed=None, before=None):
    """Return all wear that is found where this is left over."""
    nothing = np.zeros(SHAPE, np.float32)
    before = nothing + GRAY if before is None else before
    seen = items.on_reference & items.on_query
    residual = Residual(
        *(before, before + levels, levels, nothing, nothing, np.zeros((2, *SHAPE)), nothing),
        seen=seen,
        paper=240.0,
    )
    crossed = np.zeros(SHAPE, bool) if crossed is None else crossed
    return find_wear(items, residual, crossed, coarse, settings=ChangeSettings())


def find(levels, **others):
    """Return the worn corners of it."""
    return [one for one in find_all(levels, **others) if one.kind == "corner_wear"]


def sides(levels, **others):
    """Return the boxes of the worn sides of it."""
    return [one.box for one in find_all(levels, **others) if one.kind == "edge_wear"]


@pytest.mark.parametrize(
    ("turn", "box"),
    [
        (0, (0, 0, 30, 30)),
        (1, (600, 0, 630, 30)),
        (2, (600, 850, 630, 880)),
        (3, (0, 850, 30, 880)),
    ],
)
def test_a_worn_corner_is_boxed_by_the_square_around_it(turn, box):
    (corner,) = find(worn(rim(), turn))
    assert corner.box == box
    assert corner.piece.strength >= WANTED.sure


def test_four_corners_are_found_clockwise():
    levels = rim()
    for turn in range(4):
        levels = worn(levels, turn, long=26 + 5 * turn)
    sides = [corner.box[2] - corner.box[0] for corner in find(levels)]
    assert sides == pytest.approx([26, 31, 36, 41], abs=1)


@pytest.mark.parametrize("seed", range(5))
def test_ground_that_shines_in_all_around_is_no_wear(seed):
    assert find_all(rim(seed, deep=3)) == []


def test_where_one_side_of_it_does_not_show_the_other_tells_how_far_it_goes():
    levels = rim()
    levels[:4, :45] -= 60
    (corner,) = find(levels)
    assert corner.box == (0, 0, 45, 45)


def test_torn_paper_as_light_as_the_border_leaves_no_gap():
    levels = worn(rim(), 0, long=45)
    levels[:, 20:29] = levels[20:29] = 0
    (corner,) = find(levels)
    assert corner.box == (0, 0, 45, 45)


def test_what_lies_beyond_a_gap_is_not_the_corners():
    levels = worn(rim(), 0, long=70)
    levels[:, 25:52] = levels[25:52] = 0
    (corner,) = find(levels)
    assert corner.box == (0, 0, 26, 26)  # half a pixel of it shows in the next


def test_wear_that_runs_on_along_a_side_is_not_the_corners():
    levels = rim()
    levels[:4, :120] += 60
    assert [(one.kind, one.box) for one in find_all(levels)] == [("edge_wear", (18, 0, 120, 4))]


def test_a_ragged_side_tells_how_much_its_corners_may_be_off():
    levels = worn(rim(), 0)
    levels[-4:] += np.random.default_rng(1).normal(0, 30, (4, SIZE[0]))
    assert find(levels) == []


def test_ground_that_shines_in_as_much_everywhere_is_usual():
    shining = 80 * np.clip(1 - rounded_depth(SIZE, 30) / 3, 0, 1)
    assert find_all(rim(deep=-100) + shining) == []


def test_a_corner_as_strange_as_a_side_is_none():
    spots = rim(deep=0)
    for first in range(22, SIZE[0], 30):
        spots[3:6, first : first + 4] += 40
    assert find(spots) == []
    spots[3:6, 100:] = 0
    assert [one.box[:2] for one in find(spots)] == [(0, 0)]


def test_what_lies_at_the_very_cut_does_not_tell_alone():
    assert find(worn(rim(), 0, deep=1)) == []


def test_what_lies_at_the_very_cut_tells_with_what_lies_within():
    weak = worn(rim(deep=0), 0, much=8)
    assert find(weak) == []
    (corner,) = find(worn(weak, 0, deep=1))
    assert corner.box == (0, 0, 30, 30)


def test_what_a_photo_does_not_show_is_no_wear():
    hidden = np.ones(SHAPE, bool)
    hidden[:60, :60] = False
    assert find_all(worn(rim(), 0), items=laid(PRINT, shown=hidden)) == []


def test_where_nothing_is_shown_nothing_is_found():
    assert find_all(worn(rim(), 0), items=laid(PRINT, shown=np.zeros(SHAPE, bool))) == []


def test_a_coarse_photo_must_show_it_more_strongly():
    levels = worn(rim(), 0)
    (corner,) = find(levels)
    assert find(levels, coarse=corner.piece.strength / 4) == []


def test_a_piece_is_enclosed_where_most_of_it_lies_in_the_square():
    (corner,) = find(worn(rim(), 0))
    score = np.ones(SHAPE, np.float32)
    rows, columns = (part.ravel() for part in np.mgrid[0:5, 10:40])
    assert encloses(corner, make_piece(rows, columns, score))
    assert not encloses(corner, make_piece(rows, columns + 15, score))
    assert not encloses(corner, make_piece(rows + 40, columns - 10, score))


@pytest.mark.parametrize(
    ("turn", "box"),
    [
        (0, (200, 0, 260, 5)),
        (1, (625, 200, 630, 260)),
        (2, (370, 875, 430, 880)),
        (3, (0, 620, 5, 680)),
    ],
)
def test_wear_of_a_side_is_boxed_along_it(turn, box):
    levels = rim()
    np.rot90(levels, turn)[:5, 200:260] += 60
    (told,) = sides(levels)
    assert told == pytest.approx(box, abs=1)  # ground that shines in may be a pixel of it


def test_wear_of_a_side_reaches_as_deep_as_a_third_of_its_contrast():
    levels = rim()
    levels[:4, 200:260] += 60
    levels[4:7, 200:260] += 40
    levels[7:12, 200:260] += 15
    assert sides(levels) == [(200, 0, 260, 7)]


def test_torn_paper_along_a_side_may_be_as_light_as_the_border_between():
    levels = rim()
    levels[:5, 200:260] += 60
    levels[:5, 220:245] = 0
    assert sides(levels) == [(200, 0, 260, 5)]
    levels[:5, 205:250] = 0
    assert len(sides(levels)) == 2


def test_weaker_wear_at_its_ends_belongs_to_it():
    levels = rim()
    levels[:5, 200:240] += 60
    levels[:5, 240:260] += 20
    assert sides(levels) == [(200, 0, 260, 5)]
    assert sides(levels - 60 * (levels > 50)) == []  # and is none alone


def test_its_ends_may_show_at_the_very_cut_alone():
    levels = rim(deep=0)
    levels[:5, 200:240] += 60
    levels[:1, 240:260] += 60
    assert sides(levels) == [(200, 0, 260, 5)]
    levels[:5, 200:240] -= 60
    assert sides(levels) == []


def test_wear_of_a_side_must_be_stranger_somewhere_than_that_of_a_corner():
    levels = rim()
    levels[:5, 200:260] += 1.2 * WANTED.sure * WANTED.noise / WANTED.smooth
    assert sides(levels) == []
    levels[2, 230] += 2 * WANTED.sure_side * WANTED.noise
    assert sides(levels) == [(200, 0, 260, 5)]


def test_what_a_worn_corner_takes_in_is_no_side_s():
    assert sides(worn(rim(), 0, long=60)) == []


def test_a_speck_at_the_cut_is_no_wear():
    levels = rim()
    levels[2:3, 200:203] += 60
    assert sides(levels) == []


def test_what_takes_up_most_of_a_side_is_the_cut_itself():
    levels = rim()
    levels[:5, 100:250] += 60
    assert sides(levels) == [(100, 0, 250, 5)]
    levels[:5, 250:500] += 60
    assert sides(levels) == []


def test_where_a_mark_runs_on_into_the_item_it_is_no_wear():
    levels, crossed = rim(), np.zeros(SHAPE, bool)
    levels[:40, 200:220] += 60
    crossed[:40, 200:220] = True
    assert sides(levels) != []
    assert sides(levels, crossed=crossed) == []


def test_light_that_is_off_within_as_well_is_none_of_the_rims():
    levels = rim()
    away = np.arange(SIZE[0]) - 300
    levels[:30] += (60 * np.exp(-((away / 90) ** 2))).astype(np.float32)
    assert sides(levels) == []
    levels[:5, 200:240] += 60
    assert sides(levels) == [(200, 0, 240, 5)]


def test_a_worn_corner_is_told_though_light_is_off_along_its_sides():
    levels = worn(rim(), 0, much=90)
    assert [one.box for one in find(levels)] == [(0, 0, 30, 30)]
    levels[2:5, 30:200] += 12
    assert [one.box for one in find(levels)] == [(0, 0, 30, 30)]


def test_a_piece_tells_wear_where_it_lies_there_and_is_much_longer():
    levels = rim()
    levels[:5, 200:260] += 60
    (side,) = [one for one in find_all(levels) if one.kind == "edge_wear"]
    score = np.ones(SHAPE, np.float32)
    rows, columns = (part.ravel() for part in np.mgrid[0:5, 200:297])
    assert tells(make_piece(rows, columns, score), side)
    assert tells(make_piece(rows, columns + 59, score), side)
    assert not tells(make_piece(rows, columns + 60, score), side)
    assert not tells(make_piece(rows + 5, columns, score), side)
    shorter = columns < 296
    assert not tells(make_piece(rows[shorter], columns[shorter], score), side)


def test_torn_paper_is_told_by_how_it_changes_along_the_cut():
    levels = rim()
    levels[1:4, 200:400] += np.where(np.arange(200) % 20 < 10, 30, 0).astype(np.float32)
    assert sides(levels) == [(200, 0, 390, 4)]


@pytest.mark.parametrize(("long", "found"), [(290, True), (310, False)])
def test_a_side_may_be_white_as_far_as_half_of_the_wider_window(long, found):
    levels = rim()
    levels[:5, 100 : 100 + long] += 60
    assert bool(sides(levels)) is found


def test_wear_that_the_reference_shows_too_is_none():
    levels, before = rim(), np.full(SHAPE, GRAY)
    levels[:5, 200:260] += 60
    before[:5, 200:260] += 30
    assert sides(levels) == [(200, 0, 260, 5)]
    assert sides(levels, before=before + levels * 2) == []


def test_what_only_the_reference_shows_is_none():
    levels, before = rim(), np.full(SHAPE, GRAY)
    levels[:5, 200:260] -= 60
    before[:5, 200:260] += 60
    assert sides(levels) == [(200, 0, 260, 5)]
    assert sides(levels, before=before) == []


def test_a_side_that_was_cut_elsewhere_says_nothing_nor_do_its_corners():
    levels = worn(worn(rim(), 0), 2)
    levels[1:4, 200:230] += 60
    assert [one.box for one in find(levels)] == [(0, 0, 30, 30), (600, 850, 630, 880)]
    levels[:5] += 1.2 * WANTED.most_off
    assert [one.box for one in find(levels)] == [(600, 850, 630, 880)]
    assert sides(levels) == []


def test_what_the_reference_shows_in_another_light_is_none():
    before = np.full(SHAPE, GRAY / 2)
    before[1:4, 200:220] += 40
    assert sides(1.5 * before, before=before) == []
    assert sides(1.5 * (before - GRAY / 2)) == [(200, 0, 220, 4)]


def test_a_corner_that_only_the_reference_shows_worn_is_none():
    before = np.full(SHAPE, GRAY)
    levels = worn(rim(), 0, much=-60)
    assert [one.box for one in find(levels)] == [(0, 0, 30, 30)]
    assert find(levels, before=before - levels) == []


def test_where_the_picture_ends_in_steps_what_lies_within_tells():
    within = rounded_depth(SIZE, 30) > 2.9
    (corner,) = find(worn(rim(), 0, deep=3), items=laid(PRINT, shown=within))
    assert corner.box == (0, 0, 30, 30)
    deeper = rounded_depth(SIZE, 30) > 5
    assert find(worn(rim(), 0), items=laid(PRINT, shown=deeper)) == []


def test_of_a_corner_the_square_is_told_in_which_the_cut_turns():
    levels = rim()
    levels[6:12, 6:12] += 60
    (corner,) = find(levels)
    assert corner.box == (0, 0, 24, 24)


def test_wear_beside_a_mark_that_crosses_the_rim_is_told():
    levels, crossed = rim(), np.zeros(SHAPE, bool)
    levels[:40, 200:210] += 60
    levels[:5, 210:260] += 60
    crossed[:40, 200:210] = crossed[:5, 210:260] = True  # both are one piece
    assert sides(levels, crossed=crossed) == [(220, 0, 260, 5)]
