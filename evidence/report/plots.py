"""The four plots, in their order."""

from collections.abc import Sequence

from evidence.calibration import Calibration
from evidence.evaluate.groups import weights
from evidence.evaluate.outcome import Outcome
from evidence.report.error_plots import draw_det, draw_reliability
from evidence.report.weight_plots import draw_histogram, draw_tippett


def draw_plots(outcomes: Sequence[Outcome], calibration: Calibration) -> str:
    """Return the plots as HTML; those that need both kinds of pairs only with both."""
    same, different = weights(outcomes)
    if not same and not different:
        return "<p>There is no pair with a weight to draw.</p>"
    plots = draw_histogram(outcomes, calibration)
    if not same or not different:
        return (
            plots + "<p>The other plots need pairs that share a design and pairs that do not.</p>"
        )
    return (
        plots
        + draw_det(same, different, calibration)
        + draw_tippett(same, different, calibration)
        + draw_reliability(same, different, calibration)
    )
