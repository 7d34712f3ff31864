import cv2
import numpy as np
import pytest

from evidence.photo.lines import find_lines


def find(picture):
    return find_lines(picture, min_length=10.0, tolerance=2.5, most_segments=1500, most=48)


def ruled(*, start, end, size=(200, 300)):
    """A white picture with one dark straight edge: all below the line is dark."""
    picture = np.full((*size, 3), 255, np.uint8)
    (x1, y1), (x2, y2) = start, end
    corners = np.array([[x1, y1], [x2, y2], [x2, size[0] + 50], [x1, size[0] + 50]], np.int32)
    cv2.fillPoly(picture, [corners], (40, 40, 40))
    return picture


@pytest.mark.parametrize("rise", [0, 30, -45])
def test_a_straight_edge_is_one_line_where_it_was_drawn(rise):
    lines = find(ruled(start=(-1, 90), end=(301, 90 + rise)))
    truth = np.array([[20.0, 90 + rise * 21 / 302], [280.0, 90 + rise * 281 / 302]])
    off = np.abs(truth @ lines.normals[0] - lines.offsets[0])
    assert off.max() < 1.5  # pixels
    np.testing.assert_allclose(np.hypot(*lines.normals.T), 1.0)


def test_edge_is_counted_only_where_it_is():
    picture = ruled(start=(-1, 90), end=(301, 90))
    picture[:, 150:] = 255  # the right half has no edge
    lines = find(picture)
    level = np.flatnonzero(np.abs(lines.normals[:, 1]) > 0.99)[:1]
    left, middle, right = (np.array([[x, 90.0]]) for x in (10, 145, 290))
    assert lines.edge_between(level, left, middle)[0] >= 125
    assert lines.edge_between(level, middle, right)[0] <= 10
    both_ways = lines.edge_between(level, middle, left)
    assert both_ways == lines.edge_between(level, left, middle)


def test_a_gap_does_not_break_a_line_in_two():
    picture = ruled(start=(-1, 90), end=(301, 90))
    picture[:, 140:160] = 255
    level = np.abs(find(picture).normals[:, 1]) > 0.99
    assert np.count_nonzero(level) == 1


def test_an_empty_picture_has_no_lines():
    lines = find(np.full((80, 60, 3), 128, np.uint8))
    assert len(lines) == 0
    assert lines.directions.shape == (0, 2)


def test_colour_alone_makes_an_edge():
    picture = np.full((200, 300, 3), (200, 80, 80), np.uint8)
    light = cv2.cvtColor(picture[:1, :1], cv2.COLOR_RGB2LAB)[0, 0, 0]
    greens = [np.array([[[80, g, 80]]], np.uint8) for g in range(80, 200)]
    alike = min(
        greens, key=lambda c: abs(int(cv2.cvtColor(c, cv2.COLOR_RGB2LAB)[0, 0, 0]) - int(light))
    )
    picture[100:] = alike[0, 0]
    assert len(find(picture)) >= 1


def test_only_the_longest_segments_are_looked_at():
    picture = ruled(start=(-1, 90), end=(301, 90))
    picture[20:40, 20:40] = 0
    everything = find(picture)
    longest = find_lines(picture, min_length=10.0, tolerance=2.5, most_segments=1, most=48)
    assert len(longest) == 1 < len(everything)
    assert abs(longest.offsets[0] - everything.offsets[0]) < 1.5
