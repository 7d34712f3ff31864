from dataclasses import replace

import numpy as np
import pytest
from photo.shots import SETTINGS, blocks, encode, read

from evidence.comparison.items import items_of
from evidence.photo.frame import rectify
from evidence.photo.outline import Outline

INKS = ((190, 60, 50), (60, 110, 190))  # of the left and the right card
LEFT, RIGHT = ((340, 500), 0), ((860, 520), 1)  # middle, and which ink


def table(*cards, scale=1.0):
    """Read a photo of plain cards on a plain table, each as wide as 63 mm are at its scale."""
    view = np.full((1000, 1200, 3), 70, np.uint8)
    for (x, y), ink in cards:
        width, height = (round(mm * 4.5 * scale) for mm in (63, 88))
        left, top = x - width // 2, y - height // 2
        view[top : top + height, left : left + width] = 235
        view[top + 20 : top + height - 20, left + 20 : left + width - 20] = INKS[ink]
    return read(encode(view))


def middles(readings):
    return [reading.outline.corners.mean(axis=0).tolist() for reading in readings]


def ink(reading):
    """Which card's colour the middle of the item has, seen straight on."""
    seen = rectify(reading.view(), reading.frame)
    colour = seen[reading.frame.height // 2, reading.frame.width // 2].astype(int)
    return int(np.argmin([np.abs(colour - ink).sum() for ink in INKS]))


def test_one_card_with_its_border_and_its_picture_is_one_item():
    reading = table(LEFT)
    assert len(reading.outlines) > 1  # the frame of the picture is one too
    assert items_of(reading) == (reading,)


def test_outlines_apart_are_items_each_with_its_own_outline_and_frame():
    reading = table(LEFT, RIGHT)
    items = items_of(reading)
    assert items[0] is reading
    np.testing.assert_allclose(sorted(middles(items)), [LEFT[0], RIGHT[0]], atol=3)
    assert sorted(map(ink, items)) == [0, 1]
    second = items[1]
    assert second.outlines == (second.outline,)
    wanted = SETTINGS.reading
    assert (second.frame.height, second.frame.px_per_mm) == (wanted.frame_height, 8.0)
    assert second.frame.width == 504  # 63 mm
    assert second.features is reading.features
    assert second.picture is reading.picture


@pytest.mark.parametrize("first", [0, 1])
def test_whichever_comes_first_both_are_held_up(first):
    reading = table(LEFT, RIGHT)
    outlines = sorted(reading.outlines, key=lambda outline: outline.corners[:, 0].mean())
    one, other = (outlines[0], outlines[-1]) if first == 0 else (outlines[-1], outlines[0])
    items = items_of(replace(reading, outlines=(one, other)))
    np.testing.assert_array_equal(items[0].outline.corners, one.corners)
    np.testing.assert_array_equal(items[1].outline.corners, other.corners)


def test_three_cards_are_three_items_and_what_lies_inside_one_is_none():
    def box(left, top, width=180):
        corners = [[0, 0], [width, 0], [width, 1.4 * width], [0, 1.4 * width]]
        return Outline(np.array(corners, np.float32) + np.float32([left, top]), 0.9)

    cards = box(50, 50), box(400, 60), box(750, 70)
    frames = box(60, 60, 160), box(410, 70, 160)
    reading = replace(table(LEFT), outlines=(cards[0], frames[0], cards[1], frames[1], cards[2]))
    found = [item.outline for item in items_of(reading)[1:]]
    assert found == [cards[1], cards[2]]


def test_an_item_of_unknown_size_has_the_shape_of_its_outline():
    reading = table(LEFT, RIGHT)
    unsized = replace(reading, frame=replace(reading.frame, px_per_mm=None))
    second = items_of(unsized)[1]
    assert second.frame.px_per_mm is None
    assert second.frame.height == reading.frame.height
    assert second.frame.width == pytest.approx(504, abs=6)


@pytest.mark.parametrize(
    "pixels",
    [np.full((300, 200, 3), 90, np.uint8), blocks(1600, 8)],
    ids=["nothing", "a strip"],
)
def test_a_photo_without_an_outline_is_one_item(pixels):
    reading = read(encode(pixels))
    assert reading.outlines == ()
    assert items_of(reading) == (reading,)
