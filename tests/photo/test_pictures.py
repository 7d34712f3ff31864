import io
from dataclasses import replace

import numpy as np
import pytest
from photo.shots import SETTINGS, blocks, encode, read
from PIL import Image

from evidence.photo.decode import decode_photo
from evidence.photo.pictures import draw_large, draw_small
from evidence.settings import PICTURES

TURNED = {6: 3, 8: 1, 3: 2, 1: 0}  # EXIF orientation -> quarter turns to the left that undo it


def opened(data):
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"), int)


def large(data, width):
    return draw_large(read(data), data, width, limits=SETTINGS.limits, settings=PICTURES)


def smooth(width, height):
    return np.asarray(Image.fromarray(blocks(40, 56)).resize((width, height), 3))


@pytest.mark.parametrize("orientation", TURNED)
def test_a_turned_photo_is_shown_upright(orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    upright = smooth(1200, 1600)
    stored = np.ascontiguousarray(np.rot90(upright, -TURNED[orientation] % 4))
    data = encode(stored, "JPEG", quality=95, exif=exif)
    picture = opened(draw_small(read(data), settings=PICTURES)["640"])
    assert picture.shape == (853, 640, 3)
    expected = np.asarray(Image.fromarray(upright).resize((640, 853), Image.Resampling.BOX), int)
    assert np.abs(picture - expected).mean() < 3


def test_the_view_gives_what_it_is_large_enough_for_and_the_original_the_rest():
    data = encode(smooth(2400, 3200), "JPEG", quality=95)
    drawn = draw_small(read(data), settings=PICTURES)
    assert {name: opened(file).shape for name, file in drawn.items()} == {
        "160": (213, 160, 3),
        "320": (427, 320, 3),
        "640": (853, 640, 3),
    }
    for width, height in ((1280, 1707), (2048, 2731)):
        (file,) = large(data, width).values()
        assert opened(file).shape == (height, width, 3)


def test_a_small_photo_is_never_enlarged():
    drawn = draw_small(read(encode(smooth(300, 400))), settings=PICTURES)
    assert set(drawn) == {str(width) for width in PICTURES.widths}
    assert [opened(file).shape[1] for file in drawn.values()] == [160, 300, 300, 300, 300]


def test_the_oddest_photos_have_pictures_too():
    for pixels in (np.full((1, 1, 3), 9, np.uint8), blocks(1600, 24), blocks(24, 1600)):
        assert set(draw_small(read(encode(pixels)), settings=PICTURES)) >= {"160"}


def test_a_picture_from_the_original_shows_what_the_decoder_shows():
    data = encode(smooth(2400, 3200), "JPEG", quality=95)
    whole = decode_photo(data, side=3200, limits=SETTINGS.limits).pixels
    expected = np.asarray(Image.fromarray(whole).resize((1280, 1707), Image.Resampling.BOX), int)
    assert np.abs(opened(large(data, 1280)["1280"]) - expected).mean() < 2


def test_quality_is_that_of_the_settings():
    reading = read(encode(blocks(600, 800)))
    coarse = draw_small(reading, settings=replace(PICTURES, quality=20))["320"]
    assert len(coarse) < len(draw_small(reading, settings=PICTURES)["320"])
