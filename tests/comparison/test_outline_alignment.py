from dataclasses import replace
from functools import cache

import cv2
import numpy as np
import pytest
from comparison.samples import pose
from photo.shots import CORNERS, ORACLE, SETTINGS, STATION, blocks, encode, read

from evidence.comparison.alignment import project
from evidence.comparison.outline_alignment import align_outlines, outline_map
from evidence.photo.outline import Outline
from fixtures.scene import Scene
from fixtures.subject import take_photo

WANTED = SETTINGS.matching
SMALL = (900, 1200)
HOME = replace(STATION, seed=6, surface="wood", tilt=8.0, size=SMALL)
QUERIES = {
    "at home": HOME,
    "upside down": replace(HOME, turn=177.0),
    "on its side": replace(HOME, turn=88.0, size=(1200, 900)),
    "dark": replace(HOME, exposure=0.25, noise=0.02),
    "blurred": replace(HOME, defocus=16.0),
    "blurred, upside down and under glare": replace(
        HOME, defocus=12.0, turn=180.0, glare=3.0, light=0.9
    ),
    "tiny": replace(HOME, size=(240, 320)),
}
LIMIT = 1.0  # mm at the worst corner; measured 0.1 to 0.7


@cache
def shoot(scene: Scene):
    """The photo of one card, and what it reads as."""
    taken = take_photo(ORACLE, scene)
    return taken, read(taken.jpeg)


def align(reference, query):
    return align_outlines(reference, query, settings=WANTED)


def corners_off(found, reference, query):
    """How far the worst corner of the card is laid from its place, in mm."""
    truth = reference.lens.project(CORNERS)
    laid = project(query.lens.project(CORNERS), found.reference_from_query)
    px_per_mm = np.hypot(*(truth[1] - truth[0])) / np.hypot(*(CORNERS[1] - CORNERS[0]))
    return np.hypot(*(laid - truth).T).max() / px_per_mm


@pytest.mark.parametrize("name", QUERIES)
def test_the_outlines_alone_lay_one_shot_of_a_card_on_the_other(name):
    (reference, one), (query, two) = shoot(STATION), shoot(QUERIES[name])
    found = align(one, two)
    assert corners_off(found, reference, query) < LIMIT
    assert found.reference_from_query[2, 2] == pytest.approx(1)
    assert (len(found.inliers), found.rms_error) == (0, 0.0)  # none were counted


@pytest.mark.parametrize("name", ["upside down", "blurred"])
def test_it_works_from_either_photo(name):
    (reference, one), (query, two) = shoot(QUERIES[name]), shoot(STATION)
    assert corners_off(align(one, two), reference, query) < LIMIT


def test_a_wrong_outline_is_passed_over_for_one_on_which_the_items_agree():
    (reference, one), (query, two) = shoot(STATION), shoot(HOME)
    width, height = HOME.size
    wrong = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32) * 0.3
    several = replace(two, outlines=(Outline(wrong, 1.0), *two.outlines))
    assert corners_off(align(one, several), reference, query) < LIMIT


def test_a_few_millimetres_that_the_outline_is_off_are_mended():
    (reference, one), (query, two) = shoot(STATION), shoot(HOME)
    inner = two.outline.corners.mean(axis=0) * 0.05 + two.outline.corners * 0.95  # 2 mm inside
    cut = replace(two, outlines=(replace(two.outline, corners=inner.astype(np.float32)),))
    laid = outline_map(one.outline, cut.outline, turned=False)
    off = project(query.lens.project(CORNERS), laid) - reference.lens.project(CORNERS)
    assert np.abs(off).max() > 15  # pixels, of a card that is 1,200 high
    assert corners_off(align(one, cut), reference, query) < LIMIT


def test_without_an_outline_there_is_no_map():
    (_, one), (_, two) = shoot(STATION), shoot(HOME)
    assert align(replace(one, outlines=()), two) is None
    assert align(one, replace(two, outlines=())) is None


@pytest.mark.parametrize("shown", ["plain", "noise"])
def test_where_nothing_agrees_there_is_no_map(shown):
    _, one = shoot(STATION)
    rng = np.random.default_rng(3)
    level = np.zeros((600, 430)) if shown == "plain" else rng.normal(0, 30, (600, 430))
    view = np.full((800, 600, 3), 30, np.uint8)
    view[100:700, 85:515] = np.clip(170 + level, 0, 255)[..., None]
    other = read(encode(view))
    assert other.outline is not None
    assert align(one, other) is None
    assert align(other, one) is None


@pytest.mark.parametrize("bar", ["least_near", "least_start", "least_coarse"])
def test_a_correlation_below_the_least_is_no_map(bar):
    (_, one), (_, two) = shoot(STATION), shoot(HOME)
    assert align_outlines(one, two, settings=replace(WANTED, **{bar: 0.999})) is None


def test_a_strip_too_thin_to_be_moved_about_is_laid_all_the_same():
    strip = read(encode(blocks(130, 1600, block=10)))
    corners = np.array([[2, 2], [30, 2], [30, 1590], [2, 1590]], np.float32)
    thin = replace(strip, outlines=(Outline(corners, 1.0),))
    assert align(thin, thin) is not None


def test_a_map_that_no_flat_item_gives_is_none():
    (_, one), (_, two) = shoot(STATION), shoot(HOME)
    assert align_outlines(one, two, settings=replace(WANTED, item_stretch=1.001)) is None


def test_the_same_readings_give_the_same_map_on_any_number_of_threads():
    (_, one), (_, two) = shoot(STATION), shoot(HOME)
    before, found = cv2.getNumThreads(), []
    for threads in (1, 4):
        cv2.setNumThreads(threads)
        found.append(align(one, two).reference_from_query)
    cv2.setNumThreads(before)
    np.testing.assert_array_equal(*found)


@pytest.mark.parametrize("turned", [False, True])
def test_a_map_of_outlines_lays_corner_on_corner(turned):
    corners = np.array([[100, 50], [300, 60], [310, 340], [90, 330]], np.float32)
    moved = project(corners, pose(degrees=30, tilt=2e-4)).astype(np.float32)
    laid = project(moved, outline_map(Outline(corners, 1.0), Outline(moved, 1.0), turned=turned))
    np.testing.assert_allclose(laid, np.roll(corners, 2, axis=0) if turned else corners, atol=1e-2)
