import numpy as np
import pytest
from photo.shots import SETTINGS

from evidence.photo.lines import Lines
from evidence.photo.quadrilaterals import join_lines

WIDTH, HEIGHT = 300, 400
REACH = 502
CARD = np.array([[60, 50], [240, 60], [230, 330], [50, 320]], float)


def ruled(corners, *, seen=1.0):
    """The four lines through a quadrilateral's sides, each with this share of its edge."""
    normals, offsets, covered = [], [], []
    for start, end in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        normal = np.array([start[1] - end[1], end[0] - start[0]])
        normal /= np.hypot(*normal)
        along = np.array([normal[1], -normal[0]])
        low, high = sorted((start @ along, end @ along))
        edge = np.zeros(2 * REACH, int)
        edge[round(low) + REACH : round(low + (high - low) * seen) + REACH] = 1
        normals.append(normal)
        offsets.append(normal @ start)
        covered.append(np.cumsum(edge))
    return Lines(np.array(normals), np.array(offsets), np.array(covered))


def join(lines):
    return join_lines(lines, WIDTH, HEIGHT, settings=SETTINGS.outline)


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 2, 1, 0), (0, 2, 1, 3), (1, 3, 0, 2)])
def test_four_lines_make_one_shape_clockwise_whatever_their_order(order):
    lines = ruled(CARD)
    shuffled = Lines(*(part[list(order)] for part in (lines.normals, lines.offsets, lines.covered)))
    found = join(shuffled)
    assert found.corners.shape == (1, 4, 2)
    ways = [np.roll(CARD, turn, axis=0) for turn in range(4)]
    assert min(np.abs(found.corners[0] - way).max() for way in ways) < 1e-9
    for side, corner in enumerate(found.corners[0]):  # a side runs from its corner to the next
        following = found.corners[0, (side + 1) % 4]
        line = found.sides[0, side]
        ends = np.stack([corner, following]) @ shuffled.normals[line]
        np.testing.assert_allclose(ends, shuffled.offsets[line])


def test_areas_and_lengths_are_those_of_the_shape():
    found = join(ruled(np.array([[60, 50], [240, 50], [240, 320], [60, 320]], float)))
    assert found.areas() == pytest.approx([180 * 270])
    assert sorted(found.lengths()[0]) == pytest.approx([180, 180, 270, 270])


@pytest.mark.parametrize("seen", [1.0, 0.6])
def test_the_support_is_the_share_of_edge_that_is_seen(seen):
    lines = ruled(CARD, seen=seen)
    assert join(lines).supports(lines) == pytest.approx([seen], abs=0.02)


def test_a_side_that_is_missing_counts_more_than_its_share():
    lines = ruled(CARD)
    lines.covered[2] = 0
    assert join(lines).supports(lines) == pytest.approx([0])


@pytest.mark.parametrize(
    "corners",
    [
        CARD * 0.2 + 100,  # too small
        CARD + np.array([0, 120]),  # too far outside
        [[40, 50], [270, 50], [160, 320], [150, 320]],  # opposite sides converge too much
        [[60, 50], [180, 50], [290, 130], [170, 130]],  # neighbours cross too flatly
    ],
    ids=["small", "outside", "converging", "slanted"],
)
def test_what_no_tilted_item_can_show_is_no_shape(corners):
    assert len(join(ruled(np.asarray(corners, float))).sides) == 0


def test_without_lines_there_is_no_shape():
    nothing = Lines(np.empty((0, 2)), np.empty(0), np.empty((0, 2 * REACH), int))
    assert len(join(nothing).sides) == 0
