import cv2
import numpy as np
import pytest

from evidence.comparison.closed_outlines import find_closed_outlines
from evidence.settings import ClosedOutlineSettings

WANTED = ClosedOutlineSettings()
SHAPE = (200, 150)
PX_PER_MM = 2.5
ALL = np.ones(SHAPE, bool)


def oval(middle=(70, 90), sides=(15, 20), turn=0.0):
    picture = np.zeros(SHAPE, np.float32)
    cv2.ellipse(picture, middle, sides, turn, 0, 360, 0.5, cv2.FILLED)
    return picture


def find(picture, seen=ALL):
    return find_closed_outlines(picture, seen, PX_PER_MM, settings=WANTED)


def test_the_outline_of_an_oval_is_the_oval():
    best, *_ = find(oval())
    assert best.box == pytest.approx((54.5, 69.5, 85.5, 110.5), abs=2)
    away = np.hypot(*((best.points - (70, 90)) / (15, 20)).T)
    assert away == pytest.approx(1, abs=0.12)
    assert away.mean() == pytest.approx(1, abs=0.03)
    assert best.seen.all()
    assert best.mean_step(WANTED.most_step) == pytest.approx(0.5, abs=0.05)


def test_wherever_it_lies_it_is_found_whole():
    for middle in [(40, 60), (93, 120), (75, 37)]:
        best, *_ = find(oval(middle))
        assert best.points.mean(axis=0) == pytest.approx(middle, abs=1.5)


def test_steps_are_those_from_outside_to_inside():
    best, *_ = find(0.6 * oval() - 0.1)
    assert np.median(best.steps) == pytest.approx(0.3, abs=0.05)


def test_a_bump_is_followed_and_the_way_closes():
    picture = np.maximum(oval(sides=(16, 16)), oval((84, 90), (6, 6)))
    best, *_ = find(picture)
    away = np.hypot(*(best.points - (70, 90)).T)
    assert away.max() > 18
    assert np.abs(np.diff(np.append(away, away[0]))).max() < 3


@pytest.mark.parametrize("seed", range(5))
def test_it_ends_where_it_began(seed):
    noise = np.random.default_rng(seed).normal(0, 1, SHAPE).astype(np.float32)
    for outline in find(cv2.GaussianBlur(noise, (0, 0), 3) * 5):
        ways = np.diff(np.vstack([outline.points, outline.points[:1]]), axis=0)
        along = np.hypot(*ways.T)
        assert along[-1] <= 1.01 * along[:-1].max()


def test_it_goes_on_as_it_was_where_nothing_is_seen():
    seen = ALL.copy()
    seen[80:100, 78:] = False
    best, *_ = find(oval(sides=(14, 14)), seen)
    away = np.hypot(*(best.points - (70, 90)).T)
    assert not best.seen.all()
    assert away[~best.seen] == pytest.approx(14, abs=2)


def test_where_a_part_is_unseen_the_rest_tells():
    seen = ALL.copy()
    seen[:, 78:] = False
    best, *_ = find(oval(), seen)
    assert best.seen.mean() == pytest.approx(0.65, abs=0.15)
    assert np.all(best.steps[~best.seen] == 0)
    assert np.median(best.steps[best.seen]) > 0.3


def test_what_lies_apart_is_two():
    boxes = [one.box for one in find(np.maximum(oval((40, 60)), oval((100, 140))))]
    assert len(boxes) >= 2
    assert boxes[0][2] < boxes[1][0] or boxes[1][2] < boxes[0][0]


def test_no_more_than_so_many_are_told():
    noise = np.random.default_rng(1).normal(0, 1, SHAPE).astype(np.float32)
    assert len(find(cv2.GaussianBlur(noise, (0, 0), 3) * 5)) == WANTED.most


def test_where_nothing_steps_down_there_is_none():
    assert find(np.zeros(SHAPE, np.float32)) == []


def test_around_a_hole_there_is_none():
    assert all(np.median(one.steps) < 0.1 for one in find(-oval()))


def test_a_picture_smaller_than_any_outline_has_none():
    assert find(np.ones((12, 12), np.float32), np.ones((12, 12), bool)) == []
