import numpy as np
import pytest
from comparison.drawn import CARD
from comparison.test_cut_geometry import cut, line
from photo.shots import SETTINGS

from evidence.comparison.cut import SIDES
from evidence.comparison.cut_completing import complete_cut
from evidence.comparison.cut_geometry import CutMove, compare_cuts

WANTED = SETTINGS.cut
KNOWN = cut()
AWAY = 3 * WANTED.most_growth_completed  # mm that lines are moved by which span something else


def complete(lines, known=KNOWN):
    return complete_cut(known, lines, CARD, settings=WANTED)


def moved(lines):
    """The move of the completed cut, which must have been found."""
    firm, found = complete(lines)
    assert (firm.radius, found.radius) == (KNOWN.radius, None)
    move = compare_cuts(firm, found, CARD, settings=WANTED)
    assert isinstance(move, CutMove)
    return move


def lines_of(**how):
    return cut(**how).sides


def without(lines, *sides):
    return tuple(() if side in sides else own for side, own in enumerate(lines))


@pytest.mark.parametrize("how", [{}, {"right": 0.4}, {"down": -0.3, "degrees": 0.2}])
def test_lines_that_span_the_known_cut_are_the_cut(how):
    move = moved(lines_of(noise=0.02, **how))
    told = move.right_mm, move.down_mm, move.degrees
    assert told == pytest.approx(
        [how.get(name, 0.0) for name in ("right", "down", "degrees")], abs=0.02
    )
    assert move.spanned == (True, True)


@pytest.mark.parametrize("side", range(SIDES))
def test_one_side_may_be_missing_and_then_its_axis_is_not_spanned(side):
    move = moved(without(lines_of(right=0.4, down=0.3, degrees=0.1), side))
    assert move.spanned == ((False, True) if side % 2 else (True, False))
    told = move.right_mm, move.down_mm, move.degrees
    assert told == pytest.approx((0.4, 0.3, 0.1), abs=0.01)
    assert (move.wider_mm, move.taller_mm)[1 - side % 2] == 0.0


@pytest.mark.parametrize("side", range(SIDES))
def test_a_line_that_spans_something_else_is_left_out(side):
    lines = list(lines_of(right=0.2))
    lines[side] = (line(lines[side][0].offsets - AWAY),)  # the frame of the print
    _, found = complete(tuple(lines))
    assert found.sides[side] == ()


@pytest.mark.parametrize("sides", [(0, 2), (1, 3), (0, 1)])
def test_two_sides_are_too_few(sides):
    assert complete(without(lines_of(), *sides)) is None


def test_the_lines_of_a_sleeve_are_no_cut():
    assert complete(lines_of(wider=3.0, taller=4.0)) is None


def test_lines_that_turn_apart_are_no_cut():
    slope = np.linspace(-0.3, 0.3, WANTED.places)  # outwards at one end, on every side: a trapezium
    bent = tuple((line(own[0].offsets + slope),) for own in lines_of())
    assert complete(bent) is None


def test_of_two_cuts_that_the_lines_may_be_the_one_that_moves_least_is_taken():
    both = zip(lines_of(right=0.6, degrees=0.2), lines_of(), strict=True)
    move = moved(tuple(far + near for far, near in both))
    assert max(abs(move.right_mm), abs(move.down_mm), abs(move.degrees)) < 0.002


def test_four_sides_are_taken_before_three_that_move_a_little_less():
    """Or another copy of another size would be measured on one axis only."""
    move = moved(lines_of(right=0.4, wider=0.12))
    assert move.spanned == (True, True)
    assert move.right_mm == pytest.approx(0.4, abs=0.002)


def test_three_sides_that_have_not_moved_are_taken_before_four_that_have():
    """The fourth side is not seen; rims beside it and across would span the same elsewhere."""
    top, right, bottom, left = lines_of()
    rims = [(line(own[0].offsets + away),) for own, away in ((right, 0.3), (left, -0.25))]
    move = moved((top, rims[0], bottom, (*left, *rims[1])))
    assert move.spanned == (False, True) or abs(move.right_mm) < 0.08
    assert abs(move.down_mm) < 0.002


def test_of_the_known_cuts_lines_the_one_that_moves_least_is_held_against():
    """Else a wall would speak against the copy; the others are gone then, as is their scatter."""
    firm, found = complete(without(lines_of(), 3), cut(beside=[(1, 0.4), (2, -0.4)]))
    assert [len(lines) for lines in firm.sides] == [1] * SIDES
    move = compare_cuts(firm, found, CARD, settings=WANTED)
    assert max(abs(move.right_mm), abs(move.down_mm)) < 0.002


@pytest.mark.parametrize("side", range(SIDES))
def test_a_side_that_is_rough_is_as_if_it_were_not_seen(side):
    lines = list(lines_of(right=0.3, down=0.3))
    rng = np.random.default_rng(5)
    offsets = lines[side][0].offsets
    rough = offsets + rng.normal(0, 2 * WANTED.most_apart, len(offsets))
    lines[side] = (line(rough),)
    move = moved(tuple(lines))
    assert move.spanned == ((False, True) if side % 2 else (True, False))
