"""Tell the cut that one photo hardly shows by the cut that the other photo shows.

On a ground of the border's own colour, or under glare, a side is faint or not seen at all, and so
are its corners. What lines there are is held against the cut of the other photo: a card has one
size, so lines that span what that cut spans and turn together are its cut. One side may be missing.
"""

from dataclasses import replace
from itertools import product

import numpy as np

from evidence.comparison.cut import Cut, Lines
from evidence.comparison.cut_geometry import Fit, distance_mm, fit_side, move_of
from evidence.comparison.edge_lines import EdgeLine
from evidence.settings import CutSettings

Choice = tuple[EdgeLine, EdgeLine, Fit] | None  # a line, the known cut's, and how it lies to that


def complete_cut(
    known: Cut, lines: Lines, size_mm: tuple[float, float], *, settings: CutSettings
) -> tuple[Cut, Cut] | None:
    """Choose the lines of one photo that are likeliest the cut that the other photo shows.

    Of several choices, with four sides or three, the one that moves the cut least is taken, so that
    no ambiguity ever speaks against the copy.

    Args:
        known: the cut of the other photo, with corners.
        lines: all lines of each side, in the same millimetres of the print.
        size_mm: (width, height) of the reference's outline.
        settings: thresholds of this stage.

    Returns:
        The known cut with the lines that were held against, and the cut without corners, of which
        at most one side has no line; None where no lines span what the known cut spans.
    """
    best, least = None, np.inf
    axes = [_choices(known, lines, side, size_mm, settings) for side in (0, 1)]
    for (top, bottom), (right, left) in product(*axes):
        chosen = top, right, bottom, left
        unseen = chosen.count(None)
        if unseen > 1:
            continue
        move = move_of([one[2] if one else None for one in chosen], size_mm)
        # One side alone moves by up to half the growth less than both sides of its axis.
        far = distance_mm(move, size_mm) + unseen * settings.most_growth_completed / 2
        if move.unlike_mm <= settings.most_turned_completed and far < least:
            best, least = chosen, far
    if best is None:
        return None
    sides = zip(best, known.sides, strict=True)
    firm = tuple((one[1],) if one else own[:1] for one, own in sides)
    return replace(known, sides=firm), Cut(tuple((o[0],) if o else () for o in best), None, lines)


def _choices(
    known: Cut, lines: Lines, side: int, size_mm: tuple[float, float], settings: CutSettings
) -> list[tuple[Choice, Choice]]:
    """Return what may be a side and the one across: two that span the same, or one alone."""
    ours, theirs = (
        [
            (line, firm, fit)
            for line, firm in product(lines[one], known.sides[one])
            if (fit := fit_side(one, firm, line, size_mm, settings=settings)) is not None
            and fit[2] <= settings.most_apart
        ]
        for one in (side, side + 2)
    )
    both = [
        (one, other)
        for one, other in product(ours, theirs)
        if abs(one[2][0] + other[2][0]) <= settings.most_growth_completed
    ]
    return [*both, *((one, None) for one in ours), *((None, one) for one in theirs)]
