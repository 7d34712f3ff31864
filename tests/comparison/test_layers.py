import io
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from photo.shots import SETTINGS, blocks, encode, read, read_case
from PIL import Image

from evidence.comparison.compare import compare
from evidence.comparison.layers import MOST_SIDE, draw_layers
from evidence.comparison.verdict import Region

RED, GREY, ORANGE = (215, 48, 39, 255), (120, 120, 120, 255), (230, 110, 0, 255)


def draw(reference, query, *regions, settings=SETTINGS):
    drawn = draw_layers(reference, query, regions=regions, settings=settings)
    return {name: opened(data) for name, data in drawn.items()}


def opened(data):
    picture = Image.open(io.BytesIO(data))
    assert picture.format == "PNG"
    assert set(picture.info) <= {"srgb", "gamma"}  # no words about the photo
    return np.asarray(picture.convert("RGBA"), int)


@cache
def creased():
    reference, query = read_case("damaged-crease")
    verdict = compare(reference, query, settings=SETTINGS)
    return verdict, draw(reference, query, *verdict.regions, *verdict.hidden)


def box(kind, answer=None, unit="mm", scale=1.0):
    return Region(kind, 10 * scale, 20 * scale, 30 * scale, 25 * scale, unit, answer)


def test_the_layers_have_one_size_as_fine_as_the_photos_are():
    _, layers = creased()
    assert set(layers) == {"reference", "query", "regions"}
    (shape,) = {picture.shape for picture in layers.values()}
    assert 1100 < shape[0] <= 1600 < MOST_SIDE  # the card's height on a photo kept at 1600
    assert shape[1] / shape[0] == pytest.approx(63 / 88, abs=0.002)


def test_both_photos_lie_on_each_other_but_where_the_item_changed():
    verdict, layers = creased()
    off = np.abs(layers["reference"] - layers["query"])[..., :3].mean(axis=2)
    crease = verdict.regions[0]
    px = off.shape[0] / 88
    inside = np.zeros(off.shape, bool)
    left, top = round(crease.x * px), round(crease.y * px)
    inside[top : round(top + crease.height * px), left : round(left + crease.width * px)] = True
    edge = np.ones(off.shape, bool)
    edge[60:-60, 60:-60] = False
    assert np.median(off[~inside & ~edge]) < 6
    assert (off[~inside & ~edge] > 60).mean() < 0.01 < (off[inside] > 60).mean()


def test_regions_are_boxed_where_they_are_and_all_else_is_clear():
    reference, query = read_case("damaged-crease")
    marked = draw(reference, query, box("stain", "new"))["regions"]
    px = marked.shape[0] / 88
    rows, columns = np.nonzero((marked == RED).all(axis=2))
    found = [columns.min(), rows.min(), columns.max(), rows.max()]
    assert found == pytest.approx([10 * px, 20 * px, 40 * px, 45 * px], abs=3)
    seen = marked[..., 3] > 0
    assert not seen[rows.min() + 8 : rows.max() - 8, columns.min() + 8 : columns.max() - 8].any()
    assert not seen[: rows.min() - 8].any()


@pytest.mark.parametrize(
    ("answer", "colour"),
    [(None, RED), ("new", RED), ("visible_before", GREY), ("not_visible_before", ORANGE)],
)
def test_a_box_tells_whether_the_change_is_new(answer, colour):
    marked = draw(*read_case("damaged-crease"), box("stain", answer))["regions"]
    colours = {tuple(one) for one in marked.reshape(-1, 4)}
    assert colours == {colour, (255, 255, 255, 255), (0, 0, 0, 0)}


def test_hidden_areas_are_hatched():
    marked = draw(*read_case("damaged-crease"), box("hidden"))["regions"]
    px = marked.shape[0] / 88
    inside = marked[round(22 * px) : round(43 * px), round(12 * px) : round(38 * px)]
    assert 0.2 < (inside[..., 3] > 0).mean() < 0.4


def test_regions_in_pixels_are_those_of_the_frame_that_the_verdict_is_in():
    reference, query = read_case("damaged-crease")
    scale = reference.frame.px_per_mm
    by_mm = draw(reference, query, box("stain"))["regions"]
    by_pixels = draw(reference, query, box("stain", unit="px", scale=scale))["regions"]
    assert np.array_equal(by_mm, by_pixels)


def test_beyond_its_photo_the_query_is_transparent():
    reference, query = read_case("damaged-crease")
    cut = read(encode(query.view()[: query.height * 5 // 8]))
    laid = draw(reference, cut)["query"]
    seen = laid[..., 3] > 0
    assert 0.3 < seen.mean() < 0.95
    assert seen[100, 400]
    assert not seen[-100, 400]


def test_without_a_common_map_nothing_is_laid_over_anything():
    reference, _ = read_case("damaged-crease")
    assert draw(reference, read(encode(np.full((300, 200, 3), 90, np.uint8)))) == {}


def test_the_oddest_photos_are_drawn_too():
    strip = read(encode(blocks(1600, 56, block=4)))
    pixel = read(encode(np.full((1, 1, 3), 9, np.uint8)))
    for pair in ((strip, strip), (pixel, pixel), (strip, pixel)):
        for picture in draw(*pair, replace(box("hidden"), unit="px")).values():
            assert max(picture.shape) <= MOST_SIDE


def test_the_same_readings_give_the_same_files():
    pair = read_case("damaged-crease")
    once, again = (draw_layers(*pair, regions=(), settings=SETTINGS) for _ in range(2))
    assert once == again
