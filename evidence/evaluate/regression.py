"""The logistic regression behind the weights of findings."""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit

Floats = NDArray[np.float64]

PENALTY = 1.0  # on squared weights of standardised findings, beside the summed loss; chosen
LEAST_SPREAD = 1e-9  # standard deviation of a finding that varies at all; correlations reach 1


def regress(findings: Floats, same: NDArray[np.bool_]) -> tuple[float, Floats]:
    """Fit the intercept and weights that turn findings into a log10 likelihood ratio.

    Minimises the log loss, in which both kinds weigh the same in total, plus half the squared
    weights of the standardised findings. Equal kinds make the odds a likelihood ratio; the
    penalty keeps the weights finite where the findings tell the kinds apart without a mistake.

    Args:
        findings: (N, F) float64, such as correlations in [-1, 1].
        same: (N,) bool, with both values.

    Returns:
        The intercept and (F,) weights, for the findings as they are, in log10 units.

    Raises:
        ValueError: only one kind is there.

    Source:
        Logistic-regression calibration; Morrison, Australian Journal of Forensic Sciences 2013.
    """
    sizes = np.array([np.sum(~same), np.sum(same)])
    if not sizes.all():
        raise ValueError("both kinds are needed")
    mean, spread = findings.mean(axis=0), findings.std(axis=0)
    spread = np.where(spread > LEAST_SPREAD, spread, 1.0)
    rows = np.column_stack([np.ones(len(same)), (findings - mean) / spread])
    sign = np.where(same, 1.0, -1.0)
    share = len(same) / (2 * sizes[same.astype(int)])
    penalty = np.array([0.0, *np.full(findings.shape[1], PENALTY)])  # none on the intercept

    def cost(w: Floats) -> float:
        return float(share @ np.logaddexp(0, -sign * (rows @ w)) + penalty @ w**2 / 2)

    def gradient(w: Floats) -> Floats:
        return np.asarray(rows.T @ (-sign * share * expit(-sign * (rows @ w))) + penalty * w)

    def curvature(w: Floats) -> Floats:
        chance = expit(rows @ w)
        return np.asarray((rows.T * (share * chance * (1 - chance))) @ rows + np.diag(penalty))

    start = np.zeros(rows.shape[1])
    found = minimize(cost, start, jac=gradient, hess=curvature, method="trust-exact")
    slopes = np.asarray(found.x[1:] / spread, np.float64)
    intercept = float(found.x[0] - slopes @ mean)
    return intercept / float(np.log(10)), slopes / np.log(10)
