from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from comparison.drawn import CARD
from photo.shots import SETTINGS

from evidence.comparison.cut import SIDES, Cut, side_samples
from evidence.comparison.cut_geometry import CutMove, Incomparable, compare_cuts
from evidence.comparison.edge_lines import EdgeLine

WANTED = SETTINGS.cut
WALL = 0.3


def line(offsets):
    middle = float(np.nanmean(offsets))
    return EdgeLine(middle, offsets, np.array([middle, 0, 0]), 0.01, 9.0)


def outline(right=0.0, down=0.0, degrees=0.0, wider=0.0, taller=0.0):
    """Where the sides of a moved and turned rectangle lie: (T,) mm outwards of each side."""
    half = np.array([CARD[0] + wider, CARD[1] + taller]) / 2
    corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1], [-1, -1]]) * half
    cos, sin = np.cos(np.deg2rad(degrees)), np.sin(np.deg2rad(degrees))
    clockwise = np.array([[cos, -sin], [sin, cos]])  # y points down
    corners = corners @ clockwise.T + np.array(CARD) / 2 + [right, down]
    for side, (start, end) in enumerate(pairwise(corners)):
        along, _ = side_samples(side, CARD, WANTED)
        axis, other = side % 2, 1 - side % 2
        share = (along - start[axis]) / (end[axis] - start[axis])
        at = start[other] + share * (end[other] - start[other])
        yield [-at, at - CARD[0], at - CARD[1], -at][side]


def cut(*, noise=0.0, seed=0, beside=(), radius=3.0, **moved):
    """A cut; ``beside`` names sides with a second line, and how far out it is."""
    rng = np.random.default_rng(seed)
    sides = []
    for side, offsets in enumerate(outline(**moved)):
        seen = offsets + rng.normal(0, noise, len(offsets))
        extra = [line(seen + out) for where, out in beside if where == side]
        sides.append((line(seen), *extra))
    return Cut(tuple(sides), radius)


def compare(reference, query):
    return compare_cuts(reference, query, CARD, settings=WANTED)


STILL = cut()
MOVES = [
    {"right": 0.3},
    {"down": -0.24},
    {"degrees": 0.2},
    {"right": -0.15, "down": 0.4, "degrees": -0.11},
    {"right": 0.2, "down": 0.1, "degrees": 0.1, "wider": 0.12, "taller": -0.1},
]


def as_told(move):
    return {
        "right": move.right_mm, "down": move.down_mm, "degrees": move.degrees,
        "wider": move.wider_mm, "taller": move.taller_mm,
    }  # fmt: skip


@pytest.mark.parametrize("moved", MOVES)
def test_a_known_move_is_recovered(moved):
    move = compare(STILL, cut(**moved))
    assert isinstance(move, CutMove)
    truth = dict.fromkeys(as_told(move), 0.0) | moved
    assert as_told(move) == pytest.approx(truth, abs=0.002)
    assert move.unlike_mm < 0.002
    assert move.scatter_mm == WANTED.least_scatter


@pytest.mark.parametrize("moved", MOVES)
def test_swapping_the_photos_turns_the_move_around(moved):
    ours, theirs = cut(noise=0.02, seed=1), cut(noise=0.02, seed=2, **moved)
    there, back = as_told(compare(ours, theirs)), as_told(compare(theirs, ours))
    assert back == pytest.approx({name: -value for name, value in there.items()}, abs=1e-9)


def test_the_move_is_counted_from_the_reference_wherever_its_cut_lies():
    move = compare(cut(right=0.5, degrees=0.1), cut(right=0.2, degrees=0.3))
    assert move.right_mm == pytest.approx(-0.3, abs=0.005)
    assert move.degrees == pytest.approx(0.2, abs=0.005)


def test_noise_and_strays_along_the_sides_hardly_move_it():
    query = cut(noise=0.02, seed=3, right=0.1, degrees=0.1)
    for lines in query.sides:
        lines[0].offsets[20:60] += 0.28  # a thread lies there
    move = compare(cut(noise=0.02, seed=4), query)
    assert move.right_mm == pytest.approx(0.1, abs=0.01)
    assert move.degrees == pytest.approx(0.1, abs=0.02)
    assert 0.02 < move.scatter_mm < 0.05


@pytest.mark.parametrize("grown", [{"wider": 3.0, "taller": 4.0}, {"wider": 0.9}, {"taller": -0.9}])
def test_another_size_is_another_thing(grown):
    assert compare(STILL, cut(**grown)) == Incomparable()
    assert compare(cut(**grown), STILL) == Incomparable()


def test_corners_of_another_radius_are_another_things():
    assert isinstance(compare(STILL, cut(radius=3.0 + 0.9 * WANTED.most_unlike)), CutMove)
    assert compare(STILL, cut(radius=3.0 + 1.1 * WANTED.most_unlike)) == Incomparable()


def test_sides_that_turn_apart_are_not_one_cut():
    query = cut()
    along, _ = side_samples(0, CARD, WANTED)
    top = line(query.sides[0][0].offsets + 0.012 * (along - CARD[0] / 2))  # 0.38 mm at its ends
    assert compare(STILL, replace(query, sides=((top,), *query.sides[1:]))) == Incomparable()


@pytest.mark.parametrize("seen", [0.1, 0.5])
def test_a_side_must_be_seen_at_common_places(seen):
    query = cut(right=0.2)
    query.sides[2][0].offsets[round(seen * WANTED.places) :] = np.nan
    move = compare(STILL, query)
    if seen < WANTED.least_common:
        assert move == Incomparable()
    else:
        assert move.right_mm == pytest.approx(0.2, abs=0.002)


@pytest.mark.parametrize("side", range(SIDES))
def test_a_wall_that_was_taken_for_the_cut_on_one_side_is_explained(side):
    """The reference shows the wall's lower edge only; the query shows both."""
    sides = list(cut().sides)
    sides[side] = (line(sides[side][0].offsets + WALL),)
    walled = Cut(tuple(sides), 3.0)
    for ours, theirs in (
        (walled, cut(beside=[(side, WALL)])),
        (cut(beside=[(side, WALL)]), walled),
    ):
        move = compare(ours, theirs)
        assert max(map(abs, as_told(move).values())) < 0.002


@pytest.mark.parametrize("side", range(SIDES))
def test_without_an_alternative_a_wall_on_one_side_feigns_half_its_width(side):
    """It is growth by the whole width, which is what the weight allows for."""
    sides = list(cut().sides)
    sides[side] = (line(sides[side][0].offsets + WALL),)
    move = compare(STILL, Cut(tuple(sides), 3.0))
    shift = {0: -move.down_mm, 1: move.right_mm, 2: move.down_mm, 3: -move.right_mm}[side]
    grown = (move.taller_mm, move.wider_mm)[side % 2]
    assert (shift, grown) == pytest.approx((WALL / 2, WALL), abs=0.002)


def test_of_two_alternatives_the_one_that_moves_least_is_taken():
    everywhere = [(side, out) for side in range(SIDES) for out in (0.4, -0.2)]
    move = compare(STILL, cut(right=0.2, beside=everywhere))
    assert abs(move.right_mm) < 0.11  # of 0.2, since a line of a side can take up half or more
    assert compare(STILL, cut(right=0.2)).right_mm == pytest.approx(0.2, abs=0.002)


def test_an_alternative_never_speaks_against_the_copy():
    for out in (-0.4, -0.2, 0.15, 0.4):
        for side in range(SIDES):
            move = compare(STILL, cut(beside=[(side, out)]))
            assert max(map(abs, as_told(move).values())) < 0.002
