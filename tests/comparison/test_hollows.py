from math import hypot

import numpy as np
import pytest
from comparison.squares import PRINT, SIZE, laid

from evidence.comparison.hollows import find_hollows, holds, look_at_spots
from evidence.comparison.pieces import make_piece
from evidence.comparison.shading import measure_shading
from evidence.settings import HollowSettings

WANTED = HollowSettings()
MIDDLE = (30.0, 40.0)
ROWS, COLUMNS = np.indices(SIZE[::-1], dtype=np.float32) / 10
RIGHT, LOW = COLUMNS - MIDDLE[0], ROWS - MIDDLE[1]
AWAY = np.hypot(RIGHT, LOW)


def pressed(radius=2.5, turn=0.8, deep=0.4):
    """The print with a hollow, mm, whose light side lies towards ``turn`` radians."""
    bowl = np.where(radius > AWAY, np.sin(np.pi * AWAY / radius), 0)
    facing = (RIGHT * np.cos(turn) + LOW * np.sin(turn)) / np.maximum(AWAY, 0.01)
    return PRINT * (1 + deep * bowl * facing)[..., None]


def find(query, coarse=1.0, **facts):
    shading = measure_shading(laid(query, **facts), settings=WANTED)
    return find_hollows(shading, coarse, settings=WANTED)


@pytest.mark.parametrize("turn", [0.0, 0.8, 2.4, 4.0])
@pytest.mark.parametrize("radius", [2.0, 3.2])
def test_a_hollow_is_found_in_any_direction_with_its_size(radius, turn):
    (hollow,) = find(pressed(radius, turn))
    assert hypot(hollow.circle.x - MIDDLE[0], hollow.circle.y - MIDDLE[1]) < 0.5
    assert hollow.circle.radius == pytest.approx(radius, rel=0.35)
    assert hollow.measures.alone > 0.75


def test_the_same_print_has_none():
    assert find(PRINT) == []


def test_a_spot_that_is_darker_all_over_is_none():
    assert find(PRINT * np.where(AWAY < 2.5, 0.6, 1)[..., None]) == []


def test_the_slope_of_a_reflection_is_none():
    shine = 90 * np.exp(-((AWAY / 14) ** 2))[..., None]
    assert find(PRINT + shine) == []


def test_the_edge_of_a_shadow_is_none():
    assert find(PRINT * (1 - 0.4 / (1 + np.exp(-RIGHT / 0.5)))[..., None]) == []


def test_a_hollow_is_found_beside_a_reflection():
    shine = 90 * np.exp(-((np.hypot(RIGHT - 18, LOW) / 10) ** 2))[..., None]
    (hollow,) = find(pressed() + shine)
    assert hypot(hollow.circle.x - MIDDLE[0], hollow.circle.y - MIDDLE[1]) < 0.5


def half_hidden(room, turn=0.8):
    """A hollow whose light side has so little room, as on white print."""
    return np.minimum(pressed(turn=turn), PRINT + room)


@pytest.mark.parametrize("turn", [0.0, 0.8, 2.4, 4.0])
def test_one_half_may_show_much_less_than_the_other(turn):
    (hollow,) = find(half_hidden(12, turn))
    assert hypot(hollow.circle.x - MIDDLE[0], hollow.circle.y - MIDDLE[1]) < 0.9
    assert hollow.circle.radius == pytest.approx(2.5, rel=0.35)
    assert hollow.measures.balance < 0.6


def test_where_the_other_half_does_not_show_at_all_it_is_none():
    assert find(half_hidden(0)) == []


@pytest.mark.parametrize("across", [2.5, 4.0, 5.0])
@pytest.mark.parametrize("tone", [0, 20, 240, 255])
def test_a_mark_of_one_tone_is_none(across, tone):
    """The light that is fitted around it gives way, as if it had another half."""
    square = (np.abs(COLUMNS - 42) < across / 2) & (np.abs(ROWS - 61) < across / 2)
    query = np.where(square[..., None], np.float32(tone), PRINT)
    assert find(query) == []


def test_what_is_broader_than_any_is_none():
    assert find(pressed(radius=7.0)) == []


def test_what_a_photo_does_not_show_is_no_hollow():
    assert find(pressed(), shown=AWAY > 2.0) == []


def test_what_a_photo_shows_too_little_of_is_nothing_like_a_hollow():
    half = laid(pressed(3.0), shown=RIGHT < -1)
    spots = look_at_spots(measure_shading(half, settings=WANTED), 1.0, settings=WANTED)
    assert spots[0].measures.alone == 0


def test_a_coarse_photo_must_show_it_more_strongly():
    (hollow,) = find(pressed(deep=0.2))
    assert find(pressed(deep=0.2), coarse=hollow.strength / 2) == []


def test_a_piece_is_held_where_most_of_it_lies_within():
    (hollow,) = find(pressed())
    score = np.ones(SIZE[::-1], np.float32)
    within = np.nonzero((AWAY < 1.5) & (RIGHT > 0))
    beyond = np.nonzero((AWAY > 3.5) & (AWAY < 4.5) & (RIGHT > 0))
    assert holds(hollow, make_piece(*within, score), px_per_mm=10.0)
    assert not holds(hollow, make_piece(*beyond, score), px_per_mm=10.0)
