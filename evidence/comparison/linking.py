"""Pieces of one mark, joined: a crease is a broken line, a stain a broken rim."""

import math
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.distance import cdist

from evidence.comparison.courses import fit_course
from evidence.comparison.parting import lies_beside, part_lines
from evidence.comparison.pieces import Piece, gather_pieces, merge_pieces, points_of
from evidence.settings import ChangeSettings

MOST = 200  # places of a piece that are looked at
MOSTLY = 0.9  # of them
GAP = 1.5  # of the shorter part of a line, that may lie between it and another one; chosen


def find_pieces(
    score: NDArray[np.float32], likely: NDArray[np.bool_], *, settings: ChangeSettings
) -> list[Piece]:
    """Gather neighbouring places into pieces, and pieces of one mark into one.

    Args:
        score: (H, W) float32 in units of noise, at least 0.
        likely: (H, W) bool, the places that count.
        settings: thresholds of this stage.
    """
    pieces = gather_pieces(score, likely, settings=settings)[: settings.most_pieces]
    pieces = part_lines(pieces, score, settings=settings)
    return join_pieces(pieces, score, settings=settings)


def join_pieces(
    pieces: list[Piece], score: NDArray[np.float32], *, settings: ChangeSettings
) -> list[Piece]:
    """Join pieces of one mark until nothing more fits, the strongest first.

    Args:
        pieces: the strongest first.
        score: (H, W) float32 in units of noise, at least 0.
        settings: thresholds of this stage.
    """
    pieces = list(pieces)
    apart: set[tuple[Piece, Piece]] = set()  # looked at before; pieces compare by identity
    while (found := _find_pair(pieces, apart, settings)) is not None:
        one, other = found
        pieces[pieces.index(one)] = merge_pieces((one, other), score)
        pieces.remove(other)
    return pieces


def _find_pair(
    pieces: list[Piece], apart: set[tuple[Piece, Piece]], settings: ChangeSettings
) -> tuple[Piece, Piece] | None:
    """Return the first two pieces of one mark; note in ``apart`` those that are none."""
    likely = [piece for piece in pieces if piece.strength >= settings.fairly]
    for pair in combinations(likely, 2):
        if pair not in apart:
            if _belong(*pair, settings):
                return pair
            apart.add(pair)
    return None


def _belong(one: Piece, other: Piece, settings: ChangeSettings) -> bool:
    px = settings.px_per_mm
    weaker, stronger = sorted((one.strength, other.strength))
    if stronger < settings.sure or weaker < settings.fairly:
        return False
    a, b = one.box, other.box
    across, down = (max(a[k] - b[k + 2], b[k] - a[k + 2], 0) for k in (0, 1))
    if math.hypot(across, down) > settings.line_gap_mm * px:
        return False
    gap = _distance(one, other)
    if one.is_arc and other.is_arc:
        return gap <= settings.near_mm * px or _face(one, other, settings)
    arc, line = sorted((one, other), key=lambda piece: (not piece.is_arc, piece.length))
    if gap <= settings.near_line_mm * px and lies_beside(arc, line, settings=settings):
        return True
    if arc.is_arc and not arc.is_line:
        return False
    return gap <= GAP * min(one.length, other.length) and _on_one_course(one, other, settings)


def _on_one_course(one: Piece, other: Piece, settings: ChangeSettings) -> bool:
    """Say whether two lines are parts of one, behind each other on a course that hardly bends."""
    course = fit_course(np.concatenate([points_of(piece, MOST) for piece in (one, other)]))
    (first, off), (second, also) = (course.place(points_of(part, MOST)) for part in (one, other))
    if course.arch(float(np.ptp(np.concatenate([first, second])))) > settings.courses.most_arch:
        return False
    most = settings.courses.course_mm * settings.px_per_mm
    return all(
        np.quantile(np.abs(beside), MOSTLY) <= most + piece.width / 2
        for piece, beside in ((one, off), (other, also))
    )


def _distance(one: Piece, other: Piece) -> float:
    """Pixels between the nearest places of two pieces, to about a pixel."""
    points = [points_of(piece, MOST).astype(np.float32) for piece in (one, other)]
    return float(np.sqrt(cdist(*points, "sqeuclidean").min()))


def _face(one: Piece, other: Piece, settings: ChangeSettings) -> bool:
    """Say whether two arcs are halves of one rim: broken where dark print runs through it."""
    a, b = one.box, other.box
    for k in (0, 1):
        common = min(a[k + 2], b[k + 2]) - max(a[k], b[k])
        longer = max(a[k + 2] - a[k], b[k + 2] - b[k])
        gap = max(a[1 - k] - b[3 - k], b[1 - k] - a[3 - k], 0)
        if common >= settings.facing * longer and gap <= settings.facing_gap * longer:
            return True
    return False
