"""Explain the query's light by the reference's, place by place; what is left over, in noise."""

import cv2
import numpy as np
from numpy.typing import NDArray

from evidence.comparison.cells import Cells
from evidence.settings import ChangeSettings

FloatMap = NDArray[np.float32]


def explain(
    parts: list[FloatMap],
    query: FloatMap,
    seen: FloatMap,
    cells: Cells,
    *,
    sigma_mm: float,
    firm: tuple[float, ...],
    miss: float,
) -> tuple[FloatMap, NDArray[np.float64]]:
    """Fit the query by local weights of the parts; return what is left over, and the weights.

    Args:
        parts: each (H, W) float32; the first is what the query should look like, the others
            what may be added: an offset, a shift, a blur.
        query: (H, W) float32.
        seen: (H, W) float32, 0 where the query says nothing.
        cells: the grid that the weights are found on.
        sigma_mm: of the window that a fit is made in.
        firm: how strongly each weight is held, as squared levels: the first at 1, the others at 0.
        miss: levels from which what is left loses its say.
    """
    left = np.zeros_like(query)  # at first every place has the same say
    for _ in range(2):
        weight = seen / (1 + (left / miss) ** 2) ** 2
        weighted = [part * weight for part in parts]
        n = len(parts)
        normal = np.empty((*cells.shape, n, n), np.float32)
        right = np.empty((*cells.shape, n), np.float32)
        rest = query - parts[0]
        for i in range(n):
            for j in range(i, n):
                both = cells.mean(weighted[i] * parts[j], sigma_mm)
                normal[..., i, j] = normal[..., j, i] = both
            right[..., i] = cells.mean(weighted[i] * rest, sigma_mm)
        normal[..., range(n), range(n)] += np.asarray(firm, np.float32)
        found = np.linalg.solve(normal.astype(np.float64), right[..., None].astype(np.float64))
        left = rest
        for i in range(n):
            left = left - parts[i] * cells.spread(found[..., i, 0].astype(np.float32))
    return left, found[..., 0]


def in_noise(
    left: FloatMap,
    activity: FloatMap,
    more: FloatMap,
    seen: FloatMap,
    cells: Cells,
    *,
    settings: ChangeSettings,
) -> FloatMap:
    """Return what is left over in units of its usual spread where the print is as lively.

    Where all of the surroundings are off, as on foil, the unit grows with them.
    """
    every = slice(None, None, 3)
    sample, lively = np.abs(left[every, every]), activity[every, every]
    used = seen[every, every] > 0
    sample, lively = sample[used], lively[used]
    if sample.size < 1000:
        return np.zeros_like(left)
    edges = np.quantile(lively, np.linspace(0, 1, settings.noise_bins + 1))
    middle = (edges[1:] + edges[:-1]) / 2
    bins = np.clip(np.searchsorted(edges, lively, side="right") - 1, 0, settings.noise_bins - 1)
    spread = np.zeros(settings.noise_bins)
    for b in range(settings.noise_bins):
        if np.any(bins == b):
            spread[b] = 1.4826 * float(np.median(sample[bins == b]))
    spread = np.maximum.accumulate(spread)
    steps = np.linspace(0, float(edges[-1]) + 1e-3, 256)
    table = np.interp(steps, middle, spread)
    rise = (spread[-1] - spread[-4]) / max(middle[-1] - middle[-4], 1e-6)
    table += np.maximum(steps - middle[-1], 0) * rise
    index = np.minimum(activity * np.float32(255 / steps[-1]), 255).astype(np.uint8)
    usual = np.maximum(table, settings.least_noise).astype(np.float32)[index]
    usual = np.maximum(usual, activity * np.float32(settings.misplaced_px))
    told = left / np.sqrt(usual * usual + more * more)
    near = cells.mean(np.minimum(told * told, 9.0) * seen, settings.unit_mm)
    share = cells.mean(seen, settings.unit_mm)
    factor = np.sqrt(np.maximum(near / np.maximum(share, 1e-3), 1.0))
    return np.asarray(told / cells.spread(factor), np.float32)


def stand_out(score: FloatMap, cells: Cells, *, settings: ChangeSettings) -> FloatMap:
    """Hold each place against what its surroundings reach, in (H, W) noise units, at least 0.

    On foil, on a grainy photo or where the print is not quite where it should be, many places
    reach much; a mark is one that stands out from them. It takes up few of the cells around.
    """
    step = max(1, round(cells.px))
    high = cv2.dilate(score, np.ones((step, step), np.uint8))
    most = cv2.resize(high, cells.shape[::-1], interpolation=cv2.INTER_NEAREST)
    reach = round(settings.surroundings_mm / cells.mm)
    padded = np.pad(most, reach, mode="reflect")
    around = np.lib.stride_tricks.sliding_window_view(padded, (2 * reach + 1, 2 * reach + 1))
    around = around[:, :, ::2, ::2].reshape(*cells.shape, -1)
    rank = int(settings.surroundings_share * (around.shape[2] - 1))
    usual = np.partition(around, rank, axis=2)[..., rank].astype(np.float32)
    usual = cells.smooth(usual, 1.0)
    return np.asarray(
        score / cells.spread(np.maximum(usual / settings.usual_most, 1.0)), np.float32
    )
