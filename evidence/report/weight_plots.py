"""Plots of the weights themselves: histogram and Tippett plot."""

from collections.abc import Sequence
from math import floor, log10

import numpy as np

from evidence.calibration import Calibration
from evidence.evaluate.outcome import Outcome
from evidence.report.chart import OTHER, SAME, SAME_ITEM, Axis, Chart
from evidence.report.curves import tippett_points
from evidence.report.figure import SIDES, draw_thresholds, llr_axis, make_figure
from evidence.report.tables import label_name

BIN = 0.25  # log10 units of the histogram; a tenth of the bound
COLOURS = (("same_item", SAME_ITEM), ("same_design", SAME), ("different", OTHER))


def draw_histogram(outcomes: Sequence[Outcome], calibration: Calibration) -> str:
    """Draw how many pairs of each label have about which weight."""
    across = llr_axis([o.design_llr for o in outcomes if o.design_llr is not None], calibration)
    edges = np.arange(across.low, across.high + BIN / 2, BIN)
    counts = {
        label: np.histogram(
            [o.design_llr for o in outcomes if o.pair.label == label and o.design_llr is not None],
            edges,
        )[0]
        for label, _ in COLOURS
    }
    totals = np.sum(list(counts.values()), axis=0)
    chart = Chart("Pairs by their weight of evidence", across, _count_axis(int(totals.max())))
    below = np.zeros_like(totals)
    for label, colour in COLOURS:
        for left, low, count in zip(edges, below, counts[label], strict=False):
            if count:
                chart.bar(left + 0.02, left + BIN - 0.02, float(low), float(low + count), colour)
        below = below + counts[label]
    for left, total in zip(edges, totals, strict=False):
        if total:
            chart.words(left + BIN / 2, float(total), str(total))
    draw_thresholds(chart, calibration)
    return make_figure(
        "Weight of evidence of every pair",
        chart,
        [(label_name(label), colour) for label, colour in COLOURS],
        "Right of the right dashed line a pair is called the same product, left of the left one "
        "another product; between them it is left open. Orange should lie on the left, blue on the "
        "right. The weight is a power of ten: 2 means that such photos are 100 times as likely if "
        "both show one product.",
    )


def draw_tippett(
    same: Sequence[float], different: Sequence[float], calibration: Calibration
) -> str:
    """Draw the share of pairs with at least some weight, for both kinds of pairs."""
    shares = tuple((share / 100, f"{share}%") for share in range(0, 101, 20))
    across = llr_axis([*same, *different], calibration)
    chart = Chart(
        "Tippett plot", across, Axis("share of pairs with at least that weight", 0, 1, shares)
    )
    for llr, (_, colour) in zip((same, different), SIDES, strict=True):
        chart.line([(across.low, 1.0), *tippett_points(llr), (across.high, 0.0)], colour)
    draw_thresholds(chart, calibration)
    against, for_same = np.mean(np.array(same) < 0), np.mean(np.array(different) > 0)
    return make_figure(
        "How often the evidence points which way (Tippett)",
        chart,
        SIDES,
        f"At 0 the evidence turns round: {against:.1%} of the pairs that share a design weigh "
        f"against it, {for_same:.1%} of the different ones for it. The further apart the lines, "
        "the better.",
    )


def _count_axis(most: int) -> Axis:
    step = max(1, 10 ** floor(log10(max(most, 1))) // 2)
    while most / step > 6:
        step *= 2
    top = most * 1.12
    ticks = tuple((float(count), str(count)) for count in range(0, int(top) + 1, step))
    return Axis("pairs", 0, top, ticks)
