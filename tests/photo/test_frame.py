import cv2
import numpy as np
import pytest
from photo.shots import CORNERS, SETTINGS, blocks

from evidence.photo.frame import frame_item, rectify
from evidence.photo.outline import Outline

CARD, SLAB = SETTINGS.reading.card_mm, SETTINGS.reading.slab_mm


def frame(corners, *, sizes_mm=(CARD, SLAB), height=704):
    outline = None if corners is None else Outline(np.asarray(corners, np.float32), 1.0)
    return frame_item(outline, (900, 1200), sizes_mm=sizes_mm, height=height)


def project(points, homography):
    return cv2.perspectiveTransform(np.asarray(points, np.float64)[None], homography)[0]


def test_the_corners_become_the_corners_of_the_frame():
    corners = np.array([[210, 110], [560, 140], [540, 700], [190, 640]])
    made = frame(corners, sizes_mm=(CARD,))
    assert (made.width, made.height, made.px_per_mm) == (504, 704, 8.0)
    outer = [[-0.5, -0.5], [503.5, -0.5], [503.5, 703.5], [-0.5, 703.5]]  # edges of the pixels
    np.testing.assert_allclose(project(corners, made.frame_from_view), outer, atol=1e-3)


@pytest.mark.parametrize(("size", "px_per_mm"), [(CARD, 8.0), (SLAB, 704 / 136)])
def test_the_size_whose_shape_is_nearest_is_taken(size, px_per_mm):
    corners = CORNERS / CORNERS[2] * size * 3 + 50
    for sizes in ((CARD, SLAB), (SLAB, CARD)):
        made = frame(corners, sizes_mm=sizes)
        assert made.px_per_mm == px_per_mm
        assert made.width == round(size[0] * px_per_mm)


def test_a_size_given_lying_is_the_same_as_standing():
    one, two = (frame(CORNERS * 5, sizes_mm=(size,)) for size in (CARD, CARD[::-1]))
    assert (one.width, one.height, one.px_per_mm) == (two.width, two.height, two.px_per_mm)


def test_without_an_outline_the_frame_is_the_whole_view_in_pixels():
    made = frame(None)
    assert (made.width, made.height, made.px_per_mm) == (528, 704, None)
    np.testing.assert_allclose(project([[900, 1200]], made.frame_from_view), [[528, 704]])


@pytest.mark.parametrize("size", [(1600, 1), (1, 1600), (1600, 2)])
def test_the_frame_of_a_strip_keeps_a_pixel(size):
    made = frame_item(None, size, sizes_mm=(CARD,), height=704)
    assert min(made.width, made.height) == 1
    view = np.full((size[1], size[0], 3), 90, np.uint8)
    assert rectify(view, made).shape == (made.height, made.width, 3)


def test_a_rectified_card_shows_what_was_printed():
    print_ = blocks(504, 728, block=56)[:704]
    corners = np.array([[210, 110], [760, 160], [700, 1000], [160, 900]])
    made = frame(corners, sizes_mm=(CARD,))
    view = cv2.warpPerspective(print_, np.linalg.inv(made.frame_from_view), (900, 1200))
    seen = rectify(view, made)
    inner = np.abs(seen.astype(float) - print_)[20:-20, 20:-20]
    assert inner.mean() < 6  # another place or way up: about 85


def test_an_item_of_unknown_size_keeps_its_own_shape_and_has_no_millimetres():
    corners = np.array([[10, 20], [110, 20], [110, 270], [10, 270]], np.float32)  # 100 x 250
    frame = frame_item(Outline(corners, 1.0), (300, 300), sizes_mm=(), height=500)
    assert (frame.width, frame.height, frame.px_per_mm) == (200, 500, None)


def test_an_item_of_another_shape_than_expected_has_no_millimetres_either():
    corners = np.array([[10, 20], [110, 20], [110, 270], [10, 270]], np.float32)
    other = Outline(corners, 1.0, expected=False)
    frame = frame_item(other, (300, 300), sizes_mm=(CARD, SLAB), height=500)
    assert (frame.width, frame.height, frame.px_per_mm) == (200, 500, None)
