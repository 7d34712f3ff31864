"""Medians of many rows at once."""

from typing import Any

import numpy as np
from numpy.typing import NDArray


def row_medians(values: NDArray[Any], counted: NDArray[np.bool_]) -> NDArray[Any]:
    """Return the upper median of what counts of each row; 0 where nothing does.

    Args:
        values: (N, M) of any floats.
        counted: (N, M) bool.

    Returns:
        (N,) of the same floats.
    """
    ordered = np.sort(np.where(counted, values, np.inf), axis=1)
    count = counted.sum(axis=1)
    median = ordered[np.arange(len(values)), np.minimum(count // 2, values.shape[1] - 1)]
    return np.where(count > 0, median, 0).astype(values.dtype)
