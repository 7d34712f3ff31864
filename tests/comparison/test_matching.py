import numpy as np
import pytest
from comparison.samples import features, pose

from evidence.comparison.alignment import project
from evidence.comparison.matching import (
    Matches,
    compare_descriptors,
    match_features,
    match_near,
)
from evidence.photo.features import Features

EMPTY = features(0)


def match(reference, query, max_ratio=0.85):
    similarity = compare_descriptors(reference, query)
    return match_features(reference, query, similarity, max_ratio=max_ratio)


def near(reference, query, homography, *, radius=14.0, min_similarity=0.8):
    similarity = compare_descriptors(reference, query)
    return match_near(
        reference, query, similarity, homography, radius=radius, min_similarity=min_similarity
    )


def moved(original, homography):
    points = project(original.keypoints, homography).astype(np.float32)
    return Features(points, original.descriptors)


def pairs(matches):
    joined = zip(matches.query.tolist(), matches.reference.tolist(), strict=True)
    return {(*q, *r) for q, r in joined}


def test_cosines_are_query_by_reference_and_one_for_the_same():
    one = features(7)
    similarity = compare_descriptors(one, features(3, seed=1))
    assert similarity.shape == (3, 7)
    np.testing.assert_allclose(np.diag(compare_descriptors(one, one)), 1, atol=1e-6)
    assert similarity.min() >= 0


def test_every_keypoint_finds_itself_in_a_shuffled_copy():
    reference = features(60)
    order = np.random.default_rng(1).permutation(60)
    query = Features(reference.keypoints[order] + 3, reference.descriptors[order])
    found = match(reference, query)
    assert len(found) == 60
    np.testing.assert_allclose(found.query - found.reference, 3, atol=1e-4)


def test_what_has_a_twin_stands_out_in_neither_photo():
    one = features(40)
    noise = np.random.default_rng(2).integers(-30, 30, one.descriptors.shape)
    other = Features(one.keypoints, np.clip(one.descriptors + noise, 0, 255).astype(np.uint8))
    twice = Features(np.vstack([one.keypoints] * 2), np.vstack([one.descriptors] * 2))
    assert len(match(one, other)) == 40
    assert len(match(twice, other)) == 0
    assert len(match(other, twice)) == 0


def test_of_two_that_resemble_one_the_nearer_is_taken():
    reference = features(20)
    steps = np.random.default_rng(4).integers(-20, 20, (2, *reference.descriptors.shape))
    nearer, farther = (np.clip(reference.descriptors + s, 0, 255) for s in steps * [[[1]], [[3]]])
    rows = np.vstack([nearer, farther]).astype(np.uint8)
    query = Features(np.vstack([reference.keypoints, reference.keypoints + 9]), rows)
    for found in (match(reference, query), match(query, reference)):
        assert len(found) == 20
        np.testing.assert_array_equal(found.query, found.reference)


def test_unrelated_descriptors_hardly_match():
    assert len(match(features(200), features(200, seed=9))) <= 4


def test_swapping_the_photos_swaps_the_matches():
    one = features(80)
    noise = np.random.default_rng(2).integers(-30, 30, one.descriptors.shape)
    other = Features(one.keypoints + 5, np.clip(one.descriptors + noise, 0, 255).astype(np.uint8))
    there, back = match(one, other), match(other, one)
    assert len(there) > 40
    assert pairs(there) == pairs(Matches(back.reference, back.query))


@pytest.mark.parametrize(("reference", "query"), [(EMPTY, EMPTY), (EMPTY, features(9))])
def test_no_keypoints_give_no_matches(reference, query):
    for one, two in ((reference, query), (query, reference)):
        assert match(one, two).query.shape == (0, 2)
        assert near(one, two, np.eye(3)).reference.shape == (0, 2)


def test_a_single_keypoint_has_no_second_to_beat():
    assert len(match(features(1), features(1))) == 0
    assert len(near(features(1), features(1), np.eye(3))) == 1


@pytest.mark.parametrize("changes", [{}, {"degrees": 70}, {"scale": 0.6, "tilt": 3e-4}], ids=str)
def test_along_the_right_map_every_keypoint_is_found(changes):
    truth = pose(**changes)
    query = features(80)
    found = near(moved(query, truth), query, truth)
    assert len(found) == 80
    np.testing.assert_allclose(project(found.query, truth), found.reference, atol=0.01)


def test_along_a_wrong_map_nothing_is_found():
    query = features(80)
    assert len(near(moved(query, pose(degrees=90)), query, pose())) <= 2


def test_the_radius_bounds_how_far_a_match_may_lie():
    query = features(30)
    aside = Features(query.keypoints + np.float32([10, 0]), query.descriptors)
    assert len(near(aside, query, np.eye(3), radius=10.5)) == 30
    assert len(near(aside, query, np.eye(3), radius=9.5)) == 0


def test_a_twin_far_away_competes_no_longer():
    one = features(40)
    far = one.keypoints + np.float32([5000, 0])
    twice = Features(np.vstack([one.keypoints, far]), np.vstack([one.descriptors] * 2))
    assert len(near(twice, one, np.eye(3))) == 40


def test_what_looks_different_does_not_match_however_close():
    one = features(40)
    other = Features(one.keypoints, features(40, seed=3).descriptors)
    alike = compare_descriptors(one, other).max()
    assert len(near(one, other, np.eye(3), min_similarity=float(alike) + 0.01)) == 0


def test_points_behind_the_camera_match_nothing_and_warn_of_nothing():
    one, behind = features(40), np.diag([1.0, 1.0, -1.0])
    assert len(near(moved(one, behind), one, behind)) == 0
    assert len(near(one, one, np.zeros((3, 3)))) == 0
