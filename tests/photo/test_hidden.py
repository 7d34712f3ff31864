from dataclasses import replace

import cv2
import numpy as np
import pytest
from photo.shots import CORNERS, ORACLE, SETTINGS, STATION, read, read_card
from photo.test_patches import printed, spotlight

from evidence.photo.frame import Frame, frame_item, rectify
from evidence.photo.hidden import CAUSES, MOST, PLACES, find_hidden
from evidence.photo.outline import Outline
from fixtures.subject import take_photo

WANTED = SETTINGS.reading
CARD = Frame(np.eye(3), 504, 704, 8.0)


def find(rectified, frame=CARD, view_size=(504, 704)):
    return find_hidden(rectified, frame, view_size, settings=WANTED)


def card():
    """A print without white or black, 8 px/mm."""
    return (30 + printed() * 0.6).astype(np.uint8)


def lit(x, y, radius=80):
    spot = spotlight(x, y, radius, size=(704, 504))[..., None]
    return np.clip(card() + spot, 0, 255).astype(np.uint8)


def causes(hidden):
    return [box.cause for box in hidden.boxes]


def test_a_clean_item_shows_everything():
    found = find(card())
    assert (found.unit, found.width, found.height, found.boxes) == ("mm", 63.0, 88.0, ())
    assert found.share("glare") == 0
    assert found.place("glare") is None


@pytest.mark.parametrize("changes", [{}, {"surface": "wood", "turn": 12.0, "tilt": 7.0}])
def test_a_good_photo_of_a_card_shows_everything(changes):
    assert read_card(**changes).hidden.boxes == ()


def test_glare_is_boxed_in_millimetres():
    (box,) = find(lit(200, 400)).boxes
    assert (box.cause, box.place) == ("glare", "middle")
    assert abs(box.x + box.width / 2 - 25) < 1
    assert abs(box.y + box.height / 2 - 50) < 1
    assert box.share == pytest.approx(np.pi / 4 * box.width * box.height / (63 * 88), rel=0.3)


@pytest.mark.parametrize(
    ("at", "place"),
    [
        ((80, 80), "upper_left"),
        ((430, 90), "upper_right"),
        ((250, 80), "upper"),
        ((80, 350), "left"),
        ((430, 640), "lower_right"),
    ],
)
def test_the_place_is_told_as_the_photo_shows_it(at, place):
    assert find(lit(*at, radius=50)).place("glare") == place


def test_the_place_on_an_item_that_lies_on_its_side_is_that_in_the_photo():
    view = np.ascontiguousarray(np.rot90(lit(80, 80, radius=50)))  # upper left is now lower left
    lying = Outline(np.array([[0, 504], [0, 0], [704, 0], [704, 504]], np.float32) - 0.5, 1.0)
    size = (704, 504)
    frame = frame_item(lying, size, sizes_mm=((63.0, 88.0),), height=704)
    assert find(rectify(view, frame), frame, size).place("glare") == "lower_left"


def test_without_a_size_boxes_are_in_pixels_of_the_frame():
    found = find(lit(200, 400), replace(CARD, px_per_mm=None))
    assert (found.unit, found.width, found.height) == ("px", 504.0, 704.0)
    (box,) = found.boxes
    assert abs(box.x + box.width / 2 - 200) < 8


def test_a_crushed_shadow_is_dark_and_a_black_border_is_not():
    bordered = card()
    for edge in (np.s_[:24], np.s_[-24:], np.s_[:, :24], np.s_[:, -24:]):
        bordered[edge] = 0
    assert find(bordered).boxes == ()
    shadow = 1 - np.clip(spotlight(250, 350, 160, strength=3.0, size=(704, 504)), 0, 1)
    (box,) = find((bordered * shadow[..., None]).astype(np.uint8)).boxes
    assert (box.cause, box.place) == ("dark", "middle")


def test_the_part_beyond_the_photos_edge_is_out_of_frame():
    outline = Outline((CORNERS * 10 - [126, 0]).astype(np.float32), 1.0)  # a fifth is cut off
    size = (800, 1000)
    frame = frame_item(outline, size, sizes_mm=((63.0, 88.0),), height=704)
    view = cv2.resize(card(), size)
    (box,) = find(rectify(view, frame), frame, size).boxes
    assert (box.cause, box.place) == ("out_of_frame", "left")
    assert (box.x, box.y, box.height) == (0, 0, 88)
    assert box.width == pytest.approx(12.6, abs=2.0)
    assert box.share == pytest.approx(0.2, abs=0.03)


def test_a_part_out_of_focus_is_blurred():
    picture = card()
    picture[400:] = cv2.GaussianBlur(picture, (0, 0), 6.4)[400:]
    (box,) = find(picture).boxes
    assert (box.cause, box.place) == ("blur", "lower")


def test_simulated_glare_is_hidden_where_the_print_is_blown():
    reading = read(take_photo(ORACLE, replace(STATION, glare=2.0)).jpeg)
    assert set(causes(reading.hidden)) == {"glare"}
    for box in reading.hidden.boxes:
        assert box.place in PLACES
        assert min(box.width, box.height) >= WANTED.least_hidden


def test_only_the_largest_parts_are_kept_largest_first():
    spots = sum(
        spotlight(x, y, 48, strength=250, size=(704, 504))
        for x in (60, 190, 320, 450)
        for y in range(60, 700, 130)
    )
    found = find(np.clip(card() + np.asarray(spots)[..., None], 0, 255).astype(np.uint8))
    assert len(found.boxes) == MOST
    shares = [box.share for box in found.boxes]
    assert shares == sorted(shares, reverse=True)
    assert set(causes(found)) <= set(CAUSES)


@pytest.mark.parametrize("size", [(1, 704), (2, 2), (704, 1)])
def test_the_smallest_frames_have_a_map(size):
    frame = Frame(np.eye(3), size[0], size[1], None)
    picture = np.full((size[1], size[0], 3), 90, np.uint8)
    assert find(picture, frame, size).boxes == ()
