import numpy as np
import pytest
from photo.shots import SETTINGS

from evidence.photo.groups import is_group
from evidence.photo.quadrilaterals import Quadrilaterals

WANTED = SETTINGS.outline
BOTH = [0, 0, 880, 630]
LEFT, RIGHT = [0, 0, 430, 630], [450, 0, 880, 630]


def boxes(*edges):
    corners = [[[a, b], [c, b], [c, d], [a, d]] for a, b, c, d in edges]
    return Quadrilaterals(np.zeros((len(edges), 4), int), np.array(corners, float))


def group(*parts, whole=BOTH, score=0.72, scores=None):
    shapes = boxes(whole, *parts)
    given = np.array([score, *(scores or [0.95] * len(parts))])
    return is_group(shapes.corners[0], score, shapes, given, settings=WANTED)


def test_two_items_side_by_side_that_are_seen_better_are_a_group():
    assert group(LEFT, RIGHT)
    assert group([-8, -8, 430, 630], RIGHT)  # a part may lie a little outside
    assert group([0, 0, 460, 630], RIGHT)  # and overlap a little


@pytest.mark.parametrize(
    "parts",
    [
        [],
        [LEFT],
        [LEFT, LEFT],
        [LEFT, [0, 0, 440, 630]],
        [LEFT, [450, 0, 880, 400]],
        [[20, 20, 280, 610], [300, 20, 560, 610]],
        [LEFT, [450, 0, 980, 630]],
    ],
    ids=["nothing", "one", "one twice", "nested", "unlike", "small", "outside"],
)
def test_anything_else_within_is_no_group(parts):
    assert not group(*parts)


def test_parts_that_are_seen_no_better_make_no_group():
    assert not group(LEFT, RIGHT, scores=[0.95, 0.8])
    assert not group(LEFT, RIGHT, score=0.9)
    assert group(LEFT, RIGHT, scores=[0.72 + WANTED.group_gain] * 2)
