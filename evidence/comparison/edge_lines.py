"""Find what may be the cut along one side of the item: lines, each to some 0.01 mm."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from evidence.comparison.medians import row_medians
from evidence.settings import CutSettings

Floats = NDArray[np.float64]
ROUNDS = 6  # of reweighting
SETTLED = 1e-4  # mm: a curve that moves less in a round is done


@dataclass(frozen=True, slots=True, eq=False)
class EdgeLine:
    """One line along a side.

    Attributes:
        offset: its middle, mm outwards from the side of the reference's outline.
        offsets: (T,) the same at every place along the side, NaN where it is not seen.
        curve: (3,) coefficients over places that run from -1 to 1.
        scatter: of the places about the curve, mm.
        strength: how fast the colour changes across it, CIELAB units a sample.
    """

    offset: float
    offsets: Floats
    curve: Floats
    scatter: float
    strength: float


def find_edge_lines(
    picture: NDArray[np.uint8], across: Floats, *, settings: CutSettings
) -> list[EdgeLine]:
    """Return the lines that run along the whole side, in no order.

    Args:
        picture: (T, N, 3) uint8 RGB, row t across the side at one place, from inside outwards.
        across: (N,) mm outwards of the samples, evenly spaced.
        settings: thresholds of this stage.

    Source:
        Voting: Hough transform; Duda and Hart 1972. Sub-pixel peaks: parabola through three
        samples. Robust fit: Tukey's biweight.
    """
    change = _change(picture)
    least = max(settings.least_change, 3 * float(np.median(change)))
    peaks = np.zeros(change.shape, bool)
    left, middle, right = change[:, :-2], change[:, 1:-1], change[:, 2:]
    peaks[:, 1:-1] = (middle >= left) & (middle > right) & (middle > least)
    places = np.linspace(-1, 1, len(change))
    positions = np.full(change.shape, np.inf)
    with np.errstate(divide="ignore", invalid="ignore"):
        shift = (left - right) / (2 * (left - 2 * middle + right))
    step = float(across[1] - across[0])
    refined = across[1:-1] + shift * step
    positions[:, 1:-1] = np.where(peaks[:, 1:-1], refined, np.inf)
    lines: list[EdgeLine] = []
    starts = _vote(peaks, across, places, settings)
    for line in _refine(starts, _Peaks.of(peaks, positions), change, across, places, settings):
        if all(abs(line.offset - one.offset) > settings.apart for one in lines):
            lines.append(line)
    return lines


def _change(picture: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return (T, N) colour change a sample across the side, smoothed along it."""
    lab = cv2.cvtColor(picture.astype(np.float32) / np.float32(255), cv2.COLOR_RGB2LAB)
    smooth = cv2.GaussianBlur(lab, (0, 0), sigmaX=1.2, sigmaY=1.5)
    change = np.zeros_like(smooth)
    change[:, 1:-1] = (smooth[:, 2:] - smooth[:, :-2]) / 2
    return np.asarray(np.sqrt((change**2).sum(axis=2)), np.float32)


def _vote(
    peaks: NDArray[np.bool_], across: Floats, places: Floats, settings: CutSettings
) -> list[tuple[float, float]]:
    """Return (offset, slope) of the lines that most places vote for, mm and mm a half side."""
    wide = peaks.copy()
    wide[:, 1:] |= peaks[:, :-1]
    wide[:, :-1] |= peaks[:, 1:]
    step = float(across[1] - across[0])
    slopes = np.arange(-settings.most_slope, settings.most_slope + 1e-9, settings.slope_step)
    moved = np.rint(slopes[:, None] * places / step).astype(np.intp)
    place, sample = np.nonzero(wide)
    column = sample - moved[:, place]
    width = len(across)
    bins = column + width * np.arange(len(slopes))[:, None]
    counts = np.bincount(bins[(column >= 0) & (column < width)], minlength=len(slopes) * width)
    votes = counts.reshape(len(slopes), width) / len(places)
    best: list[tuple[float, float]] = []
    near = round(settings.apart / step)
    while len(best) < settings.most_lines:
        row, column = divmod(int(np.argmax(votes)), votes.shape[1])
        if votes[row, column] < settings.least_support:
            break
        best.append((float(across[column]), float(slopes[row])))
        votes[:, max(0, column - near) : column + near + 1] = 0
    return best


