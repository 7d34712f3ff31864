from dataclasses import replace

import cv2
import numpy as np
import pytest
from photo.shots import (
    CORNERS,
    SETTINGS,
    encode,
    read,
    read_case,
    shoot_table,
)

from evidence.comparison.alignment import Alignment, Unaligned, project
from evidence.comparison.item_alignment import align_items
from evidence.photo.placing import inside_outline
from fixtures.register import read_register, render_case


def align(reference, query):
    return align_items(reference, query, settings=SETTINGS.matching)


@pytest.mark.parametrize(
    "name", ["same-on-wood", "same-upside-down", "same-tilted", "same-lying-on-its-side"]
)
def test_the_map_lays_the_card_where_the_simulator_put_it(name):
    pair = render_case(name)
    found = align(*read_case(name)).found
    assert isinstance(found, Alignment)
    laid = project(pair.query_truth.lens.project(CORNERS), found.reference_from_query)
    drift = np.abs(laid - pair.reference_truth.lens.project(CORNERS))
    assert drift.max() < 3  # pixels at the worst corner; a card is 1,200 high
    assert found.rms_error < 2.5


@pytest.mark.parametrize("name", ["same-on-a-play-mat", "swapped-card-same-mat"])
def test_every_inlier_lies_on_the_item(name):
    reference, query = read_case(name)
    found = align(reference, query).found
    assert isinstance(found, Alignment)
    margin = SETTINGS.matching.item_margin
    assert inside_outline(reference.outline, found.inliers.reference, margin=margin).all()


def test_a_mat_alone_lays_no_card_on_it():
    card, _ = read_case("swapped-card-same-mat")
    scene = read_register()["swapped-card-same-mat"].reference.scene
    assert isinstance(align(card, read(shoot_table(replace(scene, seed=8)))).found, Unaligned)


def test_without_texture_there_are_too_few_matches():
    blank = read(encode(np.full((300, 200, 3), 90, np.uint8)))
    aligned = align(blank, blank)
    assert len(aligned.matches) == 0
    assert aligned.found == Unaligned("too few matches")


def test_without_an_outline_all_of_the_view_counts():
    rng = np.random.default_rng(0)
    noise = cv2.GaussianBlur(rng.normal(0, 1, (640, 480)), (0, 0), 4)
    grey = np.clip(128 + 500 * noise, 0, 255).astype(np.uint8)
    picture = read(encode(np.dstack([grey] * 3)))
    assert picture.outline is None
    found = align(picture, picture).found
    assert isinstance(found, Alignment)
    np.testing.assert_allclose(found.reference_from_query, np.eye(3), atol=1e-3)


@pytest.mark.parametrize("name", ["same-on-wood", "same-upside-down"])
def test_where_no_detail_stands_out_the_outlines_propose_the_map(name):
    wanted = replace(SETTINGS.matching, max_ratio=0.01)
    pair, aligned = render_case(name), align_items(*read_case(name), settings=wanted)
    assert len(aligned.matches) == 0
    laid = project(pair.query_truth.lens.project(CORNERS), aligned.found.reference_from_query)
    assert np.abs(laid - pair.reference_truth.lens.project(CORNERS)).max() < 3


def test_swapping_the_photos_inverts_the_map():
    one, two = read_case("same-upside-down")
    there, back = align(one, two).found, align(two, one).found
    both = back.reference_from_query @ there.reference_from_query
    card = two.outline.corners.astype(float)
    assert np.abs(project(card, both) - card).max() < 4


def test_the_same_readings_give_the_same_map():
    one, two = align(*read_case("same-on-wood")), align(*read_case("same-on-wood"))
    np.testing.assert_array_equal(one.found.reference_from_query, two.found.reference_from_query)
    np.testing.assert_array_equal(one.matches.query, two.matches.query)
