"""How ragged the rim of an item became: torn paper changes within some tenths of a millimetre."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d, median_filter

from evidence.comparison.fine_laying import FineItems
from evidence.comparison.medians import row_medians
from evidence.comparison.residual import Residual
from evidence.comparison.unwrapping import Unwrapping, unwrap
from evidence.settings import ChangeSettings, WearSettings

FloatMap = NDArray[np.float32]
BoolMap = NDArray[np.bool_]

WHOLLY, HALF = 0.99, 0.5  # of a place between pixels
OUTER_MM = 0.3  # from the cut, where the item's picture ends in steps; what lies within tells
BESIDE_MM = 1.0  # a mark that crosses the rim, that is not looked at either; 0.5 tells alike
ENOUGH = 60  # places each way, of which a running median is taken
DARK = 20.0  # levels, below which a gain says nothing


@dataclass(frozen=True, slots=True, eq=False)
class Rim:
    """The rim of both items, laid out straight; every picture (D, S), from the cut inwards.

    Attributes:
        at: where its places lie.
        shape: height and width of the items' pictures.
        ours, theirs: levels of the reference, in the query's light, and of the query, off what is
            usual at this depth some millimetres about.
        left: the same of what light and place leave over.
        strange: how far the query is off, in spreads along the rim; 0 where nothing is shown.
    """

    at: Unwrapping
    shape: tuple[int, int]
    ours: FloatMap
    theirs: FloatMap
    left: FloatMap
    strange: FloatMap


class _Along(NamedTuple):
    """A picture along the rim, both (D, S): its running median, and what is off it."""

    usual: FloatMap
    ragged: FloatMap


class _Parted(NamedTuple):
    """The reference, the query, and what light and place leave over, along the rim."""

    ours: _Along
    theirs: _Along
    left: _Along

    @property
    def as_lit(self) -> FloatMap:
        """How ragged the reference is, in the query's light."""
        gain = self.theirs.usual / np.maximum(self.ours.usual, DARK)
        return np.asarray(gain * self.ours.ragged, np.float32)


def look_along(
    items: FineItems, residual: Residual, crossed: BoolMap, *, settings: ChangeSettings
) -> Rim:
    """Look how ragged the rim is, depth by depth.

    Light is least sure at the rim, and how the rim looks depends on how far the cut lies from
    where it was taken to lie. Along the cut both change slowly, around a corner as along a side, so
    a running median holds them; light that is off within as well is none of the rim's. What the
    reference shows too is taken out twice, by the light of that place alone and by all that light
    and place explain: only what both leave over counts.

    What is worn as far as a running median reaches is smooth to it, so a wider one counts as well;
    as shadows and corners of another radius are smooth too, it counts for less. A side where much
    is left over all along was not cut where it was taken to be: it says nothing.

    Args:
        items: both items, in the same place.
        residual: what light and place leave over.
        crossed: (H, W) bool, where marks lie that run on into the item.
        settings: thresholds of this stage.
    """
    wear, px = settings.wear, settings.px_per_mm
    radius, reach = settings.corner_mm * px, round(wear.rim_mm * px)
    at = unwrap(items.cells.size, radius, range(reach))
    outer = round(OUTER_MM * px)
    shown = at.of(items.on_reference & items.on_query) >= WHOLLY
    shown[:outer] = shown[outer]
    inner = unwrap(items.cells.size, radius, range(reach, round(wear.within_mm * px)))
    entered = (inner.of(crossed) >= HALF).any(axis=0)
    beside = 2 * round(BESIDE_MM * px) + 1
    shown[:, maximum_filter1d(entered, beside, mode="wrap")] = False
    light = _usual(np.median(inner.of(residual.levels), axis=0), wear.usual_mm[0] * px)
    left = at.of(residual.levels) - light
    pictures = at.of(residual.reference), at.of(residual.query), left
    fine, coarse = (_part(pictures, reach * px) for reach in wear.usual_mm)
    for side in range(4):
        columns = at.along_side(side)
        off = np.median(coarse.left.usual[outer:, columns[at.arc : -at.arc]], axis=1)
        if np.abs(off).max() > wear.most_off:
            shown[:, columns] = False
    strange = np.maximum(
        _strangeness(fine, shown, wear),
        _strangeness(coarse, shown, wear) * np.float32(wear.smooth),
    )
    return Rim(
        at,
        items.depth.shape,
        coarse.as_lit,
        coarse.theirs.ragged,
        coarse.left.ragged,
        strange,
    )


def _part(pictures: Sequence[FloatMap], reach: float) -> _Parted:
    """Part what changes slowly along the cut, within ``reach`` pixels each way, from the rest."""
    parted = []
    for levels in pictures:
        usual = np.stack([_usual(row, reach) for row in levels])
        parted.append(_Along(usual, levels - usual))
    return _Parted(*parted)


def _usual(row: FloatMap, reach: float) -> FloatMap:
    """Return the running median along the cut, ``reach`` pixels each way.

    A wide one changes slowly, so it is taken of every few places.
    """
    step = max(round(reach) // ENOUGH, 1)
    median = median_filter(row[::step], 2 * (round(reach) // step) + 1, mode="wrap")
    if step > 1:
        every = np.arange(len(row))
        median = np.interp(every, every[::step], median, period=len(row))
    return np.asarray(median, np.float32)


def _strangeness(parted: _Parted, shown: BoolMap, settings: WearSettings) -> FloatMap:
    """Return how far the query is off what the reference shows, by both ways to explain it."""
    return np.minimum(
        _in_spreads(parted.theirs.ragged - parted.as_lit, shown, settings),
        _in_spreads(parted.left.ragged, shown, settings),
    )


def _in_spreads(ragged: FloatMap, shown: BoolMap, settings: WearSettings) -> FloatMap:
    """Return how far each place is off, in spreads along the rim at its depth."""
    off = np.abs(ragged)
    spread = 1.4826 * row_medians(off, shown)[:, None]
    return np.asarray(np.where(shown, off / np.maximum(spread, settings.noise), 0), np.float32)
