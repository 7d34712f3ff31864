import numpy as np
import pytest
from comparison.drawn import CARD
from photo.shots import SETTINGS

from evidence.comparison.thickness import wall_widths

WANTED = SETTINGS.cut
WIDEST = WANTED.thickness * WANTED.most_oblique
VIEW = 1600, 1200


def turned(axis, degrees):
    cos, sin = np.cos(np.deg2rad(degrees)), np.sin(np.deg2rad(degrees))
    along = {"x": [[1, 0, 0], [0, cos, -sin], [0, sin, cos]], "y": [[cos, 0, sin], [0, 1, 0],
             [-sin, 0, cos]], "z": [[cos, -sin, 0], [sin, cos, 0], [0, 0, 1]]}  # fmt: skip
    return np.array(along[axis])


def seen(pose=None, *, aside=(0.0, 0.0), away=300.0, view=VIEW):
    """Photograph the card's plane: its middle so far off the lens's axis and away, mm."""
    pose = np.eye(3) if pose is None else pose
    focal = WANTED.focal * max(view)
    camera = np.array([[focal, 0, (view[0] - 1) / 2], [0, focal, (view[1] - 1) / 2], [0, 0, 1]])
    place = np.array([*aside, away]) - pose[:, :2] @ np.array(CARD) / 2
    return 7.0 * camera @ np.column_stack([pose[:, :2], place])


def walls(view_from_mm, view=VIEW):
    return wall_widths(view_from_mm, CARD, view, settings=WANTED)


def tangent(degrees):
    return WANTED.thickness * np.tan(np.deg2rad(degrees))


@pytest.mark.parametrize("degrees", [0, 30, 90, 180])
@pytest.mark.parametrize("view", [(1600, 1200), (1200, 1600), (1600, 1067), (1600, 900)])
def test_from_straight_above_no_wall_is_seen(degrees, view):
    assert walls(seen(turned("z", degrees), view=view), view) == pytest.approx((0, 0), abs=1e-6)


@pytest.mark.parametrize("degrees", [-20, -5, 3, 12, 25])
def test_a_tilt_shows_the_wall_by_its_tangent(degrees):
    shown = tangent(abs(degrees))
    assert walls(seen(turned("x", degrees))) == pytest.approx((0, shown), abs=1e-6)
    assert walls(seen(turned("y", degrees))) == pytest.approx((shown, 0), abs=1e-6)


def test_a_card_that_is_turned_in_the_picture_shows_the_wall_that_faces_the_lens():
    pose = turned("x", 15) @ turned("z", 90)
    assert walls(seen(pose)) == pytest.approx((tangent(15), 0), abs=1e-6)


def test_a_card_beside_the_lens_axis_shows_a_wall_though_it_lies_square():
    assert walls(seen(aside=(60.0, 0.0))) == pytest.approx((WANTED.thickness * 0.2, 0), abs=1e-6)
    assert walls(seen(aside=(0.0, -30.0))) == pytest.approx((0, WANTED.thickness * 0.1), abs=1e-6)


def test_the_scale_and_sign_of_the_map_change_nothing():
    view_from_mm = seen(turned("y", 10))
    for factor in (-1.0, 1e-3, 40.0):
        assert walls(view_from_mm * factor) == pytest.approx(walls(view_from_mm))


def test_no_more_is_allowed_for_than_a_photo_that_was_cut_may_show():
    assert walls(seen(turned("x", 50))) == pytest.approx((0, WIDEST), abs=1e-6)
    assert tangent(50) > WIDEST


@pytest.mark.parametrize("view", [(1000, 1000), (1600, 1300), (1600, 700)])
def test_a_photo_of_no_cameras_shape_may_show_the_widest_wall(view):
    assert walls(seen(view=view), view) == (WIDEST, WIDEST)


@pytest.mark.parametrize("view", [(1600, 1203), (2048, 1536), (1080, 1920)])
def test_a_pixel_or_two_are_still_a_cameras_shape(view):
    assert walls(seen(view=view), view) == pytest.approx((0, 0), abs=1e-6)
