import io
from xml.etree import ElementTree

import numpy as np
import pytest
from photo.shots import SETTINGS, blocks, encode
from PIL import Image

from evidence.photo.pyramid import describe_tiles, draw_tiles, tile_name
from evidence.settings import PICTURES

LIMITS = SETTINGS.limits
LUMA = np.array([0.299, 0.587, 0.114])


def tiles_of(pixels):
    return draw_tiles(encode(pixels), limits=LIMITS, settings=PICTURES)


def opened(data):
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"), int)


def put_together(tiles, level, width, height):
    """Lay the tiles of a level as a Deep Zoom viewer does; what two share has to agree."""
    whole = np.full((height, width, 3), -1)
    for row in range(-(-height // PICTURES.tile)):
        for column in range(-(-width // PICTURES.tile)):
            tile = opened(tiles[tile_name(level, column, row)])
            x = max(0, column * PICTURES.tile - PICTURES.overlap)
            y = max(0, row * PICTURES.tile - PICTURES.overlap)
            place = whole[y : y + tile.shape[0], x : x + tile.shape[1]]
            assert place.shape == tile.shape
            right, lower = ((n + 1) * PICTURES.tile + PICTURES.overlap for n in (column, row))
            assert (x + tile.shape[1], y + tile.shape[0]) == (min(right, width), min(lower, height))
            known = place >= 0
            assert np.abs(place - tile)[known].mean() < 6 if known.any() else True
            place[:] = tile
    assert (whole >= 0).all()
    return whole


def photo(width=1301, height=1027):
    """Return soft pixels whose sides are odd, so that every level has a rest."""
    small = Image.fromarray(blocks(width // 8 * 2, height // 8 * 2) // 3 + 80)
    return np.asarray(small.resize((width, height), Image.Resampling.BICUBIC))


def test_the_last_level_put_together_is_the_photo():
    pixels = photo()
    whole = put_together(tiles_of(pixels), 11, 1301, 1027)
    assert np.abs(whole - pixels).mean() < 1.5
    assert np.abs(whole - pixels).max() < 40


def test_each_level_is_the_mean_of_the_pixels_below():
    pixels = photo()
    tiles = tiles_of(pixels)
    for back in (1, 2, 3):
        step = 2**back
        width, height = -(-1301 // step), -(-1027 // step)
        level = put_together(tiles, 11 - back, width, height)
        rows, columns = 1027 // step, 1301 // step
        exact = pixels[: rows * step, : columns * step].reshape(rows, step, columns, step, 3)
        off = (level[:rows, :columns] - exact.mean(axis=(1, 3))) @ LUMA
        assert np.abs(off).mean() < 2  # of lightness: reduced levels keep less of the colour


def test_the_rest_of_an_odd_side_keeps_its_own_brightness():
    pixels = photo()
    level = put_together(tiles_of(pixels), 10, 651, 514)
    column = pixels[:1026, -1].reshape(513, 2, 3).mean(axis=1)
    row = pixels[-1, :1300].reshape(650, 2, 3).mean(axis=1)
    assert np.abs((level[:513, -1] - column) @ LUMA).mean() < 4
    assert np.abs((level[-1, :650] - row) @ LUMA).mean() < 4


def test_fine_stripes_fade_to_grey_instead_of_turning_into_a_pattern():
    stripes = np.zeros((512, 768, 3), np.uint8)
    stripes[:, ::2] = 255
    reduced = opened(tiles_of(stripes)[tile_name(9, 0, 0)])
    assert np.abs(reduced - 127.5).max() < 6


def test_the_levels_go_down_to_one_pixel():
    tiles = tiles_of(photo())
    assert {name.partition("/")[0] for name in tiles} == {str(level) for level in range(12)}
    assert opened(tiles["0/0_0"]).shape == (1, 1, 3)
    assert opened(tiles["1/0_0"]).shape == (2, 2, 3)


@pytest.mark.parametrize("size", [(1, 1), (1, 3), (512, 512), (513, 512), (1600, 24)])
def test_the_tiles_are_those_that_the_descriptor_tells_of(size):
    width, height = size
    tiles = tiles_of(blocks(width, height, block=1))
    image = ElementTree.fromstring(describe_tiles(width, height, settings=PICTURES))  # noqa: S314
    space = "{http://schemas.microsoft.com/deepzoom/2008}"
    assert image.tag == f"{space}Image"
    told = {**image.attrib, **image.find(f"{space}Size").attrib}
    assert told == {
        "Format": "jpg", "Overlap": "1", "TileSize": "512",
        "Width": str(width), "Height": str(height),
    }  # fmt: skip
    expected = set()
    last = int(np.ceil(np.log2(max(size))))
    for level in range(last + 1):
        across, down = (int(np.ceil(side / 2 ** (last - level))) for side in size)
        expected |= {
            tile_name(level, column, row)
            for column in range(-(-across // 512))
            for row in range(-(-down // 512))
        }
    assert set(tiles) == expected
