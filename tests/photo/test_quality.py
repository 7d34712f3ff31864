from dataclasses import replace

import cv2
import numpy as np
import pytest
from photo.shots import ORACLE, SETTINGS, STATION, blocks, read, read_card, shoot_table

from evidence.photo.quality import SHORTFALLS, Quality, find_shortfalls, measure_quality
from fixtures.subject import take_photo

WANTED = SETTINGS.reading
GOOD = Quality(
    px_per_mm=12.0,
    sharpness=0.5,
    exposure=0.4,
    clipped=0.01,
    glare=0.0,
    keypoints=900,
    outlined=True,
)


def codes(quality, *, edged=True):
    found = find_shortfalls(quality, edged=edged, settings=WANTED)
    return [shortfall.code for shortfall in found]


def test_a_good_photo_lacks_nothing():
    assert read_card().shortfalls == ()
    assert read_card(surface="wood", turn=12.0, tilt=7.0).shortfalls == ()
    assert codes(GOOD) == []


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("too_small", {"fill": 0.25, "size": (600, 800)}),
        ("blurred", {"defocus": 16.0, "noise": 0.002}),
        ("too_dark", {"exposure": 0.01}),
        ("glare", {"glare": 10.0}),
        ("clipped", {"exposure": 40.0}),
        ("few_details", {"defocus": 16.0, "motion": 41.0}),
    ],
)
def test_a_photo_degraded_in_one_way_is_asked_for_again_for_it(code, changes):
    assert code in [shortfall.code for shortfall in read_card(**changes).shortfalls]


def test_without_an_outline_the_whole_item_is_asked_for():
    empty = shoot_table(replace(STATION, surface="wood"))
    assert "no_outline" in [shortfall.code for shortfall in read(empty).shortfalls]
    assert "no_outline" not in [shortfall.code for shortfall in read(empty, "other").shortfalls]


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("too_small", {"px_per_mm": WANTED.least_px_per_mm}),
        ("too_dark", {"exposure": WANTED.least_exposure}),
        ("blurred", {"sharpness": WANTED.least_sharpness}),
        ("glare", {"glare": WANTED.most_glare}),
        ("clipped", {"clipped": WANTED.most_clipped}),
        ("few_details", {"keypoints": WANTED.least_keypoints}),
    ],
)
def test_each_threshold_is_inclusive_and_names_its_own_shortfall(code, changes):
    ((name, least),) = changes.items()
    assert codes(replace(GOOD, **changes)) == []
    worse = least + 0.001 if code in ("glare", "clipped") else least - 0.001
    assert codes(replace(GOOD, **{name: worse})) == [code]


def test_an_unknown_resolution_is_no_shortfall_of_its_own():
    assert codes(replace(GOOD, px_per_mm=None)) == []
    assert codes(replace(GOOD, outlined=False)) == ["no_outline"]
    assert codes(replace(GOOD, outlined=False), edged=False) == []


def test_everything_at_once_comes_gravest_first_and_each_names_a_shot():
    worst = Quality(1, 0, 0, 1, 1, 0, False)
    found = find_shortfalls(worst, edged=True, settings=WANTED)
    assert found[0].code == "no_outline"
    assert {shortfall.code for shortfall in found} == set(SHORTFALLS)
    for shortfall in found:
        assert shortfall.text.en
        assert shortfall.text.ja
        assert shortfall.text == SHORTFALLS[shortfall.code]


def test_resolution_is_that_of_the_original_not_of_the_kept_view():
    scene = replace(STATION, surface="wood", tilt=0.0, size=(1500, 2000))
    taken = take_photo(ORACLE, scene)
    reading = read(taken.jpeg)
    assert max(reading.view().shape) == 1600
    truth = np.sqrt(np.linalg.det(taken.photo_from_card[:2, :2]))
    assert reading.quality.px_per_mm == pytest.approx(truth, rel=0.01)


def measure(picture):
    return measure_quality(picture, px_per_mm=None, keypoints=0, outlined=False)


def test_a_blur_lowers_sharpness_in_either_direction():
    picture = blocks(320, 480)
    sharp = measure(picture).sharpness
    for size in ((9, 1), (1, 9), (9, 9)):
        assert measure(cv2.blur(picture, size)).sharpness < sharp - 0.1
    assert 0 <= measure(np.full((50, 50, 3), 9, np.uint8)).sharpness <= 1


def test_exposure_clipping_and_glare_are_shares():
    picture = np.full((400, 200, 3), 100, np.uint8)
    assert measure(picture).exposure == pytest.approx(100 / 255, abs=0.002)
    assert (measure(picture).clipped, measure(picture).glare) == (0, 0)
    picture[:100] = 255
    picture[100:200] = 0
    found = measure(picture)
    assert found.clipped == 0.5
    assert found.glare == pytest.approx(0.25, abs=0.01)


def test_white_letters_and_coloured_light_are_no_glare():
    picture = np.full((400, 200, 3), 100, np.uint8)
    picture[::4] = 255  # strokes of a pixel
    picture[200:, :, 0] = 255  # red, no pure white
    found = measure(picture)
    assert found.glare == 0
    assert found.clipped == 0.25
