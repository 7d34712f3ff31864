import numpy as np
import pytest
from scipy.special import ndtri

from evidence.report.curves import at_least, det_points, reliability_bins, tippett_points

NORMAL = ndtri((np.arange(2000) + 0.5) / 2000)  # the quantiles of a normal distribution


def test_two_normal_distributions_give_a_straight_line_on_normal_deviates():
    # means 2 apart, deviation 1: ndtri(FMR) + ndtri(FNMR) = -2 at every threshold
    points = det_points(list(NORMAL + 1), list(NORMAL - 1))
    inner = points[(points > 0.01).all(axis=1) & (points < 0.99).all(axis=1)]
    assert len(inner) > 500
    np.testing.assert_allclose(ndtri(inner).sum(axis=1), -2, atol=0.03)


def test_the_trade_off_starts_with_every_false_match_and_ends_with_every_miss():
    points = det_points([0.0, 2.0], [-1.0, 0.0])
    assert points.tolist() == [[1, 0], [0.5, 0], [0, 0.5], [0, 1]]


def test_a_threshold_is_inclusive():
    assert at_least([0.0, 1.0, 1.0, 2.0], np.array([1.0, 1.1])).tolist() == [0.75, 0.25]


def test_the_tippett_plot_steps_down_from_everything_to_nothing_at_the_values_themselves():
    assert tippett_points([1.0, -1.0, 1.0]).tolist() == [[-1, 1], [-1, 2 / 3], [1, 2 / 3], [1, 0]]


def test_well_calibrated_evidence_lies_within_the_bounds_of_its_bin():
    # of pairs with llr 1, ten of eleven are the same; with -1, one of eleven
    same, different = [1.0] * 100 + [-1.0] * 10, [1.0] * 10 + [-1.0] * 100
    low, high = reliability_bins(same, different, width=0.5)
    assert (low.llr, high.llr) == (-1, 1)
    assert (high.same, high.total) == (100, 110)
    assert high.observed == pytest.approx(1)
    assert low.observed == pytest.approx(-1)
    assert high.low < 1 < high.high


def test_the_share_of_each_kind_of_pair_does_not_move_the_observed_weight():
    same, different = [1.0] * 100 + [-1.0] * 10, [1.0] * 10 + [-1.0] * 100
    (_, once), (_, thrice) = (
        reliability_bins(same * times, different, width=0.5) for times in (1, 3)
    )
    assert thrice.observed == pytest.approx(once.observed)


def test_a_bin_of_one_kind_has_a_bound_on_one_side_only():
    low, high = reliability_bins([2.0] * 9, [-2.0] * 9, width=0.5)
    assert (high.observed, high.high) == (np.inf, np.inf)
    assert 0 < high.low < 2
    assert (low.observed, low.low) == (-np.inf, -np.inf)
    assert -2 < low.high < 0
