import numpy as np
import pytest

from evidence.comparison.courses import clean_steps, find_course, fit_course
from evidence.settings import CourseSettings

WANTED = CourseSettings()
PX = 10.0


def line(start, stop, arch=0.0, wide=4):
    """Places of a line that bows out by a share of its length, N by 2 pixels."""
    start, stop = np.array(start, float), np.array(stop, float)
    long = np.hypot(*(stop - start))
    along = (stop - start) / long
    across = np.array([-along[1], along[0]])
    t = np.linspace(0, 1, round(2 * long))[:, None, None]
    bow = 4 * arch * long * t * (1 - t)
    beside = np.linspace(-wide / 2, wide / 2, 5)[None, :, None]
    return (start + along * t * long + across * (bow + beside)).reshape(-1, 2)


def blob(middle, radius):
    y, x = np.mgrid[-radius : radius + 1, -radius : radius + 1]
    inside = x * x + y * y <= radius * radius
    return np.stack([x[inside], y[inside]], axis=1) + np.array(middle, float)


def find(*parts):
    return find_course(np.concatenate(parts), px_per_mm=PX, settings=WANTED)


def off(course, points):
    """How far points lie beside a course at most, pixels."""
    return float(np.abs(course.place(np.asarray(points, float))[1]).max())


@pytest.mark.parametrize("arch", [0.0, 0.03, 0.08])
def test_a_fit_follows_a_line_that_bends(arch):
    points = line((20, 30), (220, 130), arch)
    assert off(fit_course(points), points) < 4


def test_the_arch_is_a_share_of_the_length():
    points = line((0, 0), (200, 0), 0.05)
    course = fit_course(points)
    assert course.arch(200.0) == pytest.approx(0.05, abs=0.003)


def test_a_line_is_found_among_blobs_and_shorter_lines():
    long = line((20, 30), (260, 180), 0.02)
    course = find(long, blob((120, 160), 30), blob((200, 60), 25), line((40, 200), (120, 210)))
    assert course is not None
    assert off(course, long) < 6


def test_a_blob_is_no_line():
    assert find(blob((100, 100), 60)) is None


def test_the_rim_of_a_stain_is_no_line():
    angles = np.linspace(0, 2 * np.pi, 600)
    ring = 100 + 60 * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    assert find(ring, ring + 1) is None


def test_a_short_line_is_none():
    assert find(line((20, 30), (85, 30))) is None
    assert find(line((20, 30), (100, 30))) is not None


def test_a_band_is_no_line():
    assert find(line((20, 100), (260, 100), wide=60)) is None


def test_a_few_places_are_no_line():
    assert find(line((20, 30), (260, 30))[::200]) is None


def test_the_same_places_give_the_same_course():
    points = line((20, 30), (260, 180), 0.02), blob((120, 160), 30)
    one, other = find(*points), find(*points)
    assert np.array_equal(one.bend, other.bend)


def test_steps_are_clean_where_nothing_lies_beside():
    t = np.array([0, 6, 12, 12, 18, 18], float)
    beside = np.array([0, 0, 0, 20, 0, 40], float)
    steps = clean_steps(t, beside, px_per_mm=PX, settings=WANTED)
    assert steps.tolist() == [True, True, False, True]


def test_places_of_a_course_are_found_where_they_were_put():
    rng = np.random.default_rng(0)
    t = np.linspace(0, 90, 40)
    course = fit_course(np.stack([t, 20 + 0.4 * t + 0.002 * t**2], axis=1) + rng.normal(0, 0.1))
    along, beside = np.array([-30.0, 0.0, 25.0]), np.array([-4.0, 0.0, 7.0])
    x, y = course.at(along, beside)
    told, off = course.place(np.stack([x.ravel(), y.ravel()], axis=1))
    assert told.reshape(3, 3) == pytest.approx(np.broadcast_to(along[:, None], (3, 3)))
    assert off.reshape(3, 3) == pytest.approx(np.broadcast_to(beside, (3, 3)))
