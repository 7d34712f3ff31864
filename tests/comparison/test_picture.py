import io

import numpy as np
import pytest
from photo.shots import (
    ORACLE,
    SETTINGS,
    STATION,
    blocks,
    encode,
    read,
    read_card,
    read_case,
    shoot_marked,
)
from PIL import Image

from evidence.comparison.picture import draw_aligned, draw_difference, draw_matches

BLOT = (20.0, 20.0, 38.0, 36.0)  # mm
DRAW = (draw_aligned, draw_difference, draw_matches)


def draw(way, reference, query):
    data = way(reference, query, settings=SETTINGS)
    picture = Image.open(io.BytesIO(data))
    assert picture.format == "PNG"
    return np.asarray(picture.convert("RGB"), int)


def marked():
    return read(shoot_marked(ORACLE, BLOT, STATION).jpeg)


def blank():
    return read(encode(np.full((300, 200, 3), 90, np.uint8)))


def reddish(picture):
    return picture[..., 0] - picture[..., 1] > 50


def test_a_changed_place_is_red_and_all_else_is_not():
    red = reddish(draw(draw_difference, read_card(), marked()))
    assert red.shape == (704, 504)
    left, top, right, bottom = (round(8 * v) for v in BLOT)  # 8 pixels a millimetre
    assert red[top + 16 : bottom - 16, left + 16 : right - 16].mean() > 0.35
    red[top - 24 : bottom + 24, left - 24 : right + 24] = False
    assert red.mean() < 0.01


def test_the_same_card_is_green_where_it_has_print():
    picture = draw(draw_difference, *read_case("same-on-wood"))
    green = picture[..., 1] - picture[..., 0] > 15
    assert green.mean() > 0.5
    assert reddish(picture).mean() < 0.02


def test_glare_is_grey():
    picture = draw(draw_difference, *read_case("same-under-glare"))
    plain = draw(draw_difference, *read_case("same-on-wood"))
    spread = [(p.max(axis=2) - p.min(axis=2))[150:250, 250:320] < 12 for p in (picture, plain)]
    assert spread[0].mean() > spread[1].mean()


def test_aligned_pictures_stand_side_by_side_and_blended():
    reference = read_card()
    picture = draw(draw_aligned, reference, marked())
    assert picture.shape == (704, 3 * 504, 3)
    one, two, both = np.hsplit(picture, 3)
    assert np.abs(both - (one + two) / 2).max() <= 1
    assert np.abs(one - two)[50:-50, 350:].mean() < 20 < np.abs(one - two)[180:270, 180:280].mean()


def test_matches_are_drawn_between_both_whole_views():
    reference, query = read_case("same-on-wood")
    picture = draw(draw_matches, reference, query)
    assert picture.shape == (1600, 2400, 3)
    views = np.hstack([reference.view(), query.view()])
    assert 0.01 < (np.abs(picture - views).max(axis=2) > 30).mean() < 0.5


def test_without_a_map_both_items_are_shown_apart():
    card = read_card()
    assert draw(draw_aligned, card, blank()).shape[0] == 300
    assert draw(draw_difference, card, blank()).shape[0] == 300
    assert draw(draw_matches, card, blank()).shape == (1600, 1400, 3)


@pytest.mark.parametrize("way", DRAW)
@pytest.mark.parametrize("name", ["strip", "pixel", "other first"])
def test_the_oddest_photos_are_drawn_too(way, name):
    strip = read(encode(blocks(1600, 56, block=4)))
    pixel = read(encode(np.full((1, 1, 3), 9, np.uint8)))
    pair = {"strip": (strip, strip), "pixel": (pixel, pixel), "other first": (blank(), pixel)}
    assert draw(way, *pair[name]).size > 0


@pytest.mark.parametrize("way", DRAW)
def test_the_same_readings_give_the_same_file(way):
    pair = read_case("same-on-wood")
    assert way(*pair, settings=SETTINGS) == way(*pair, settings=SETTINGS)
