import numpy as np
import pytest

from evidence.comparison.allowances import forgive_misplacement

EDGE = np.tile(np.where(np.arange(40) < 20, 60, 180).astype(np.float32), (30, 1))


def left_at(column, levels):
    """What is left over of levels in one column beside the edge."""
    left = np.zeros_like(EDGE)
    left[:, column] = levels
    return forgive_misplacement(left, EDGE)


@pytest.mark.parametrize(("column", "levels"), [(19, 50), (20, -50)])
def test_an_edge_that_lies_half_a_pixel_aside_is_forgiven(column, levels):
    assert not left_at(column, levels).any()


@pytest.mark.parametrize(("column", "levels"), [(19, -50), (20, 50)])
def test_what_no_edge_explains_is_left(column, levels):
    assert np.abs(left_at(column, levels)).max() == 50


@pytest.mark.parametrize("sign", [1, -1])
def test_a_mark_on_flat_print_is_left_as_it_is(sign):
    left = np.zeros((30, 40), np.float32)
    left[10, 5:30] = sign * 50
    found = forgive_misplacement(left, np.full_like(left, 120))
    np.testing.assert_array_equal(found, left)
