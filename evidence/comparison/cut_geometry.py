"""Compare where two photos show the cut to lie relative to the print.

Every card is cut a little differently from its print, and a cut never changes back. What moves
with the whole cut (two shifts and a turn) is compared; what only scale, bow or the thickness of the
card can do (all sides further out, one side further out) is not: it decides whether the two
rectangles can be the same thing at all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from evidence.comparison.cut import SIDES, Cut, side_samples
from evidence.comparison.edge_lines import EdgeLine
from evidence.settings import CutSettings

Fit = tuple[float, float, float]  # mm further out, mm a mm along the side, mm of scatter


@dataclass(frozen=True, slots=True)
class CutMove:
    """How the cut of the query lies to that of the reference, both seen in the print.

    Attributes:
        right_mm, down_mm: shift of the cut.
        degrees: its turn, clockwise, about the middle.
        wider_mm, taller_mm: by how much more it spans, which the same card cannot.
        unlike_mm: by how much its sides disagree on the turn, at their ends.
        scatter_mm: of places along the sides.
        spanned: whether both sides across are seen, and both down; where one is not, the shift is
            the other one's, and whether the card is wider is not known.
    """

    right_mm: float
    down_mm: float
    degrees: float
    wider_mm: float
    taller_mm: float
    unlike_mm: float
    scatter_mm: float
    spanned: tuple[bool, bool] = (True, True)


@dataclass(frozen=True, slots=True)
class Incomparable:
    """What was found in both photos is not the same rectangle: nothing can be said."""

    reason: str = "other lines than the cut were found"


def compare_cuts(
    reference: Cut, query: Cut, size_mm: tuple[float, float], *, settings: CutSettings
) -> CutMove | Incomparable:
    """Return the smallest move of the cut that the lines of both photos allow.

    A card is 0.3 mm thick, so beside the cut there may be a second line; every choice of lines
    that spans the same rectangle is tried, and the one that moves least is taken, so that no
    ambiguity ever speaks against the copy. Lines that span another size, as far as cards differ,
    are a choice only where no others are.

    Args:
        reference: the cut in the reference's photo.
        query: the cut in the query's photo, in the same millimetres of the print.
        size_mm: (width, height) of the reference's outline.
        settings: thresholds of this stage.
    """
    ours, theirs = reference.radius, query.radius
    if ours is not None and theirs is not None and abs(ours - theirs) > settings.most_unlike:
        return Incomparable()
    sides = []
    for side in range(SIDES):
        lines = list(product(reference.sides[side], query.sides[side]))
        fits = [fit_side(side, *pair, size_mm, settings=settings) for pair in lines]
        sides.append([fit for fit in fits if fit is not None] if lines else [None])
    moves = [move_of(fits, size_mm) for fits in product(*sides)]
    turned = [move for move in moves if move.unlike_mm <= settings.most_turned]
    surely = [move for move in turned if growth_of(move) <= settings.sure_growth]
    possible = surely or [move for move in turned if growth_of(move) <= settings.most_growth]
    if not possible:
        return Incomparable()
    least = min(possible, key=lambda move: distance_mm(move, size_mm))
    return least if least.scatter_mm <= settings.most_apart else Incomparable()


def fit_side(
    side: int,
    ours: EdgeLine,
    theirs: EdgeLine,
    size_mm: tuple[float, float],
    *,
    settings: CutSettings,
) -> Fit | None:
    """Return by how much the second line of a side lies further out, its slope, and the scatter.

    mm, mm a mm, mm. None where the two are not seen at enough common places.
    """
    along, _ = side_samples(side, size_mm, settings)
    centred = along - size_mm[side % 2] / 2
    away = theirs.offsets - ours.offsets
    both = np.isfinite(away)
    if both.mean() < settings.least_common:
        return None
    terms, away = np.stack([np.ones(both.sum()), centred[both]], axis=1), away[both]
    weights, scatter = np.ones(len(away)), settings.least_scatter
    for _ in range(6):
        root = np.sqrt(weights)
        fit = np.linalg.lstsq(terms * root[:, None], away * root, rcond=None)[0]
        miss = away - terms @ fit
        scatter = max(1.4826 * float(np.median(np.abs(miss))), settings.least_scatter)
        weights = np.clip(1 - (miss / (4 * scatter)) ** 2, 0, 1) ** 2
    return float(fit[0]), float(fit[1]), scatter


def move_of(fits: Sequence[Fit | None], size_mm: tuple[float, float]) -> CutMove:
    """Split what the sides do into what the cut does; each side counts by its length cubed.

    Args:
        fits: of top, right, bottom and left; None for a side that is not seen, at most one.
        size_mm: (width, height) of the reference's outline.
    """
    seen = np.array([fit is not None for fit in fits])
    outs, slopes, scatters = np.array([fit or (0.0, 0.0, 0.0) for fit in fits]).T
    top, right, bottom, left = outs
    turns = slopes * [-1, -1, 1, 1]
    lengths = np.array([size_mm[0], size_mm[1]] * 2)
    turn = float(np.average(turns, weights=lengths**3 * seen))
    down, across = seen[:2] & seen[2:]
    return CutMove(
        right_mm=float(right - left) / (2 if across else 1),
        down_mm=float(bottom - top) / (2 if down else 1),
        degrees=float(np.rad2deg(turn)),
        wider_mm=float(right + left) if across else 0.0,
        taller_mm=float(bottom + top) if down else 0.0,
        unlike_mm=float((np.abs(turns - turn) * seen * lengths / 2).max()),
        scatter_mm=float(scatters.max()),
        spanned=(bool(across), bool(down)),
    )


def growth_of(move: CutMove) -> float:
    """Return by how much more or less a cut spans, on the axis where that is more, mm."""
    return max(abs(move.wider_mm), abs(move.taller_mm))


def distance_mm(move: CutMove, size_mm: tuple[float, float]) -> float:
    """Return how far a move takes the corners, mm."""
    reach = np.hypot(*size_mm) / 2
    turned = np.deg2rad(move.degrees) * reach
    return float(np.sqrt(move.right_mm**2 + move.down_mm**2 + turned**2))
