"""Look where the map says: does the item look the same there, place by place?"""

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

FloatMap = NDArray[np.float32]

LIGHT_PERCENTILE = 95  # of lightness: the light parts, above text and below speckles
COMMON_LIGHT = 0.8  # where a well exposed photo has them; chosen
STRONG_PERCENTILE = 90  # of local contrast: the strongest print, below single reflections
COMMON_CONTRAST = 0.1  # standard deviation there of a photo that is not hazy
MOST_GAIN = 4.0  # two stops; beyond that noise is all there is


@dataclass(frozen=True, slots=True)
class Measures:
    """What local agreement adds up to; correlations in [-1, 1].

    Attributes:
        agreement: of the whole item, weighted by contrast.
        worst_half: of the worst part that is half as wide as the item.
        worst_third: of the worst part that is 0.3 times as wide.
        worst_fifth: of the worst part that is 0.2 times as wide.
    """

    agreement: float
    worst_half: float
    worst_third: float
    worst_fifth: float


@dataclass(frozen=True, slots=True, eq=False)
class Appearance:
    """Local agreement of the aligned item, on a grid over its frame.

    Attributes:
        correlation: (R, C) float32, local normalised correlation in [-1, 1].
        weight: (R, C) float32, contrast that both photos show there, in [0, 1]; 0 where
            the place is hidden or empty.
        hidden: (R, C) bool, outside the query, under glare or in the dark.
        step: distance of neighbouring places, in pixels of the compared pictures.
        margin: position of the first place, in the same pixels.
    """

    correlation: FloatMap
    weight: FloatMap
    hidden: NDArray[np.bool_]
    step: float
    margin: float

    @property
    def agreement(self) -> float:
        """Weighted mean correlation in [-1, 1]; 0 where nothing can be compared."""
        total = float(self.weight.sum())
        return float((self.correlation * self.weight).sum()) / total if total > 0 else 0.0

    @property
    def visible(self) -> float:
        """Share of the item that can be compared, in [0, 1]."""
        return float(np.mean(self.weight > 0)) if self.weight.size else 0.0

    @property
    def printed(self) -> float:
        """Effective share of what is seen that carries print, in [0, 1]; low for a plain item.

        The participation ratio of the weights: 1 if all places count alike, k / n if only k
        of n do. Haze or darkness, which weaken all places alike, do not change it.
        """
        seen = self.weight[~self.hidden].astype(np.float64)
        squares = float((seen**2).sum()) * seen.size
        return float(seen.sum()) ** 2 / squares if squares > 0 else 0.0

    def or_better(self, other: "Appearance") -> "Appearance":
        """Return the better of two at each place: parts of an item that slid have a map each."""
        return replace(self, correlation=np.maximum(self.correlation, other.correlation))

    def within(self, corners: NDArray[np.float64]) -> "Appearance":
        """Return what is seen inside a convex polygon; all else is hidden.

        Args:
            corners: (K, 2) points (x, y) around it, in the pixels of ``step``.
        """
        if not self.weight.size:
            return self
        inside = np.zeros(self.weight.shape, np.uint8)
        places = np.round((corners - self.margin) / self.step).astype(np.int32)
        cv2.fillConvexPoly(inside, places, 1)
        hidden = self.hidden | (inside == 0)
        weight = np.where(hidden, 0, self.weight).astype(np.float32)
        return replace(self, weight=weight, hidden=hidden)

    def measure(self, *, half: float, third: float, fifth: float, least: float) -> Measures | None:
        """Return the measures, None where no part of some size shows enough contrast.

        Args:
            half: side of a large part relative to the item's width, in (0, 1].
            third: the same of a smaller part.
            fifth: the same of the smallest part.
            least: least mean weight of a part that counts.
        """
        worst = [self.worst_part(share, least) for share in (half, third, fifth)]
        known = [value for value in worst if value is not None]
        return Measures(self.agreement, *known) if len(known) == len(worst) else None

    def worst_part(self, share: float, least: float) -> float | None:
        """Return the lowest weighted mean correlation of any part of the item.

        Args:
            share: side of a part relative to the item's width, in (0, 1].
            least: least mean weight of a part that counts.

        Returns:
            A correlation in [-1, 1], None where no part shows enough contrast to count.
        """
        side = max(3, round(share * self.weight.shape[1]))
        total = cv2.boxFilter(self.weight, -1, (side, side), normalize=True, borderType=0)
        found = cv2.boxFilter(
            self.weight * self.correlation, -1, (side, side), normalize=True, borderType=0
        )
        rows, columns = (slice(side // 2, n - (side - 1) // 2) for n in total.shape)
        total, found = total[rows, columns], found[rows, columns]  # parts that lie wholly inside
        counts = total >= least
        return float((found[counts] / total[counts]).min()) if counts.any() else None


def compare_appearance(
    reference: NDArray[np.uint8],
    query: NDArray[np.uint8],
    seen: NDArray[np.bool_],
    *,
    window: int,
    reach: int,
    noise: float,
    full_contrast: float,
    dark: float,
    bright: float,
) -> Appearance:
    """Correlate both pictures of the item locally, forgiving small misplacement.

    Args:
        reference: (H, W) uint8 lightness of the item in its frame.
        query: (H, W) uint8 lightness, already laid on the same frame.
        seen: (H, W) bool, where the query's photo reaches.
        window: side of the neighbourhood, in pixels, odd.
        reach: largest misplacement to forgive, in pixels, even.
        noise: standard deviation that carries no information, share of full lightness.
        full_contrast: standard deviation from which a place counts in full.
        dark: mean lightness below which a place is hidden, in [0, 1].
        bright: mean lightness above which a place is hidden, in [0, 1].

    A dark photo, or one through a hazy sleeve, shows the same print with less contrast, so the
    contrast that weighs a place is first brought to that of a good photo.

    Source:
        Zero-mean normalised cross-correlation; Lewis, Vision Interface 1995.
    """
    ref, que = _lightness(reference), _lightness(query)

    def mean(values: FloatMap) -> FloatMap:
        return np.asarray(cv2.blur(values, (window, window)), np.float32)

    step, margin = window // 2 + 1, window // 2 + reach + 1

    def places(values: FloatMap, dy: int = 0, dx: int = 0) -> FloatMap:
        """Only these are looked at; a margin keeps what is moved by so much inside."""
        height, width = values.shape
        rows = slice(margin - dy, height - margin - dy, step)
        return values[rows, margin - dx : width - margin - dx : step]

    ref_mean, que_mean = mean(ref), mean(que)
    ref_var = np.maximum(mean(ref * ref) - ref_mean**2, 0)
    que_var = np.maximum(mean(que * que) - que_mean**2, 0)
    best = np.full_like(places(ref), -1.0)
    for dy in range(-reach, reach + 1, 2):
        for dx in range(-reach, reach + 1, 2):
            moved = np.roll(que, (dy, dx), (0, 1))
            joint = places(mean(ref * moved)) - places(ref_mean) * places(que_mean, dy, dx)
            scale = np.sqrt((places(ref_var) + noise**2) * (places(que_var, dy, dx) + noise**2))
            np.maximum(best, np.clip(joint / scale, -1, 1), out=best)
    grid = (slice(margin, -margin, step), slice(margin, -margin, step))
    lightness = np.stack([ref_mean[grid], que_mean[grid]]) + 0.5
    hidden = ~seen[grid] | (lightness < dark).any(0) | (lightness > bright).any(0)
    seen_grid = ~hidden
    spreads = []
    for picture, variance in ((reference, ref_var), (query, que_var)):
        spread = np.sqrt(variance[grid])
        spreads.append(spread * _gain(picture[grid][seen_grid], spread[seen_grid]))
    contrast = np.minimum(*spreads)
    weight = np.where(hidden, 0, np.minimum(contrast / full_contrast, 1)).astype(np.float32)
    return Appearance(best, weight, hidden, step, margin)


def _lightness(picture: NDArray[np.uint8]) -> FloatMap:
    """Return lightness about zero, so that sums of squares lose no digits, slightly smoothed.

    The smoothing takes away what one photo resolves and the other does not.
    """
    smooth = cv2.GaussianBlur(picture, (0, 0), 1.0)
    return np.asarray(smooth, np.float32) / np.float32(255) - np.float32(0.5)


def _gain(lightness: NDArray[np.uint8], spreads: FloatMap) -> float:
    """Return what brings light parts or strong print to what is common; never weakens."""
    if not spreads.size:
        return 1.0
    light = float(np.percentile(lightness, LIGHT_PERCENTILE)) / 255
    strong = float(np.percentile(spreads, STRONG_PERCENTILE))
    gain = max(COMMON_LIGHT / max(light, 1e-6), COMMON_CONTRAST / max(strong, 1e-6))
    return float(np.clip(gain, 1.0, MOST_GAIN))
