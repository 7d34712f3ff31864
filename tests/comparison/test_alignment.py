import numpy as np
import pytest
from comparison.samples import CORNERS, pose, scatter

from evidence.comparison.alignment import (
    Alignment,
    Unaligned,
    align,
    is_flat_item,
    is_flat_view,
    project,
)
from evidence.comparison.matching import Matches

SETTINGS = {"max_error": 3.0, "min_inliers": 12, "max_stretch": 3.5}


def aligned(matches) -> Alignment:
    result = align(matches, **SETTINGS)
    assert isinstance(result, Alignment), result
    return result


@pytest.mark.parametrize("outliers", [0.0, 0.3, 0.6])
@pytest.mark.parametrize(
    "changes",
    [{}, {"degrees": 90}, {"degrees": 180}, {"scale": 0.5}, {"tilt": 3e-4}],
    ids=str,
)
def test_recovers_a_known_map_despite_outliers(changes, outliers):
    truth = pose(**changes)
    found = aligned(scatter(truth, outliers=outliers))
    drift = project(CORNERS, found.reference_from_query) - project(CORNERS, truth)
    assert np.abs(drift).max() < 1.5  # pixels, at the worst corner
    assert found.rms_error < 1.5
    assert found.reference_from_query[2, 2] == pytest.approx(1)
    assert len(found.inliers) >= 0.95 * (1 - outliers) * 200


def test_the_error_is_that_of_the_inliers():
    matches = scatter(pose(degrees=10), noise=0.0)
    assert aligned(matches).rms_error < 0.01
    noisy = aligned(scatter(pose(), noise=0.5)).rms_error
    assert noisy == pytest.approx(0.5 * 2**0.5, rel=0.15)  # of both coordinates


def test_swapping_the_photos_inverts_the_map():
    there = scatter(pose(degrees=20, tilt=2e-4), noise=0.0)
    back = Matches(there.reference, there.query)
    both = aligned(back).reference_from_query @ aligned(there).reference_from_query
    np.testing.assert_allclose(project(CORNERS, both), CORNERS, atol=0.1)


def test_the_same_matches_give_the_same_map():
    matches = scatter(pose(degrees=35), outliers=0.5)
    one, two = aligned(matches), aligned(matches)
    np.testing.assert_array_equal(one.reference_from_query, two.reference_from_query)
    np.testing.assert_array_equal(one.inliers.query, two.inliers.query)
    assert one.rms_error == two.rms_error


STEEP = np.diag([1.0, 0.25, 1.0])  # seen from 76 degrees aside
FLIPPED = np.diag([-1.0, 1.0, 1.0])


@pytest.mark.parametrize(
    ("matches", "reason"),
    [
        (scatter(np.eye(3), count=0), "too few matches"),
        (scatter(np.eye(3), count=11), "too few matches"),
        (scatter(np.eye(3), outliers=1.0), "too few inliers"),
        (scatter(STEEP), "not a flat item"),
        (scatter(pose(tilt=0.01)), "not a flat item"),
    ],
    ids=["none", "eleven", "all wrong", "too steep", "scale runs away"],
)
def test_says_why_there_is_no_map(matches, reason):
    assert align(matches, **SETTINGS) == Unaligned(reason)


def test_a_mirrored_item_is_no_view_of_it():
    assert isinstance(align(scatter(FLIPPED), **SETTINGS), Unaligned)
    assert not is_flat_view(FLIPPED, CORNERS, 3.5)


@pytest.mark.parametrize("shape", ["one point", "a line"])
def test_matches_that_fix_no_plane_give_no_map(shape):
    along = np.zeros(30) if shape == "one point" else np.arange(30.0)
    points = np.column_stack([along * 7 + 50, along * 3 + 60]).astype(np.float32)
    assert isinstance(align(Matches(points, points), **SETTINGS), Unaligned)


@pytest.mark.parametrize("bad", [{"max_error": 0.0}, {"min_inliers": 3}, {"max_stretch": 1.0}])
def test_rejects_a_setting_out_of_range(bad):
    with pytest.raises(ValueError, match="out of range"):
        align(scatter(np.eye(3)), **SETTINGS | bad)


@pytest.mark.parametrize(
    ("homography", "flat"),
    [
        (np.eye(3), True),
        (pose(degrees=180, scale=0.05), True),
        (np.diag([1.0, 1 / 3.4, 1.0]), True),
        (np.diag([1.0, 1 / 3.6, 1.0]), False),
        (np.diag([3.6, 1.0, 1.0]), False),
        (np.array([[1, 0, 0], [0, 1, 0], [-2e-3, 0, 1.0]]), False),  # the horizon crosses it
        (np.diag([1.0, 1.0, -1.0]), False),
    ],
    ids=["same", "small", "tilted", "too steep", "stretched", "horizon", "behind"],
)
def test_a_flat_view_has_no_mirror_and_sane_scale_and_perspective(homography, flat):
    assert is_flat_view(homography, CORNERS, 3.5) is flat


@pytest.mark.parametrize(("nearest", "flat"), [(2.2, True), (2.5, False)])
def test_the_scale_may_not_run_away_where_no_place_is_too_steep(nearest, flat):
    depth = np.array([[1, 0, 0], [0, 1, 0], [(nearest - 1) / 639, 0, 1]])  # w from 1 to nearest
    along = np.array([[0.0, 0], [639, 0]])  # foreshortening is w there, scale w ** -1.5
    assert is_flat_view(depth, along, 3.5) is flat


def test_a_map_is_applied_to_points_and_to_none():
    shift = np.array([[2, 0, 5], [0, 2, -1], [0, 0, 2.0]])
    np.testing.assert_allclose(project([[1, 1], [0, 4]], shift), [[3.5, 0.5], [2.5, 3.5]])
    assert project(np.empty((0, 2)), shift).shape == (0, 2)


def test_a_card_seen_straight_or_tilted_is_flat_at_all_its_corners():
    for tilt in (0.0, 2e-4):
        assert is_flat_item(pose(tilt=tilt, degrees=20), CORNERS, 3.5)


@pytest.mark.parametrize("tilt", [-1.2e-3, -2.5e-3], ids=["stretched", "behind the camera"])
def test_a_map_that_is_sane_at_one_corner_may_fold_the_rest_of_the_card_away(tilt):
    reference_from_query = np.linalg.inv(pose(tilt=tilt))
    near = project(np.array([[1.0, 1.0]]), pose(tilt=tilt))
    assert is_flat_view(reference_from_query, near, 3.5)
    assert not is_flat_item(reference_from_query, CORNERS, 3.5)
