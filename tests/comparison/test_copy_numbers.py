from dataclasses import replace
from functools import cache

import cv2
import numpy as np
import pytest
from comparison.printed import IN_PLACE
from photo.shots import SETTINGS, encode

from evidence.comparison.alignment import Alignment
from evidence.comparison.copy_numbers import NumberPlace, compare_numbers, without_contradictions
from evidence.comparison.verdict import Region
from evidence.photo.reading import read_photo
from fixtures.copies import cut_face
from fixtures.design import draw_design, make_design
from fixtures.slab import SLAB, Label, encase

NUMBER, OTHER = "48210937", "48210957"
SIZE = round((SLAB[2] - SLAB[0]) * 9), round((SLAB[3] - SLAB[1]) * 9)  # 9 px/mm
MARGIN = 40
HERE = Region("differs", 0, 0, 9, 4, "mm")


@cache
def picture(certificate):
    """Return a slab on a table, lying flat and always in the same place."""
    face = cut_face(draw_design(make_design(9, 27)), 10)
    slab = encase(face, Label(certificate, "Wandering Seer", 9))
    rows, columns = np.nonzero(slab.alpha > 128)
    cut = slab.pixels[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    table = np.full((SIZE[1] + 2 * MARGIN, SIZE[0] + 2 * MARGIN, 3), (52, 60, 66), np.uint8)
    table[MARGIN:-MARGIN, MARGIN:-MARGIN] = cv2.resize(cut, SIZE, interpolation=cv2.INTER_AREA)
    return table


@cache
def slab(certificate):
    data = encode(picture(certificate), "JPEG", quality=92)
    return read_photo(data, settings=SETTINGS, kind="slab")


def spoilt(certificate, change):
    pixels = change(picture(certificate).copy())
    return replace(slab(certificate), picture=encode(pixels, "JPEG", quality=90))


def told(reference, query, alignment=IN_PLACE):
    found = compare_numbers(reference, query, alignment, settings=SETTINGS)
    return [(one.kind, one.reference, one.query, one.agreement) for one in found.places]


def hide(pixels, left, right, colour=(250, 250, 250)):
    """Cover the certificate between two shares of its length."""
    box = compare_numbers(slab(NUMBER), slab(NUMBER), IN_PLACE, settings=SETTINGS).places[0].region
    view_from_frame = np.linalg.inv(slab(NUMBER).frame.frame_from_view)
    scale = slab(NUMBER).frame.px_per_mm
    ends = [[box.x + share * box.width, box.y + dy] for share in (left, right)
            for dy in (-1.0, box.height + 1.0)]  # fmt: skip
    points = cv2.perspectiveTransform(np.array([ends]) * scale, view_from_frame)[0]
    (x0, y0), (x1, y1) = points.min(axis=0).astype(int), points.max(axis=0).astype(int)
    pixels[y0:y1, x0:x1] = colour
    return pixels


def test_one_number_is_equal():
    assert told(slab(NUMBER), slab(NUMBER)) == [("certificate", NUMBER, NUMBER, "equal")]


def test_one_other_digit_is_another_number():
    found = compare_numbers(slab(NUMBER), slab(OTHER), IN_PLACE, settings=SETTINGS)
    assert told(slab(NUMBER), slab(OTHER)) == [("certificate", NUMBER, OTHER, "different")]
    (place,) = found.places
    assert place.region.unit == "mm"
    assert 0 < place.region.x < place.region.x + place.region.width < SLAB[2] - SLAB[0]
    assert 15 < place.region.y < 32  # on the label


def test_swapping_the_photos_swaps_what_is_told():
    (there,), (back,) = told(slab(NUMBER), slab(OTHER)), told(slab(OTHER), slab(NUMBER))
    assert back == (there[0], there[2], there[1], there[3])


def test_a_number_of_unlike_length_that_shares_little_is_another_number():
    assert told(slab(NUMBER), slab("116354662"))[0][3] == "different"


@pytest.mark.parametrize(
    "sides", [(0.8, 1.1), (-0.1, 0.2), pytest.param((0.45, 0.6), marks=pytest.mark.torture)]
)
def test_missing_digits_stay_open(sides):
    for number in (NUMBER, OTHER):
        query = spoilt(number, lambda pixels: hide(pixels, *sides))
        assert all(one[3] == "doubtful" for one in told(slab(NUMBER), query))


@pytest.mark.parametrize(
    "sigma", [2.0, *(pytest.param(one, marks=pytest.mark.torture) for one in (4.0, 6.0)), 9.0]
)
def test_a_blurred_number_is_never_another(sigma):
    query = spoilt(NUMBER, lambda pixels: cv2.GaussianBlur(pixels, (0, 0), sigma))
    assert all(one[3] != "different" for one in told(slab(NUMBER), query))


def test_a_number_that_cannot_be_read_for_sure_stays_open():
    query = spoilt(OTHER, lambda pixels: cv2.GaussianBlur(pixels, (0, 0), 9.0))
    assert all(one[3] == "doubtful" for one in told(slab(NUMBER), query))


@pytest.mark.parametrize(("number", "says"), [(NUMBER, "equal"), (OTHER, "different")])
def test_photos_that_lie_upside_down_are_read_all_the_same(number, says):
    height, width = picture(NUMBER).shape[:2]
    over = np.array([[-1.0, 0, width - 1], [0, -1, height - 1], [0, 0, 1]])
    turned = spoilt(number, lambda pixels: pixels[::-1, ::-1])
    assert told(slab(NUMBER), turned, Alignment(over, IN_PLACE.inliers, 0.0))[0][3] == says


@pytest.mark.parametrize(("number", "says"), [(NUMBER, "equal"), (OTHER, "different")])
def test_a_reference_that_lies_upside_down_is_read_all_the_same(number, says):
    height, width = picture(NUMBER).shape[:2]
    over = np.array([[-1.0, 0, width - 1], [0, -1, height - 1], [0, 0, 1]])
    data = encode(picture(NUMBER)[::-1, ::-1], "JPEG", quality=92)
    reference = read_photo(data, settings=SETTINGS, kind="slab")
    (found,) = told(reference, slab(number), Alignment(over, IN_PLACE.inliers, 0.0))
    assert found == ("certificate", NUMBER, number, says)


def test_what_the_query_does_not_reach_is_not_told_of():
    query = spoilt(OTHER, lambda pixels: pixels[: MARGIN + 60])
    assert told(slab(NUMBER), query) == []


def place(reference, query, agreement):
    return NumberPlace("serial", reference, query, agreement, HERE)


def test_places_that_contradict_each_other_stay_open():
    mixed = (place("A1", "A1", "equal"), place("B234", "B567", "different"))
    assert [one.agreement for one in without_contradictions(mixed)] == ["doubtful"] * 2


def test_one_number_that_reads_two_ways_on_an_item_was_misread():
    ours = ("MX1190819", "MX1190820", "different"), ("MX1190818", "MX1190820", "different")
    found = without_contradictions(tuple(place(*one) for one in ours))
    assert [one.agreement for one in found] == ["doubtful"] * 2


@pytest.mark.parametrize(
    ("second", "told"),
    [
        (("MX1190819", "1X1190820", "doubtful"), "different"),  # M or 1: both end in another way
        (("MX1190819", "MX1190829", "doubtful"), "doubtful"),  # 20 or 29: the end was misread
        (("MX1190889", "MX1190820", "doubtful"), "doubtful"),
    ],
)
def test_a_misread_character_matters_where_the_numbers_differ(second, told):
    ours = ("MX1190819", "MX1190820", "different"), second
    found = without_contradictions(tuple(place(*one) for one in ours))
    assert found[0].agreement == told


def test_numbers_of_unlike_length_do_not_bear_a_misread_character():
    ours = ("MX1190819", "AB77", "different"), ("MX1190819", "1X1190819", "doubtful")
    ours += (("MX1190818", "AB77", "doubtful"),)
    found = without_contradictions(tuple(place(*one) for one in ours))
    assert found[0].agreement == "doubtful"


def test_a_number_that_is_cut_off_leaves_the_whole_one_its_word():
    ours = ("MX1190819", "MX1190827", "different"), ("MX11908", "MX11908", "equal")
    found = without_contradictions(tuple(place(*one) for one in ours))
    assert [one.agreement for one in found] == ["different", "doubtful"]
