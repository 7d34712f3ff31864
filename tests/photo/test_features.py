from functools import cache

import cv2
import numpy as np
import pytest
from photo.shots import blocks, read_card

from evidence.comparison.matching import compare_descriptors, match_features
from evidence.photo.features import extract_features

WHOLE = slice(0, 640), slice(0, 640)  # rows and columns of the smooth picture


@cache
def smooth_picture(side=640, seed=0):
    """Soft random blobs, whose keypoints have the same place at every size."""
    rng = np.random.default_rng(seed)
    canvas = np.full((side, side), 128, np.float32)
    for _ in range(150):
        x, y = rng.uniform(40, side - 40, 2)
        radius = rng.uniform(6, 16)
        grid = np.arange(side)
        bump = (
            np.exp(-(((grid - x) / radius) ** 2))[None]
            * np.exp(-(((grid - y) / radius) ** 2))[:, None]
        )
        canvas += bump * rng.uniform(-90, 90)
    grey = np.clip(canvas, 0, 255).astype(np.uint8)
    return cv2.cvtColor(grey, cv2.COLOR_GRAY2RGB)


def misplacement(one, two, move=lambda points: points):
    matches = match_features(one, two, compare_descriptors(one, two), max_ratio=0.8)
    assert len(matches) > 25
    return np.median(move(matches.query) - matches.reference, axis=0)


@pytest.mark.parametrize("side", [320, 440, 200])
def test_keypoints_of_a_smaller_picture_map_back_to_the_same_place(side):
    view = smooth_picture()
    full = extract_features(view, WHOLE, side=640, max_keypoints=600)
    shrunk = extract_features(view, WHOLE, side=side, max_keypoints=600)
    assert np.abs(misplacement(full, shrunk)).max() < 0.25  # pixels of the view


def test_a_half_turn_maps_keypoints_by_pixel_centres():
    view = smooth_picture()
    turned = np.ascontiguousarray(view[::-1, ::-1])
    one, two = (extract_features(v, WHOLE, side=640, max_keypoints=600) for v in (view, turned))
    assert np.abs(misplacement(one, two, lambda points: 639 - points)).max() < 0.1


@pytest.mark.parametrize("side", [640, 400], ids=["as it is", "shrunk"])
@pytest.mark.parametrize("corner", [(0, 0), (0, 160), (97, 31), (160, 160)], ids=str)
def test_the_keypoints_of_a_part_lie_where_those_of_the_whole_do(corner, side):
    view, (top, left) = smooth_picture(), corner
    part = slice(top, top + 460), slice(left, left + 480)
    whole = extract_features(view, WHOLE, side=640, max_keypoints=600)
    found = extract_features(view, part, side=side, max_keypoints=600)
    assert np.abs(misplacement(whole, found)).max() < 0.25  # pixels of the view
    assert (found.keypoints >= [left, top]).all()
    assert (found.keypoints < [left + 480, top + 460]).all()


def test_the_side_is_that_of_the_part_so_a_small_item_is_seen_as_large_as_a_large_one():
    view = blocks(640, 640, block=8)
    part = slice(0, 160), slice(320, 480)
    alone = np.ascontiguousarray(view[part])
    inside = extract_features(view, part, side=160, max_keypoints=10_000)
    outside = extract_features(
        alone, (slice(0, 160), slice(0, 160)), side=160, max_keypoints=10_000
    )
    np.testing.assert_array_equal(inside.keypoints, outside.keypoints + np.float32([320, 0]))
    np.testing.assert_array_equal(inside.descriptors, outside.descriptors)


def test_descriptors_are_root_sift_of_nearly_equal_length():
    features = read_card().features
    assert features.keypoints.dtype == np.float32
    assert features.descriptors.dtype == np.uint8
    assert features.keypoints.shape == (len(features), 2)
    assert features.descriptors.shape == (len(features), 128)
    length = np.linalg.norm(features.descriptors.astype(float), axis=1)
    assert np.abs(length / 255 - 1).max() < 0.03


def test_only_the_strongest_keypoints_are_kept():
    view = smooth_picture()
    everything = extract_features(view, WHOLE, side=640, max_keypoints=10_000)
    few = extract_features(view, WHOLE, side=640, max_keypoints=50)
    assert 50 <= len(few) <= 55 < len(everything)  # equal strengths share the last place
    assert {tuple(p) for p in few.keypoints} <= {tuple(p) for p in everything.keypoints}


@pytest.mark.parametrize("shape", [(300, 200), (1, 1), (1, 1600), (1600, 2)])
def test_a_view_without_texture_has_no_features(shape):
    view, everything = np.full((*shape, 3), 77, np.uint8), (slice(0, shape[0]), slice(0, shape[1]))
    features = extract_features(view, everything, side=100, max_keypoints=10)
    assert len(features) == 0
    assert features.keypoints.shape == (0, 2)
    assert features.descriptors.shape == (0, 128)


def test_the_same_view_gives_the_same_features():
    view = blocks(320, 240, block=16)
    part = slice(0, 240), slice(0, 320)
    one, two = (extract_features(view, part, side=300, max_keypoints=500) for _ in range(2))
    np.testing.assert_array_equal(one.keypoints, two.keypoints)
    np.testing.assert_array_equal(one.descriptors, two.descriptors)
