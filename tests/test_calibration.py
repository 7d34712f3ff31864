import math
from dataclasses import replace

import pytest

from evidence.calibration import load_calibration, packaged_calibration, write_calibration
from evidence.errors import CalibrationError

OURS = packaged_calibration()
TEXT = write_calibration(OURS)


def test_what_is_written_reads_back_the_same():
    assert load_calibration(TEXT.encode()) == OURS


@pytest.mark.parametrize(
    "words",
    [
        'she said "same"',
        "C:\\photos",
        "two\nlines\tand\r\x00\x1f\x7f",
        "写真 370 組 𠮷",
        "",
        "#[x]\n[y]",
    ],
)
def test_any_words_about_the_data_survive(words):
    one = replace(OURS, id=words, data=words)
    assert load_calibration(write_calibration(one).encode()) == one


def test_very_small_and_very_large_numbers_survive():
    one = replace(OURS, weights=replace(OURS.weights, intercept=-1e-12, agreement=1e22))
    assert load_calibration(write_calibration(one).encode()) == one


def test_the_packaged_thresholds_lie_within_its_bound():
    assert -OURS.bound <= OURS.different.llr < 0 < OURS.same.llr <= OURS.bound
    pairs = min(OURS.same_pairs, OURS.different_pairs)
    assert OURS.bound == pytest.approx(math.log10(2 * (pairs + 1)), abs=0.005)


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        (b"\xff\xfe", "no UTF-8 at byte 0"),
        (b"", "id: Field required"),
        (b"id = ", "Invalid value"),
        (TEXT.partition("[different]")[0].encode(), "different: Field required"),
        (TEXT.replace("intercept = ", "intercept = 'x' #").encode(), "weights.intercept: "),
        (TEXT.replace("agreement = ", "agreemint = ").encode(), "weights.agreement: Field"),
        (TEXT.replace("same_pairs = ", "same_pairs = 0.5 #").encode(), "same_pairs: "),
    ],
)
def test_a_broken_file_says_where(broken, why):
    with pytest.raises(CalibrationError, match=why):
        load_calibration(broken)


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"bound": 0.0}, "bound and thresholds"),
        ({"bound": -1.0}, "bound and thresholds"),
        ({"bound": math.inf}, "bound must be a finite number"),
        ({"bound": 0.4}, "no threshold may lie beyond the bound"),
        ({"same": replace(OURS.same, llr=0.0)}, "bound and thresholds"),
        ({"different": replace(OURS.different, llr=0.5)}, "bound and thresholds"),
        ({"same": replace(OURS.same, llr=math.nan)}, "bound and thresholds"),
        ({"same": replace(OURS.same, llr=math.inf)}, "beyond the bound"),
        ({"same": replace(OURS.same, wrong=5, total=4)}, "same: a count"),
        ({"different": replace(OURS.different, wrong=-1)}, "different: a count"),
        ({"different": replace(OURS.different, rate=1.5)}, "different: a count or rate"),
        ({"weights": replace(OURS.weights, agreement=math.nan)}, "agreement must be a finite"),
        ({"weights": replace(OURS.weights, unaligned=0.1)}, "unaligned must not be above 0"),
    ],
)
def test_numbers_that_contradict_each_other_are_refused(changed, why):
    with pytest.raises(CalibrationError, match=why):
        load_calibration(write_calibration(replace(OURS, **changed)).encode())
