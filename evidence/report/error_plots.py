"""Plots of what the weights lead to: errors at every threshold, and reliability."""

from collections.abc import Sequence

import numpy as np
from scipy.special import ndtri

from evidence.calibration import Calibration
from evidence.report.chart import OTHER, PALE, SAME_ITEM, Axis, Chart
from evidence.report.curves import det_points, reliability_bins
from evidence.report.figure import llr_axis, make_figure

WIDE = 0.5  # log10 units of a bin of the reliability diagram, which needs several pairs
SHARES = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.4)  # ticks of the DET plot
LEAST = 1e-9  # stands for a rate of 0, whose normal deviate is infinite


def draw_det(same: Sequence[float], different: Sequence[float], calibration: Calibration) -> str:
    """Draw both error rates against each other, for every threshold and for those in use."""
    least = min(0.5 / max(len(same), len(different)), SHARES[2])
    shares = [share for share in SHARES if share >= least] if least > SHARES[0] else list(SHARES)
    ticks = tuple((float(ndtri(share)), f"{share:.1%}".replace(".0%", "%")) for share in shares)
    low, high = float(ndtri(min(least, shares[0]))), float(ndtri(0.5))
    chart = Chart(
        "Detection error trade-off",
        Axis("different products called the same (FMR)", low, high, ticks),
        Axis("same product not called so (FNMR)", low, high, ticks),
    )
    chart.line([(low, low), (high, high)], PALE, dashed=True)
    points = det_points(same, different)
    steps = np.repeat(ndtri(np.clip(points, LEAST, 1 - LEAST)), 2, axis=0)
    chart.line(np.column_stack([steps[1:, 0], steps[:-1, 1]]), SAME_ITEM)
    for threshold, words in (
        (calibration.same.llr, "same"),
        (calibration.different.llr, "other product"),
    ):
        missed = np.mean(np.array(same) < threshold)
        alarm = np.mean(np.array(different) >= threshold)
        across, up = map(float, ndtri(np.clip([alarm, missed], LEAST, 1 - LEAST)))
        left = chart.across.share(across) < 0.6
        chart.dot(across, up, OTHER)
        chart.words(
            across,
            up,
            f"threshold for “{words}”: {alarm:.1%} / {missed:.1%}",
            shift=(9, -7) if left else (-9, -7),
            at="start" if left else "end",
        )
    return make_figure(
        "Error trade-off (DET)",
        chart,
        (("every possible threshold", SAME_ITEM), ("the thresholds in use", OTHER)),
        "Nearer to the lower left corner is better. A rate that was never observed is drawn on the "
        "edge. The axes are stretched (normal deviates), so that small rates can be told apart.",
    )


def draw_reliability(
    same: Sequence[float], different: Sequence[float], calibration: Calibration
) -> str:
    """Draw the weight that was observed against the weight that was stated."""
    across = llr_axis([*same, *different], calibration)
    up = Axis("weight that was observed (log10)", across.low, across.high, across.ticks)
    chart = Chart("Reliability diagram", across, up)
    chart.line([(across.low, across.low), (across.high, across.high)], PALE, dashed=True)
    for one in reliability_bins(same, different, width=WIDE):
        chart.line([(one.llr, one.low), (one.llr, one.high)], SAME_ITEM)
        if np.isfinite(one.observed):
            chart.dot(one.llr, one.observed, SAME_ITEM)
        high = across.share(one.high) > 0.97
        place = one.low if high else one.high
        shift = (0.0, 15.0) if high else (0.0, -8.0)
        chart.words(one.llr, place, f"{one.same}/{one.total}", shift=shift)
    return make_figure(
        "Does the weight mean what it says? (reliability)",
        chart,
        (("observed, with 95 % bounds", SAME_ITEM), ("ideal", PALE)),
        "Bars should cross the dashed line. Further from 0 than the line, the stated weight is too "
        "cautious; nearer to 0 or on the other side of it, too bold. Beside each bar: pairs that "
        "share a design, of all in the bin. A bar without a dot had pairs of one kind only, so the "
        "counts set a bound on one side.",
    )
