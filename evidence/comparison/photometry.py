"""Explain the query's light by the reference's, place by place; what is left over, in noise."""

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from evidence.comparison.cells import Cells
from evidence.settings import ChangeSettings

FloatMap = NDArray[np.float32]

FITTED = 5  # places a mm that light is fitted to; ten find 4 of 1,629 damages more, in 14 ms more
EVERY = 3  # pixels a side from one sampled place to the next
LEAST_PLACES = 1000  # sampled, for noise to be known


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
    rest = query - parts[0]
    step = max(1, round(cells.px / cells.mm / FITTED))
    sampled = [np.ascontiguousarray(it[::step, ::step]) for it in (*parts, rest, seen)]
    *few, few_rest, say = sampled
    few_cells = replace(cells, size=few_rest.shape[::-1])
    # at first every place has the same say
    weights = _fit(few, few_rest, say, few_cells, sigma_mm=sigma_mm, firm=firm)
    left = _leave(few, few_rest, weights, few_cells)
    say = say / (1 + (left / miss) ** 2) ** 2
    weights = _fit(few, few_rest, say, few_cells, sigma_mm=sigma_mm, firm=firm)
    return _leave(parts, rest, weights, cells), weights


def _fit(
    parts: list[FloatMap],
    rest: FloatMap,
    say: FloatMap,
    cells: Cells,
    *,
    sigma_mm: float,
    firm: tuple[float, ...],
) -> NDArray[np.float64]:
    """Return the (R, C, N) weights of the parts that make most of the rest, by least squares."""
    n = len(parts)
    normal = np.empty((*cells.shape, n, n), np.float32)
    right = np.empty((*cells.shape, n), np.float32)
    weighted, product = np.empty_like(rest), np.empty_like(rest)  # used anew: new memory is slow
    for i in range(n):
        np.multiply(parts[i], say, out=weighted)
        for j in range(i + 1):
            both = cells.mean(np.multiply(weighted, parts[j], out=product), sigma_mm)
            normal[..., i, j] = normal[..., j, i] = both
        right[..., i] = cells.mean(np.multiply(weighted, rest, out=product), sigma_mm)
    normal[..., range(n), range(n)] += np.asarray(firm, np.float32)
    found = np.linalg.solve(normal.astype(np.float64), right[..., None].astype(np.float64))
    return np.asarray(found[..., 0])


def _leave(
    parts: list[FloatMap], rest: FloatMap, weights: NDArray[np.float64], cells: Cells
) -> FloatMap:
    """Return what the weighted parts leave over of the rest."""
    left, product = rest.copy(), np.empty_like(rest)
    for part, weight in zip(parts, np.moveaxis(weights, -1, 0), strict=True):
        left -= np.multiply(part, cells.spread(weight.astype(np.float32)), out=product)
    return left


@dataclass(frozen=True, slots=True, eq=False)
class Liveliness:
    """How lively the print is, place by place, in ranks; the same for all that is left over.

    Attributes:
        misplaced: (H, W) float32, levels that print which is not quite in its place may differ by.
        sampled: (h, w) bool, every third place a side that is seen.
        bins: indices of the sampled places of each rank, the calmest first.
        middle: (N,) activity in the middle of each rank.
        steps: (256,) activities that the table of noise is made for.
        index: (H, W) uint8, the step of each place.
    """

    misplaced: FloatMap
    sampled: NDArray[np.bool_]
    bins: tuple[NDArray[np.intp], ...]
    middle: NDArray[np.float64]
    steps: NDArray[np.float64]
    index: NDArray[np.uint8]


def rank_liveliness(
    activity: FloatMap, seen: FloatMap, *, settings: ChangeSettings
) -> Liveliness | None:
    """Sort places by how lively the print is; None where too few are seen."""
    lively = activity[::EVERY, ::EVERY]
    sampled = seen[::EVERY, ::EVERY] > 0
    lively = lively[sampled]
    if lively.size < LEAST_PLACES:
        return None
    edges = np.quantile(lively, np.linspace(0, 1, settings.noise_bins + 1))
    ranks = np.clip(np.searchsorted(edges, lively, side="right") - 1, 0, settings.noise_bins - 1)
    steps = np.linspace(0, float(edges[-1]) + 1e-3, 256)
    return Liveliness(
        misplaced=activity * np.float32(settings.misplaced_px),
        sampled=sampled,
        bins=tuple(np.flatnonzero(ranks == rank) for rank in range(settings.noise_bins)),
        middle=(edges[1:] + edges[:-1]) / 2,
        steps=steps,
        index=np.minimum(activity * np.float32(255 / steps[-1]), 255).astype(np.uint8),
    )


def in_noise(
    left: FloatMap,
    lively: Liveliness | None,
    more: FloatMap,
    seen: FloatMap,
    cells: Cells,
    *,
    settings: ChangeSettings,
) -> FloatMap:
    """Return what is left over in units of its usual spread where the print is as lively.

    Where all of the surroundings are off, as on foil, the unit grows with them. Nothing is told
    where too few places are seen.
    """
    if lively is None:
        return np.zeros_like(left)
    sample = np.abs(left[::EVERY, ::EVERY])[lively.sampled]
    spread = np.zeros(settings.noise_bins)
    for rank, places in enumerate(lively.bins):
        if len(places):
            spread[rank] = 1.4826 * float(np.median(sample[places]))
    spread = np.maximum.accumulate(spread)
    middle, steps = lively.middle, lively.steps
    table = np.interp(steps, middle, spread)
    rise = (spread[-1] - spread[-4]) / max(middle[-1] - middle[-4], 1e-6)
    table += np.maximum(steps - middle[-1], 0) * rise
    table = np.maximum(table, settings.least_noise).astype(np.float32)
    usual = cv2.max(cv2.LUT(lively.index, table), lively.misplaced)
    told = left / cv2.magnitude(usual, more)
    few, shown = told[::EVERY, ::EVERY], seen[::EVERY, ::EVERY]
    near = cells.mean(np.minimum(few * few, 9.0) * shown, settings.unit_mm)
    share = cells.mean(shown, settings.unit_mm)
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
