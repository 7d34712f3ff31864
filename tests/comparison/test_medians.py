import numpy as np

from evidence.comparison.medians import row_medians


def test_the_upper_median_of_what_counts_is_told_for_each_row():
    values = np.array([[5.0, 1.0, 3.0, 9.0], [4.0, 2.0, 8.0, 6.0], [7.0, 7.0, 7.0, 7.0]])
    counted = np.array([[1, 1, 1, 0], [1, 1, 1, 1], [0, 0, 0, 0]], bool)
    assert row_medians(values, counted).tolist() == [3.0, 6.0, 0.0]


def test_it_is_that_of_numpy_for_an_odd_number():
    random = np.random.default_rng(2)
    values, counted = random.normal(0, 1, (9, 51)).astype(np.float32), np.ones((9, 51), bool)
    assert np.array_equal(row_medians(values, counted), np.median(values, axis=1))
