from functools import cache

import cv2
import numpy as np
import pytest
import zxingcpp
from comparison.printed import IN_PLACE
from comparison.test_copy_numbers import NUMBER, OTHER, spoilt, told
from comparison.test_copy_numbers import slab as bare_slab
from photo.shots import SETTINGS, encode

from evidence.comparison.copy_codes import Code, agree_codes, code_there, find_codes
from evidence.comparison.copy_evidence import examine_copy
from evidence.comparison.print_map import map_print
from evidence.photo.reading import read_photo
from fixtures.copies import cut_face
from fixtures.design import draw_design, make_design
from fixtures.slab import SLAB, Label, encase

WANTED = SETTINGS.numbers
QR, CODE_128, EAN = (getattr(zxingcpp.BarcodeFormat, n) for n in ("QRCode", "Code128", "EAN13"))
HERE = np.array([100.0, 40.0, 220.0, 70.0])


def drawn(text, kind, *, turned=False, noise=4.0):
    """Return (H, W, 3) uint8 of a code on paper."""
    code = np.asarray(zxingcpp.create_barcode(text, kind).to_image(), np.uint8)
    large = np.kron(code, np.ones((4, 4), np.uint8))
    paper = np.pad(large, 60, constant_values=240).astype(float)
    paper += np.random.default_rng(0).normal(0, noise, paper.shape)
    picture = np.repeat(np.clip(paper, 0, 255).astype(np.uint8)[..., None], 3, axis=2)
    return np.ascontiguousarray(picture[::-1, ::-1]) if turned else picture


@cache
def picture(certificate, *, digits=True):
    """Return a slab whose label bears bars, with its printed digits or without."""
    face = cut_face(draw_design(make_design(9, 27)), 10)
    slab = encase(face, Label(certificate, "Wandering Seer", 9, bars=True))
    pixels = slab.pixels.copy()
    if not digits:
        x, y = ((np.array([5.0, -15.9]) - slab.origin_mm) * 16).astype(int)
        pixels[y : y + 75, x : x + 310] = (246, 244, 238)
    size = round((SLAB[2] - SLAB[0] + 6) * 9), round((SLAB[3] - SLAB[1] + 6) * 9)
    small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    return np.pad(small, ((40, 40), (40, 40), (0, 0)), constant_values=60)


@cache
def slab(certificate, *, digits=True):
    data = encode(picture(certificate, digits=digits), "JPEG", quality=92)
    return read_photo(data, settings=SETTINGS, kind="slab")


def codes_of(reference, query):
    return [(ours, theirs, answer) for kind, ours, theirs, answer in told(reference, query)
            if kind == "code"]  # fmt: skip


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("kind", [QR, CODE_128])
def test_a_code_is_read_either_way_up_where_it_lies(kind, turned):
    picture = drawn(NUMBER, kind, turned=turned)
    (code,) = find_codes(picture, settings=WANTED)
    assert (code.text, code.steady) == (NUMBER, True)
    assert np.all(code.box[:2] > 40)
    assert np.all(code.box[2:] < np.array(picture.shape[1::-1]) - 40)


@pytest.mark.parametrize("text", ["4901234567894", "0012345678905"])
def test_the_code_of_a_product_is_no_code_of_the_copy(text):
    assert find_codes(drawn(text, EAN), settings=WANTED) == []


def test_what_no_person_can_read_is_no_code():
    long, odd = "7" * (WANTED.most_code + 1), "48\u202e10937"  # read from right to left
    assert find_codes(drawn(long, QR), settings=WANTED) == []
    assert find_codes(drawn(odd, QR), settings=WANTED) == []
    assert find_codes(drawn(long[:-1], QR), settings=WANTED) != []


def code(text, *, steady=True, box=HERE):
    return Code(text, np.array(box), steady)


def test_another_code_has_to_be_read_twice_in_both_photos():
    assert agree_codes(code(NUMBER), code(NUMBER, steady=False)) == "equal"
    assert agree_codes(code(NUMBER), code(OTHER)) == "different"
    assert agree_codes(code(NUMBER, steady=False), code(OTHER)) == "doubtful"
    assert agree_codes(code(NUMBER), code(OTHER, steady=False)) == "doubtful"


@pytest.mark.parametrize("part", [NUMBER[:4], NUMBER[2:]])
def test_a_part_of_a_code_is_no_other_code(part):
    assert agree_codes(code(NUMBER), code(part)) == "doubtful"
    assert agree_codes(code(part), code(NUMBER)) == "doubtful"


def test_the_code_at_the_place_is_the_one_that_is_meant():
    slid, far = code(NUMBER, box=HERE + 20), code(OTHER, box=HERE + np.array([0, 200, 0, 200]))
    assert code_there([far, slid], HERE) is slid
    assert code_there([far], HERE) is None
    assert code_there([], HERE) is None


@pytest.mark.parametrize("digits", [True, False])
def test_the_bars_of_a_label_are_compared_with_or_without_its_digits(digits):
    ours = slab(NUMBER, digits=digits)
    assert codes_of(ours, ours) == [(NUMBER, NUMBER, "equal")]
    assert codes_of(ours, slab(OTHER, digits=digits)) == [(NUMBER, OTHER, "different")]


def test_bars_that_only_one_photo_shows_say_nothing():
    assert codes_of(slab(NUMBER), bare_slab(NUMBER)) == []
    assert codes_of(bare_slab(NUMBER), slab(NUMBER)) == []


def test_other_bars_are_another_copy_and_equal_ones_leave_it_open():
    ours = slab(NUMBER, digits=False)
    for number, verdict, answer in ((OTHER, "different_copy", "differs"),
                                    (NUMBER, "same_design", "agrees")):  # fmt: skip
        theirs = slab(number, digits=False)
        mapped = map_print(ours, theirs, IN_PLACE, settings=SETTINGS.print_map)
        found = examine_copy(ours, theirs, IN_PLACE, mapped, settings=SETTINGS)
        assert found.verdict == verdict
        assert [(mark.kind, mark.answer) for mark in found.marks] == [("code", answer)]
        assert "bar or QR code" in found.marks[0].text.en
        assert "バーコード" in found.marks[0].text.ja


def test_digits_that_say_another_thing_than_the_bars_leave_both_open():
    mixed = slab(OTHER)
    pixels = picture(OTHER).copy()
    x, y = 373, 250  # the bars alone are of the first number
    pixels[y : y + 45, x : x + 215] = picture(NUMBER)[y : y + 45, x : x + 215]
    mixed = read_photo(encode(pixels, "JPEG", quality=92), settings=SETTINGS, kind="slab")
    answers = {kind: answer for kind, _, _, answer in told(slab(NUMBER), mixed)}
    assert answers == {"certificate": "doubtful", "code": "doubtful"}


def test_covered_bars_say_nothing():
    def cover(pixels):
        pixels[:, pixels.shape[1] // 2 :] = 120
        return pixels

    assert codes_of(slab(NUMBER), spoilt(NUMBER, cover)) == []
