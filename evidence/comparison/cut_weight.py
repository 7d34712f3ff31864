"""What it weighs that two photos show the cut at the same place of the print, or at another."""

from dataclasses import dataclass, replace

import numpy as np

from evidence.comparison.alignment import Alignment
from evidence.comparison.cut import SIDES, Cut, lines_beside, side_points
from evidence.comparison.cut_geometry import CutMove, Incomparable, compare_cuts, growth_of
from evidence.comparison.cut_seeing import NoCut, see_cuts
from evidence.comparison.print_map import PrintMap, Unmapped
from evidence.comparison.thickness import wall_widths
from evidence.photo.reading import Reading
from evidence.settings import CopySettings, CutSettings, Settings


@dataclass(frozen=True, slots=True)
class CutEvidence:
    """The cut of both photos, held against each other.

    Attributes:
        move: the smallest move that the photos allow.
        far: the move beyond what the card's thickness and growth explain, in its standard errors.
        llr: log10 likelihood ratio, positive for the same copy.
        crowded: whether another line runs beside the cut in a photo; then the errors are larger
            where the move speaks against the copy.
        completed: whether one photo's cut was told by the other's; then it never speaks for the
            same copy, since no corner says that it is the cut, and where it is crowded not at all.
    """

    move: CutMove
    far: float
    llr: float
    crowded: bool = False
    completed: bool = False


def weigh_cut(
    reference: Reading,
    query: Reading,
    alignment: Alignment,
    mapped: PrintMap | Unmapped,
    *,
    settings: Settings,
) -> CutEvidence | NoCut:
    """Compare where both photos show the cut, and weigh it.

    Args:
        reference: the pre-shipment photo, its outline the card's or its sleeve's.
        query: the photo in question.
        alignment: how the query lies on the reference.
        mapped: the same to a hundredth of a millimetre, by the print.
        settings: every threshold.
    """
    seen = see_cuts(reference, query, alignment, mapped, settings=settings)
    if isinstance(seen, NoCut):
        return seen
    by_print, cuts = seen
    move = compare_cuts(cuts[0], cuts[1], by_print.size_mm, settings=settings.cut)
    if isinstance(move, Incomparable):
        return NoCut("unlike")
    walls, error = _walls(reference, query, by_print, settings), _error(by_print)
    # What growth explains does not speak against the copy, and neither does it speak for it.
    far, whole = (
        _distance(one, walls, error, by_print.size_mm, settings.copies)
        for one in (move, replace(move, wider_mm=0.0, taller_mm=0.0, unlike_mm=0.0))
    )
    crowded = any(_is_crowded(cut, settings.cut) for cut in cuts)
    completed = any(cut.radius is None for cut in cuts)
    less = far / settings.copies.crowded if crowded else far
    # Among the rims of a sleeve, lines span what the cut spans by chance: two same copies of 60.
    silent = crowded and completed
    against = 0.0 if silent else min(cut_llr(move, less, settings.copies), 0.0)
    favour = 0.0 if completed else max(cut_llr(move, whole, settings.copies), 0.0)
    return CutEvidence(move, far, favour + against, crowded, completed)


def cut_llr(move: CutMove, far: float, settings: CopySettings) -> float:
    """Return the log10 likelihood ratio of such a move.

    The odds fall with a power of the distance, as they do for errors with heavy tails: a wrong
    edge is rare, but not as rare as a normal law would have it.
    """
    llr = settings.cut_same - settings.cut_fall * float(np.log10(1 + far**2 / settings.cut_tail))
    grown = growth_of(move) > settings.most_grown
    return float(np.clip(llr, -settings.cut_bound, 0.0 if grown else settings.cut_bound))


def _is_crowded(cut: Cut, settings: CutSettings) -> bool:
    """Say whether another line runs beside one of the cut: where two meet, neither is sure."""
    sides = zip(cut.sides, cut.lines, strict=True)
    return any(lines_beside(own[0], lines, settings) for own, lines in sides if own)


def _walls(
    reference: Reading, query: Reading, mapped: PrintMap, settings: Settings
) -> tuple[float, float]:
    """Return the shift that walls can feign across and down, mm: each moves one side of two."""
    widths = []
    for view, view_from_mm in (
        (reference.view(), mapped.reference_from_mm),
        (query.view(), mapped.query_from_mm),
    ):
        size = view.shape[1], view.shape[0]
        widths.append(wall_widths(view_from_mm, mapped.size_mm, size, settings=settings.cut))
    across, down = np.sum(widths, axis=0) / 2
    return float(across), float(down)


def _error(mapped: PrintMap) -> float:
    """Return the standard error of the map along the sides, mm."""
    sides = [
        side_points(
            side, mapped.size_mm, np.linspace(5, mapped.size_mm[side % 2] - 5, 5), np.zeros(5)
        )
        for side in range(SIDES)
    ]
    return mapped.error_at(np.concatenate(sides))


def _distance(
    move: CutMove,
    walls: tuple[float, float],
    error: float,
    size_mm: tuple[float, float],
    settings: CopySettings,
) -> float:
    """Return how far the move is, in standard errors, beyond what walls and growth explain."""
    shift = np.hypot(settings.shift_error, error)
    turn = np.hypot(settings.turn_error, np.rad2deg(2 * error / max(size_mm)))
    right = max(0.0, abs(move.right_mm) - max(walls[0], abs(move.wider_mm) / 2)) / shift
    down = max(0.0, abs(move.down_mm) - max(walls[1], abs(move.taller_mm) / 2)) / shift
    right, down = right * move.spanned[0], down * move.spanned[1]
    uneven = np.rad2deg(move.unlike_mm / max(size_mm))
    turned = max(0.0, abs(move.degrees) - uneven) / turn
    return float(np.sqrt(right**2 + down**2 + turned**2))