@dataclass(frozen=True, slots=True, eq=False)
class _Peaks:
    """Where the colour changes fastest, row by row across the side.

    Attributes:
        positions: (T, N) mm of the peak at each sample; infinite where none is, as at the last.
        before, after: (T, N) samples of the next peak up to and from each sample on; the last
            one if there is none.
    """

    positions: Floats
    before: NDArray[np.intp]
    after: NDArray[np.intp]

    @classmethod
    def of(cls, peaks: NDArray[np.bool_], positions: Floats) -> "_Peaks":
        """Return the peaks of (T, N) samples; the first and the last of a row are none."""
        samples, last = np.arange(peaks.shape[1]), peaks.shape[1] - 1
        before = np.maximum.accumulate(np.where(peaks, samples, -1), axis=1)
        after = np.minimum.accumulate(np.where(peaks, samples, last)[:, ::-1], axis=1)[:, ::-1]
        return cls(positions, before, after)

    def nearest_to(self, line: Floats, across: Floats) -> NDArray[np.intp]:
        """Return the samples of the peaks that lie nearest to (L, T) mm, row by row.

        A peak lies within half a sample of its own, and none is next to another one.
        """
        rows = np.arange(len(self.positions))
        sample = np.floor((line - across[0]) / (across[1] - across[0])).astype(np.intp)
        last = len(across) - 1
        before = self.before[rows, sample.clip(0, last)]
        after = self.after[rows, (sample + 1).clip(0, last)]
        down, up = (np.abs(self.positions[rows, peak] - line) for peak in (before, after))
        return np.asarray(np.where(down <= up, before, after), np.intp)


def _refine(
    starts: list[tuple[float, float]],
    peaks: _Peaks,
    change: NDArray[np.float32],
    across: Floats,
    places: Floats,
    settings: CutSettings,
) -> list[EdgeLine]:
    """Fit a curve through the peaks near each line, since a lens bows even a straight cut.

    All lines are fitted at once, row by row of the arrays, and in the order of their votes.
    """
    terms = np.stack([np.ones_like(places), places, places**2], axis=1)
    rows = np.arange(len(places))
    curves = np.array([(*start, 0.0) for start in starts]).reshape(-1, 3)
    reach = np.full(len(starts), settings.reach)
    fitted: dict[int, EdgeLine | None] = {}
    going = np.arange(len(starts))  # those whose curve still moves
    for turn in range(ROUNDS):
        line = curves[going] @ terms.T
        nearest = peaks.nearest_to(line, across)
        near = np.abs(peaks.positions[rows, nearest] - line) < reach[going, None]
        supported = near.mean(axis=1) >= settings.least_support
        going, line, near, nearest = (part[supported] for part in (going, line, near, nearest))
        found = np.where(near, peaks.positions[rows, nearest], 0.0)
        miss = np.where(near, found - line, np.inf)
        scatter = np.maximum(1.4826 * row_medians(np.abs(miss), near), settings.least_scatter)
        weights = np.where(near, np.clip(1 - (miss / (4 * scatter[:, None])) ** 2, 0, 1) ** 2, 0.0)
        normal = (weights[:, None] * terms.T) @ terms
        right = (weights * found) @ terms
        before = curves[going]
        curves[going] = np.linalg.solve(normal, right[..., None])[..., 0]
        reach[going] = np.clip(5 * scatter, settings.reach / 2.5, settings.reach)
        settled = np.abs(curves[going] - before).max(axis=1, initial=0.0) < SETTLED
        settled |= turn == ROUNDS - 1
        for k in np.flatnonzero(settled).tolist():
            strengths = change[rows, nearest[k]]
            number = int(going[k])
            fitted[number] = _line(
                curves[number], found[k], weights[k], float(scatter[k]), strengths, settings
            )
        going = going[~settled]
    lines = (fitted.get(number) for number in range(len(starts)))
    return [line for line in lines if line is not None]


def _line(
    curve: Floats,
    found: Floats,
    weights: Floats,
    scatter: float,
    strengths: NDArray[np.float32],
    settings: CutSettings,
) -> EdgeLine | None:
    """Return what was fitted, None where too little of the side shows it, or too faintly."""
    kept = weights > 0.1
    if kept.mean() < settings.least_support or scatter > settings.most_scatter:
        return None
    strength = float(np.median(strengths[kept]))
    if strength < settings.least_strength:
        return None
    offsets = np.where(kept, found, np.nan)
    return EdgeLine(float(curve[0]), offsets, curve.copy(), scatter, strength)
