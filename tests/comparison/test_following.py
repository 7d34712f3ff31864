import cv2
import numpy as np
import pytest

from evidence.comparison.following import follow
from evidence.comparison.pieces import make_piece
from evidence.settings import ChangeSettings

WANTED = ChangeSettings()
SIDE = 400  # pixels, of 40 mm
SURE = 60, 100  # x of the part of a line that is a piece


def drawn(way, *, contrast=12.0, scatter=2.0):
    """Levels of a line through points (x, y), soft, and what scatters about it."""
    line = np.zeros((SIDE, SIDE), np.uint8)
    points = np.rint(np.asarray(way) * 16).astype(np.int32)
    cv2.polylines(line, [points[:, None]], False, 255, 3, cv2.LINE_AA, 4)
    noise = np.random.default_rng(0).normal(0, scatter, line.shape)
    return (line / 255 * contrast + noise).astype(np.float32)


def bent(first, last, bend=0.0):
    x = np.linspace(first, last, 60)
    return np.stack([x, 200 + bend * (x - 80) ** 2], axis=1)


def follow_on(levels, bend=0.0):
    """Follow the part of the line that is sure; return all of it."""
    x = np.arange(*SURE)
    y = np.rint(200 + bend * (x - 80) ** 2).astype(int)
    rows, columns = np.concatenate([[y + k, x] for k in (-1, 0, 1)], axis=1)
    score = np.zeros(levels.shape, np.float32)
    score[rows, columns] = 30
    return follow(make_piece(rows, columns, score), levels, score, settings=WANTED)


def followed(levels, bend=0.0):
    """Return the box of all of the line."""
    return follow_on(levels, bend).box


ALONE = followed(np.zeros((SIDE, SIDE), np.float32))


@pytest.mark.parametrize("contrast", [12.0, -12.0])
def test_it_is_followed_to_both_ends(contrast):
    left, _, right, _ = followed(drawn(bent(30, 330), contrast=contrast))
    assert (left, right) == pytest.approx((30, 330), abs=8)


def test_it_may_bend():
    _, _, right, bottom = followed(drawn(bent(60, 260, 0.003), contrast=20), 0.003)
    assert (right, bottom) == pytest.approx((260, 297), abs=8)


def test_all_that_is_added_lies_on_it():
    x = np.linspace(60, 260, 100)
    wavy = 200 + 8 * np.sin(np.maximum(x - 100, 0) / 50)
    line = follow_on(drawn(np.stack([x, wavy], axis=1), contrast=30))
    added = line.columns >= SURE[1]
    assert line.box[2] >= 200
    assert np.abs(line.rows - np.interp(line.columns, x, wavy))[added].max() <= 3


def test_where_nothing_goes_on_it_stays_as_it_is():
    assert followed(drawn(bent(*SURE))) == pytest.approx(ALONE, abs=6)


def test_what_scatters_as_much_is_no_line():
    assert followed(drawn(bent(30, 330), contrast=6, scatter=6)) == pytest.approx(ALONE, abs=6)


def test_a_dark_line_does_not_go_on_as_a_light_one():
    levels = drawn(bent(60, 100), contrast=-12) + drawn(bent(100, 330), scatter=0)
    assert followed(levels) == pytest.approx(ALONE, abs=8)


@pytest.mark.parametrize(("gap", "end"), [(30, 330), (120, 100)])
def test_a_gap_of_some_millimetres_is_crossed_but_no_wider_one(gap, end):
    levels = drawn(bent(60, 330))
    levels[:, 110 : 110 + gap] = drawn(bent(0, 1))[:, 110 : 110 + gap]
    assert followed(levels)[2] == pytest.approx(end, abs=12)


def test_a_gap_is_no_part_of_it():
    levels = drawn(bent(60, 330))
    levels[:, 110:140] = drawn(bent(0, 1))[:, 110:140]
    columns = follow_on(levels).columns
    assert not np.any((columns > 115) & (columns < 135))


def test_a_speck_on_its_course_is_no_line():
    levels = drawn(bent(*SURE))
    levels[198:203, 140:145] += 200
    assert followed(levels) == pytest.approx(ALONE, abs=6)


def test_a_line_beside_its_end_is_another_one():
    beside = drawn(bent(100, 330) + np.array([0, 15]), scatter=0)
    assert followed(drawn(bent(*SURE)) + beside) == pytest.approx(ALONE, abs=6)


def test_it_ends_with_the_item():
    assert followed(drawn(bent(-50, 450)))[::2] == pytest.approx((0, SIDE), abs=6)


@pytest.mark.parametrize("first", range(40, 45))
def test_no_place_of_it_lies_outside(first):
    levels = drawn([(-50, -50), (200, 200)], contrast=30)
    sure = np.arange(first, 90)
    places = np.concatenate([[sure + k, sure] for k in (-1, 0, 1)], axis=1)
    score = np.zeros(levels.shape, np.float32)
    score[tuple(places)] = 30
    box = follow(make_piece(*places, score), levels, score, settings=WANTED).box
    assert box == pytest.approx((0, 0, 200, 200), abs=8)
    assert min(box) == 0


def test_a_line_that_crosses_is_not_followed():
    crossing = np.stack([np.full(60, 130.0), np.linspace(20, 380, 60)], axis=1)
    levels = drawn(bent(*SURE)) + drawn(crossing, scatter=0)
    assert followed(levels)[1::2] == pytest.approx(ALONE[1::2], abs=6)
