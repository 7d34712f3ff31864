from dataclasses import replace

import cv2
import numpy as np
import pytest
from photo.shots import ORACLE, SETTINGS, STATION, blocks, read, read_card, shoot_table

from evidence.photo.hidden import HiddenBox, HiddenMap
from evidence.photo.quality import Quality, find_shortfalls, measure_quality
from evidence.photo.shortfalls import SHORTFALLS, name_shortfall
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


def hiding(place="upper_left", **shares):
    """A map on which these shares are hidden for these causes."""
    boxes = (HiddenBox(cause, 0, 0, 9, 9, share, place) for cause, share in shares.items())
    return HiddenMap("mm", 63.0, 88.0, tuple(boxes))


def lacks(quality=GOOD, *, edged=True, **shares):
    hidden = hiding(**({"glare": quality.glare} | shares))
    return find_shortfalls(quality, hidden, edged=edged, settings=WANTED)


def codes(quality, *, edged=True):
    return [shortfall.code for shortfall in lacks(quality, edged=edged)]


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
    found = lacks(worst, out_of_frame=0.5, dark=0.5, blur=0.5)
    assert found[0].code == "no_outline"
    assert {shortfall.code for shortfall in found} == set(SHORTFALLS)


@pytest.mark.parametrize(
    ("code", "cause", "most"),
    [
        ("cut_off", "out_of_frame", WANTED.most_cut_off),
        ("blurred", "blur", WANTED.most_hidden),
        ("glare", "glare", WANTED.most_glare),
        ("shadow", "dark", WANTED.most_hidden),
    ],
)
def test_a_hidden_part_is_asked_for_by_its_place(code, cause, most):
    assert lacks(**{cause: most}) == ()
    assert lacks(**{cause: most + 0.001}) == (name_shortfall(code, "upper_left"),)


def test_a_photo_blurred_all_over_is_asked_for_as_a_whole():
    (found,) = lacks(replace(GOOD, sharpness=0.1), blur=0.3)
    assert found == name_shortfall("blurred")


def test_resolution_is_that_of_the_original_not_of_the_kept_view():
    scene = replace(STATION, surface="wood", tilt=0.0, size=(1500, 2000))
    taken = take_photo(ORACLE, scene)
    reading = read(taken.jpeg)
    assert max(reading.view().shape) == 1600
    truth = np.sqrt(np.linalg.det(taken.photo_from_card[:2, :2]))
    assert reading.quality.px_per_mm == pytest.approx(truth, rel=0.01)


def measure(picture):
    return measure_quality(picture, px_per_mm=None, glare=0.0, keypoints=0, outlined=False)


def test_a_blur_lowers_sharpness_in_either_direction():
    picture = blocks(320, 480)
    sharp = measure(picture).sharpness
    for size in ((9, 1), (1, 9), (9, 9)):
        assert measure(cv2.blur(picture, size)).sharpness < sharp - 0.1
    assert 0 <= measure(np.full((50, 50, 3), 9, np.uint8)).sharpness <= 1


def test_exposure_and_clipping_are_shares():
    picture = np.full((400, 200, 3), 100, np.uint8)
    assert measure(picture).exposure == pytest.approx(100 / 255, abs=0.002)
    assert measure(picture).clipped == 0
    picture[:100] = 255
    picture[100:200] = 0
    assert measure(picture).clipped == 0.5


def test_only_what_is_at_the_end_of_all_channels_is_clipped():
    picture = np.zeros((400, 200, 3), np.uint8)
    picture[:100] = (6, 0, 0)
    picture[100:200] = 251
    picture[200:300] = (255, 255, 250)
    picture[300:] = 5
    assert measure(picture).clipped == 0.5


def test_the_glare_on_the_item_is_that_of_the_map():
    reading = read_card(glare=2.0)
    assert 0.02 < reading.quality.glare == reading.hidden.share("glare")
