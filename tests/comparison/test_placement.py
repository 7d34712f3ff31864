from dataclasses import replace

import cv2
import numpy as np
from comparison.drawn import CARD, FRAME, GROUND, MARGIN, SCALE, as_reading
from photo.shots import SETTINGS, luma, read_case

from evidence.comparison.alignment import project
from evidence.comparison.compare import compare
from evidence.comparison.placement import place_items

CORNERS = np.array([[0, 0], [CARD[0], 0], [CARD[0], CARD[1]], [0, CARD[1]]])  # mm
TIMES = 3  # the original is so much larger than the view


def reading():
    size = [round((side + 2 * MARGIN) * SCALE) for side in CARD]
    view = np.full((size[1], size[0], 3), GROUND, np.uint8)
    return replace(as_reading(view), width=size[0] * TIMES, height=size[1] * TIMES)


def in_original(points_mm):
    return (points_mm + MARGIN) * SCALE * TIMES - 0.5


def in_frame(points_mm):
    return points_mm * FRAME - 0.5


def test_the_corners_of_the_frame_are_those_of_the_card_in_the_original():
    placement = place_items(reading(), reading(), np.eye(3))
    for rows in (placement.reference_from_frame, placement.query_from_frame):
        np.testing.assert_allclose(
            project(in_frame(CORNERS), np.array(rows)), in_original(CORNERS), atol=0.01
        )
    assert (placement.width, placement.height) == (round(CARD[0] * FRAME), round(CARD[1] * FRAME))
    assert placement.px_per_mm == FRAME


def test_the_query_is_found_along_the_map_between_the_views():
    turn = np.vstack([cv2.getRotationMatrix2D((400, 500), 30, 0.8), [0, 0, 1]])
    placement = place_items(reading(), reading(), np.linalg.inv(turn))  # query = turn(reference)
    on_view = project((CORNERS + MARGIN) * SCALE - 0.5, turn)
    expected = (on_view + 0.5) * TIMES - 0.5
    got = project(in_frame(CORNERS), np.array(placement.query_from_frame))
    np.testing.assert_allclose(got, expected, atol=0.02)


def test_a_map_that_cannot_be_turned_round_places_nothing():
    assert place_items(reading(), reading(), np.zeros((3, 3))) is None


def test_a_comparison_lays_both_items_on_each_other_by_it():
    reference, query = read_case("same-upside-down")
    placement = compare(reference, query, settings=SETTINGS).placement
    views = []
    for one, rows in (
        (reference, placement.reference_from_frame),
        (query, placement.query_from_frame),
    ):
        height, width = one.view().shape[:2]
        original = cv2.resize(one.view(), (one.width, one.height))
        assert abs(width / height - one.width / one.height) < 0.01
        frame_from_original = np.linalg.inv(np.array(rows))
        views.append(
            cv2.warpPerspective(original, frame_from_original, (placement.width, placement.height))
        )
    assert np.corrcoef(luma(views[0]).ravel(), luma(views[1]).ravel())[0, 1] > 0.9
