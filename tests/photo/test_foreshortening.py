import numpy as np
import pytest
from photo.shots import SETTINGS

from evidence.photo.foreshortening import fit_shapes

SIZE = 900, 1200
CARD = 63 / 88
FOCAL = 0.8  # longer sides of the picture: a phone's camera


def see(width, height, *, tilt=0.0, azimuth=0.0, turn=0.0, focal=FOCAL, size=SIZE):
    """The corners of a rectangle in millimetres, seen by a pinhole, clockwise."""
    half = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * np.array([width, height]) / 2
    tilt, azimuth, turn = np.deg2rad([tilt, azimuth, turn])

    def about_z(angle):
        cos, sin = np.cos(angle), np.sin(angle)
        return np.array([[cos, -sin, 0], [sin, cos, 0], [0, 0, 1]])

    lean = [[1, 0, 0], [0, np.cos(tilt), -np.sin(tilt)], [0, np.sin(tilt), np.cos(tilt)]]
    pose = about_z(azimuth) @ np.array(lean) @ about_z(turn - azimuth)
    space = np.column_stack([half, np.zeros(4)]) @ pose.T
    space[:, 2] += 250 * focal / FOCAL
    middle = (np.array(size) - 1) / 2
    return space[:, :2] / space[:, 2:] * focal * max(size) + middle


def fit(*shapes, aspects=(CARD,), size=SIZE):
    corners = np.array(shapes)
    return fit_shapes(corners, size, aspects=aspects, settings=SETTINGS.outline)


@pytest.mark.parametrize("tilt", [0, 20, 40, 60])
@pytest.mark.parametrize("azimuth", [0, 35, 90, 200])
@pytest.mark.parametrize("turn", [0, 90, 152])
def test_a_card_fits_however_it_is_tilted(tilt, azimuth, turn):
    assert fit(see(63, 88, tilt=tilt, azimuth=azimuth, turn=turn)) > 0.999


@pytest.mark.parametrize("shape", [(63, 63), (63, 120), (40, 88)])
@pytest.mark.parametrize("tilt", [0, 15])
def test_another_shape_does_not_fit(shape, tilt):
    assert fit(see(*shape, tilt=tilt, azimuth=30)) < 0.1


def test_a_card_from_a_flat_angle_may_look_square_and_fits_where_a_square_does_not():
    seen = see(63, 88, tilt=48, focal=FOCAL)
    width, height = np.ptp(seen, axis=0)
    assert height / width == pytest.approx(1, abs=0.2)
    assert fit(seen) > 0.999
    assert fit(see(63, 63)) < 0.01


def test_a_shape_that_no_camera_shows_of_a_right_angle_does_not_fit():
    slanted = np.array([[300, 300], [615, 300], [815, 680], [500, 680]], float)
    assert fit(slanted) < 0.3


def test_a_cut_out_with_a_long_focal_length_fits_by_its_sides_as_they_are():
    assert fit(see(63, 88, tilt=12, focal=6.0)) > 0.9
    assert fit(see(63, 88, tilt=45, focal=6.0)) < 0.5  # shape and tilt cannot be told apart


def test_the_nearest_of_the_expected_shapes_counts():
    slab = see(82, 136, tilt=30, turn=20)
    assert fit(slab) < 0.5
    assert fit(slab, aspects=(CARD, 82 / 136)) > 0.999


def test_neither_the_first_corner_nor_the_pictures_scale_matters():
    seen = see(63, 80, tilt=45, azimuth=70)
    one = fit(seen)
    assert fit(np.roll(seen, 1, axis=0)) == pytest.approx(one, abs=1e-9)
    twice = (seen + 0.5) * 2 - 0.5
    assert fit(twice, size=(1800, 2400)) == pytest.approx(one, abs=1e-9)


def test_of_no_shapes_there_is_no_fit():
    nothing = np.empty((0, 4, 2))
    assert fit_shapes(nothing, SIZE, aspects=(CARD,), settings=SETTINGS.outline).shape == (0,)
