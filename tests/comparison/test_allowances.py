import numpy as np
import pytest

from evidence.comparison.allowances import forgive_misplacement


@pytest.mark.parametrize("sign", [1, -1])
def test_an_edge_that_lies_half_a_pixel_aside_is_forgiven(sign):
    expected = np.tile(np.where(np.arange(40) < 20, 60, 180).astype(np.float32), (30, 1))
    left = np.zeros_like(expected)
    left[:, 19:21] = sign * 50  # half of the edge's 120 levels would be 60
    assert not forgive_misplacement(left, expected).any()


@pytest.mark.parametrize("sign", [1, -1])
def test_a_mark_on_flat_print_is_left_as_it_is(sign):
    left = np.zeros((30, 40), np.float32)
    left[10, 5:30] = sign * 50
    found = forgive_misplacement(left, np.full_like(left, 120))
    np.testing.assert_array_equal(found, left)
