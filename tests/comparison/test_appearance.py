from dataclasses import asdict

import cv2
import numpy as np
import pytest
from comparison.samples import appearance
from photo.shots import SETTINGS

from evidence.comparison.appearance import compare_appearance

WANTED = SETTINGS.appearance
TAKEN = ("window", "reach", "noise", "full_contrast", "dark", "bright")


def texture(seed=0, *, height=704, width=504, grain=3.0):
    rng = np.random.default_rng(seed)
    soft = cv2.GaussianBlur(rng.normal(0, 1, (height, width)), (0, 0), grain)
    return np.clip(128 + 40 * soft / soft.std(), 0, 255).astype(np.uint8)


def look(reference, query, seen=None, **changes):
    told = {name: value for name, value in asdict(WANTED).items() if name in TAKEN}
    seen = np.ones(reference.shape, bool) if seen is None else seen
    return compare_appearance(reference, query, seen, **told | changes)


def at(found, x, y):
    """The place of the grid that is nearest to a pixel: row, column."""
    return round((y - found.margin) / found.step), round((x - found.margin) / found.step)


def test_identical_pictures_agree_fully_everywhere():
    found = look(texture(), texture())
    assert found.agreement == pytest.approx(1, abs=0.02)
    assert found.correlation.min() > 0.5  # less where there is hardly any contrast
    assert found.visible == 1.0
    for share in (0.5, 0.3, 0.05):
        assert found.worst_part(share, 0.2) > 0.9


def test_unrelated_pictures_do_not_agree():
    found = look(texture(), texture(5))
    assert abs(found.agreement) < 0.5  # the best of several shifts lies above zero
    assert found.worst_part(0.3, 0.2) < found.agreement


def test_a_negative_disagrees():
    assert look(texture(), 255 - texture(), reach=0).agreement < -0.95


@pytest.mark.parametrize("shift", [(2, 0), (0, -2), (2, 2), (-2, -2)])
def test_a_small_shift_is_forgiven_and_a_large_one_is_not(shift):
    reference = texture(grain=2.5)
    small = look(reference, np.roll(reference, shift, (0, 1)))
    large = look(reference, np.roll(reference, np.multiply(shift, 5) + 4, (0, 1)))
    assert small.agreement > 0.98
    assert large.agreement < 0.6


def test_other_light_and_contrast_are_forgiven():
    reference = texture()
    dimmed = (reference * 0.5 + 20).astype(np.uint8)
    assert look(reference, dimmed).agreement > 0.93


def test_swapping_the_pictures_changes_next_to_nothing():
    one, two = texture(grain=5.0), cv2.GaussianBlur(texture(grain=5.0), (0, 0), 2)
    two[300:400, 100:300] = texture(3)[300:400, 100:300]
    there, back = look(one, two), look(two, one)
    np.testing.assert_array_equal(there.weight, back.weight)
    assert abs(there.agreement - back.agreement) < 0.02
    assert abs(there.worst_part(0.3, 0.2) - back.worst_part(0.3, 0.2)) < 0.08


def hidden_by_glare(query, seen):
    query[200:400, 100:300] = 255


def hidden_by_darkness(query, seen):
    query[200:400, 100:300] = 0


def hidden_by_the_edge(query, seen):
    seen[200:400, 100:300] = False


@pytest.mark.parametrize("hide", [hidden_by_glare, hidden_by_darkness, hidden_by_the_edge])
def test_a_hidden_place_has_no_weight_and_lowers_nothing(hide):
    query, seen = texture().copy(), np.ones((704, 504), bool)
    hide(query, seen)
    found = look(texture(), query, seen)
    inside = found.weight[at(found, 150, 250)[0] : at(found, 0, 350)[0]]
    assert found.hidden[at(found, 200, 300)]
    assert found.weight[at(found, 200, 300)] == 0
    assert not found.hidden[at(found, 400, 100)]
    assert (found.weight[found.hidden] == 0).all()
    assert inside.any()  # beside the patch all is seen
    assert found.agreement > 0.93
    assert found.visible < 0.93


def test_the_darkest_of_both_photos_decides():
    dark = np.zeros((704, 504), np.uint8)
    for pair in ((texture(), dark), (dark, texture())):
        found = look(*pair)
        assert found.hidden.all()
        assert (found.visible, found.agreement) == (0, 0)


def test_a_flat_place_weighs_next_to_nothing():
    flat = np.full((704, 504), 128, np.uint8)
    found = look(flat, flat)
    assert found.weight.max() < 0.01
    assert not found.hidden.any()


def test_one_disagreeing_part_is_found_though_the_whole_agrees():
    query = texture().copy()
    query[420:680, 220:480] = texture(8)[420:680, 220:480]
    found = look(texture(), query)
    assert found.agreement > 0.75
    assert found.worst_part(0.5, 0.2) < 0.45
    assert found.worst_part(0.3, 0.2) <= found.worst_part(0.5, 0.2)


def test_a_part_that_shows_too_little_does_not_count():
    correlation, weight = np.ones((62, 44)), np.ones((62, 44))
    correlation[:20, :20], weight[:20, :20] = -1, 0.1
    made = appearance(1.0, 1.0)
    made.correlation[:], made.weight[:] = correlation, weight
    assert made.worst_part(0.3, 0.2) > 0
    assert made.worst_part(0.3, 0.05) < -0.9
    assert made.worst_part(0.3, 1.1) is None  # no part counts


def test_a_view_too_thin_to_compare_shows_nothing():
    thin = texture(height=16)
    found = look(thin, thin)
    assert (found.visible, found.agreement) == (0, 0)


def test_the_same_pictures_give_the_same_maps():
    one, two = look(texture(), texture(1)), look(texture(), texture(1))
    np.testing.assert_array_equal(one.correlation, two.correlation)
    np.testing.assert_array_equal(one.weight, two.weight)
