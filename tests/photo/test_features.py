from functools import cache

import cv2
import numpy as np
import pytest
from photo.shots import blocks, read_card

from evidence.comparison.matching import compare_descriptors, match_features
from evidence.photo.features import extract_features


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
    assert len(matches) > 60
    return np.median(move(matches.query) - matches.reference, axis=0)


@pytest.mark.parametrize("side", [320, 440, 200])
def test_keypoints_of_a_smaller_picture_map_back_to_the_same_place(side):
    view = smooth_picture()
    full = extract_features(view, side=640, max_keypoints=600)
    shrunk = extract_features(view, side=side, max_keypoints=600)
    assert np.abs(misplacement(full, shrunk)).max() < 0.25  # pixels of the view


def test_a_half_turn_maps_keypoints_by_pixel_centres():
    view = smooth_picture()
    turned = np.ascontiguousarray(view[::-1, ::-1])
    one, two = (extract_features(v, side=640, max_keypoints=600) for v in (view, turned))
    assert np.abs(misplacement(one, two, lambda points: 639 - points)).max() < 0.1


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
    everything = extract_features(view, side=640, max_keypoints=10_000)
    few = extract_features(view, side=640, max_keypoints=50)
    assert 50 <= len(few) <= 55 < len(everything)  # equal strengths share the last place
    assert {tuple(p) for p in few.keypoints} <= {tuple(p) for p in everything.keypoints}


@pytest.mark.parametrize("shape", [(300, 200), (1, 1), (1, 1600), (1600, 2)])
def test_a_view_without_texture_has_no_features(shape):
    features = extract_features(np.full((*shape, 3), 77, np.uint8), side=100, max_keypoints=10)
    assert len(features) == 0
    assert features.keypoints.shape == (0, 2)
    assert features.descriptors.shape == (0, 128)


def test_the_same_view_gives_the_same_features():
    view = blocks(320, 240, block=16)
    one, two = (extract_features(view, side=300, max_keypoints=500) for _ in range(2))
    np.testing.assert_array_equal(one.keypoints, two.keypoints)
    np.testing.assert_array_equal(one.descriptors, two.descriptors)
