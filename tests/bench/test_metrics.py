import itertools

import numpy as np
import pytest

from bench.metrics import count_caught, find_threshold, measure_area


def test_the_area_is_the_share_of_pairs_in_the_right_order_and_ties_count_half():
    rng = np.random.default_rng(0)
    same, different = rng.integers(2, 9, 30).tolist(), rng.integers(0, 7, 40).tolist()
    orders = [(s > d) + (s == d) / 2 for s, d in itertools.product(same, different)]
    assert measure_area(same, different).auc == pytest.approx(np.mean(orders), abs=1e-4)


def test_perfect_useless_and_inverted_scores_have_areas_of_one_a_half_and_none():
    assert measure_area([2, 3], [0, 1]).auc == 1.0
    assert measure_area([1, 1], [1, 1]).auc == 0.5
    assert measure_area([0, 1], [2, 3]).auc == 0.0


def test_the_interval_is_that_of_the_definition():
    same, different = [0.9, 0.8, 0.4, 0.7], [0.1, 0.5, 0.3]
    order = np.array([[(s > d) + (s == d) / 2 for d in different] for s in same])
    variance = order.mean(axis=1).var(ddof=1) / 4 + order.mean(axis=0).var(ddof=1) / 3
    area = measure_area(same, different)
    assert area.low == pytest.approx(order.mean() - 1.96 * variance**0.5, abs=1e-4)
    assert area.high == 1.0  # never above


def test_the_interval_holds_the_truth_about_as_often_as_it_says():
    rng = np.random.default_rng(1)
    truth = 0.7602  # of normal scores that lie one standard deviation apart: Phi(1 / sqrt 2)
    areas = [measure_area(rng.normal(1, 1, 60), rng.normal(0, 1, 60)) for _ in range(400)]
    held = np.mean([area.low <= truth <= area.high for area in areas])
    assert 0.91 < held < 0.98


def test_one_pair_of_a_kind_has_no_area():
    with pytest.raises(ValueError, match="two pairs"):
        measure_area([1.0], [0.0, 0.5])


@pytest.mark.parametrize(
    ("allowed", "threshold"), [(0.0, 0), (0.009, 0), (0.01, 1), (0.019, 1), (0.02, 2)]
)
def test_the_threshold_flags_no_more_than_is_allowed(allowed, threshold):
    same = list(range(100))[::-1]
    assert find_threshold(same, allowed) == threshold
    assert sum(score < threshold for score in same) <= allowed * 100 + 1e-9


def test_no_threshold_parts_equal_scores():
    same = [0.0] * 5 + [1.0] * 95
    assert find_threshold(same, 0.04) == 0.0  # a higher one would flag all five
    assert find_threshold(same, 0.05) == 1.0


def test_a_score_on_the_threshold_is_not_caught():
    rate = count_caught([-1.0, 0.0, 0.0, 1.0], 0.0)
    assert (rate.count, rate.total) == (1, 4)
    assert count_caught([], 0.0) is None
