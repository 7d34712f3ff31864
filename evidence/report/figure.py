"""What all plots share: the frame with legend and reading, the axis of llr, the thresholds."""

from collections.abc import Sequence
from html import escape
from math import ceil, floor

from evidence.calibration import Calibration
from evidence.report.chart import INK, OTHER, SAME_ITEM, Axis, Chart

SIDES = (("share a design", SAME_ITEM), ("different products", OTHER))


def make_figure(title: str, chart: Chart, legend: Sequence[tuple[str, str]], reading: str) -> str:
    """Return a chart with its title, its legend of (words, colour) and how to read it."""
    keys = "".join(
        f'<span class="key"><i style="background:{colour}"></i>{escape(words)}</span>'
        for words, colour in legend
    )
    return (
        f"<figure><h3>{escape(title)}</h3><p>{keys}</p>{chart.svg()}"
        f"<figcaption>{escape(reading)}</figcaption></figure>"
    )


def llr_axis(llr: Sequence[float], calibration: Calibration) -> Axis:
    """Return an axis with whole numbers, as wide as the data and the bound need."""
    end = ceil(max(*map(abs, llr), calibration.bound, 1.0) + 0.01)
    step = max(1, floor(end / 4))
    ticks = tuple(
        (float(place), f"{place:+d}" if place else "0") for place in range(-end, end + 1, step)
    )
    return Axis(
        "weight of evidence for the same product (log10 likelihood ratio)", -end, end, ticks
    )


def draw_thresholds(chart: Chart, calibration: Calibration) -> None:
    """Draw where a pair starts to be called something."""
    for threshold in (calibration.different.llr, calibration.same.llr):
        chart.line([(threshold, chart.up.low), (threshold, chart.up.high)], INK, dashed=True)
