from math import hypot

import numpy as np
import pytest

from evidence.comparison.half_hollows import find_whole
from evidence.comparison.hollows import Circle
from evidence.comparison.shading import Shading
from evidence.settings import HollowSettings

WANTED = HollowSettings()
PX = WANTED.px_per_mm
SHAPE = 220, 158
MIDDLE = 30.0, 40.0
Y, X = (np.indices(SHAPE, dtype=np.float32) + 0.5) / PX
RIGHT, LOW = X - MIDDLE[0], Y - MIDDLE[1]
AWAY = np.hypot(RIGHT, LOW)


def pressed(radius=2.8, turn=0.8, deep=60.0):
    """Levels of a hollow whose light side lies towards ``turn`` radians."""
    bowl = np.where(radius > AWAY, np.sin(np.pi * AWAY / radius), 0)
    return deep * bowl * (RIGHT * np.cos(turn) + LOW * np.sin(turn)) / np.maximum(AWAY, 0.01)


def find(levels, room, circle):
    noise = np.random.default_rng(0).normal(0, 2, SHAPE)
    left = (np.minimum(levels, room) + noise).astype(np.float32)
    seen = np.full(SHAPE, 1 / 9, np.float32)
    shading = Shading(left, seen, np.full(SHAPE, room, np.float32))
    return find_whole(shading, circle, settings=WANTED)


def half(turn, radius=2.8):
    """The smallest circle about most of the dark half."""
    x, y = MIDDLE[0] - 0.35 * radius * np.cos(turn), MIDDLE[1] - 0.35 * radius * np.sin(turn)
    return Circle(float(x), float(y), 0.85 * radius)


@pytest.mark.parametrize("turn", [0.0, 0.8, 2.4, 4.0])
def test_a_hollow_on_white_print_is_told_whole(turn):
    found = find(pressed(turn=turn), 0.0, half(turn))
    assert hypot(found.x - MIDDLE[0], found.y - MIDDLE[1]) < 0.7
    assert found.radius == pytest.approx(2.8, rel=0.15)


def test_what_is_larger_than_any_hollow_is_none():
    assert find(pressed(4.6), 0.0, half(0.8, 4.6)) is not None
    assert find(pressed(5.6), 0.0, half(0.8, 5.6)) is None


def test_at_the_edge_of_the_item_it_is_told_as_well():
    near = 2.0, 2.5
    right, low = X - near[0], Y - near[1]
    dark = -40 * np.maximum(-(right + low), 0) * np.exp(-2 * (right**2 + low**2) / 2.2**2)
    found = find(dark, 0.0, Circle(1.2, 1.7, 2.0))
    assert (found.x, found.y) == pytest.approx(near, abs=0.5)


def test_one_that_shows_both_halves_is_left_as_it_is():
    assert find(pressed(), 200.0, Circle(*MIDDLE, 2.8)) is None


def test_where_there_is_room_for_light_a_dark_spot_is_no_half():
    assert find(np.minimum(pressed(), 0), 200.0, half(0.8)) is None


def test_a_dark_disc_on_white_print_is_no_half():
    assert find(np.where(AWAY < 2.5, -60.0, 0), 0.0, Circle(*MIDDLE, 2.5)) is None


def test_where_nothing_changed_there_is_none():
    assert find(np.zeros(SHAPE), 0.0, Circle(*MIDDLE, 2.5)) is None


def test_where_nothing_is_seen_there_is_none():
    nothing = np.zeros(SHAPE, np.float32)
    shading = Shading(pressed().astype(np.float32), nothing, nothing)
    assert find_whole(shading, Circle(*MIDDLE, 2.5), settings=WANTED) is None


@pytest.mark.parametrize("radius", [0.1, 0.35, 0.5])
def test_what_is_smaller_than_any_hollow_is_no_half(radius):
    assert find(np.where(radius > AWAY, -60.0, 0), 0.0, Circle(*MIDDLE, radius)) is None
