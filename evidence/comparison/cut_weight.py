"""What it weighs that two photos show the cut at the same place of the print, or at another."""

from dataclasses import dataclass

import numpy as np

from evidence.comparison.alignment import Alignment, project
from evidence.comparison.cut import SIDES, Cut, Uncut, find_cut, side_points
from evidence.comparison.cut_geometry import CutMove, Incomparable, compare_cuts
from evidence.comparison.print_map import PrintMap, Unmapped
from evidence.comparison.thickness import wall_widths
from evidence.photo.reading import Reading
from evidence.settings import CopySettings, CutSettings, Settings


@dataclass(frozen=True, slots=True)
class CutEvidence:
    """The cut of both photos, held against each other.

    Attributes:
        move: the smallest move that the photos allow.
        far: the move beyond what the card's thickness explains, in its standard errors.
        llr: log10 likelihood ratio, positive for the same copy.
    """

    move: CutMove
    far: float
    llr: float


@dataclass(frozen=True, slots=True)
class NoCut:
    """The cut cannot be compared: weak evidence, not a failure.

    Attributes:
        reason: ``size`` where the item's size is not known, ``print`` where its print gives no fine
            map, ``cut`` where the cut is not seen, ``unlike`` where other lines were found.
        photo: which photo is at fault, None where both are.
    """

    reason: str
    photo: str | None = None


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
    seen = see_cuts(reference, query, mapped, settings=settings)
    if isinstance(seen, NoCut):
        return seen
    by_print, cuts = seen
    if any(_print_beyond(cut, alignment, by_print, settings.cut) for cut in cuts):
        return NoCut("unlike")  # the frame of the print was taken for the cut
    move = compare_cuts(cuts[0], cuts[1], by_print.size_mm, settings=settings.cut)
    if isinstance(move, Incomparable) or move.scatter_mm > settings.copies.most_scatter:
        return NoCut("unlike")
    walls = _walls(reference, query, by_print, settings)
    far = _distance(move, walls, _error(by_print), by_print.size_mm, settings.copies)
    return CutEvidence(move, far, cut_llr(move, far, settings.copies))


def see_cuts(
    reference: Reading, query: Reading, mapped: PrintMap | Unmapped, *, settings: Settings
) -> tuple[PrintMap, tuple[Cut, Cut]] | NoCut:
    """Find the cut of the reference and of the query in millimetres of the print.

    Args:
        reference: the pre-shipment photo.
        query: the photo in question.
        mapped: how the query's print lies on the reference's.
        settings: every threshold.
    """
    if reference.frame.px_per_mm is None:
        return NoCut("size")
    if isinstance(mapped, Unmapped):
        return NoCut("print")
    ours = find_cut(reference.view(), mapped.size_mm, mapped.on_reference, settings=settings.cut)
    if isinstance(ours, Uncut):
        return NoCut("cut", "reference")
    theirs = find_cut(query.view(), mapped.size_mm, mapped.on_query, settings=settings.cut)
    if isinstance(theirs, Uncut):
        return NoCut("cut", "query")
    return mapped, (ours, theirs)


def cut_llr(move: CutMove, far: float, settings: CopySettings) -> float:
    """Return the log10 likelihood ratio of such a move.

    The odds fall with a power of the distance, as they do for errors with heavy tails: a wrong
    edge is rare, but not as rare as a normal law would have it.
    """
    llr = settings.cut_same - settings.cut_fall * float(np.log10(1 + far**2 / settings.cut_tail))
    grown = max(abs(move.wider_mm), abs(move.taller_mm)) > settings.most_grown
    return float(np.clip(llr, -settings.cut_bound, 0.0 if grown else settings.cut_bound))


def _print_beyond(cut: Cut, alignment: Alignment, mapped: PrintMap, settings: CutSettings) -> bool:
    """Say whether details of the print lie outside: where print goes on, no card ends."""
    x, y = project(
        alignment.inliers.reference, np.asarray(np.linalg.inv(mapped.reference_from_mm), np.float64)
    ).T
    width, height = mapped.size_mm
    top, right, bottom, left = (side[0].offset + settings.beyond for side in cut.sides)
    outside = (x < -left) | (x > width + right) | (y < -top) | (y > height + bottom)
    return int(outside.sum()) > settings.most_beyond


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
    uneven = np.rad2deg(move.unlike_mm / max(size_mm))
    turned = max(0.0, abs(move.degrees) - uneven) / turn
    return float(np.sqrt(right**2 + down**2 + turned**2))
