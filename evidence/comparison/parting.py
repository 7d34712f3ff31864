"""Part a line from what it crosses or touches: each is a mark of its own."""

import numpy as np
from numpy.typing import NDArray

from evidence.comparison.courses import Course, clean_steps, find_course, fit_course, steps_of
from evidence.comparison.pieces import Piece, gather_pieces, make_piece, merge_pieces, points_of
from evidence.settings import ChangeSettings

FloatMap = NDArray[np.float32]

MOST = 400  # places of a piece that are looked at
NEARLY_ALL = 0.95


def part_lines(pieces: list[Piece], score: FloatMap, *, settings: ChangeSettings) -> list[Piece]:
    """Return the pieces, those that hold a line and something else in parts; strongest first.

    Args:
        pieces: each of neighbouring places.
        score: (H, W) float32 in units of noise, at least 0.
        settings: thresholds of this stage.
    """
    parts = [part for piece in pieces for part in _part(piece, score, settings)]
    return sorted(parts, key=lambda piece: -piece.strength)


def keep_line(piece: Piece, score: FloatMap, *, settings: ChangeSettings) -> Piece | None:
    """Return the longest line of a piece alone, None where there is none.

    Args:
        piece: places that may be one or several lines.
        score: (H, W) float32 in units of noise, at least 0.
        settings: thresholds of this stage.
    """
    course = _course_of(piece, settings)
    if course is None:
        return None
    own = _own(course, piece, settings)
    return make_piece(piece.rows[own], piece.columns[own], score)


def lies_beside(piece: Piece, line: Piece, *, settings: ChangeSettings) -> bool:
    """Say whether a piece is but the shadow of a line, or another look at it.

    Args:
        piece: any.
        line: a piece that hardly bends.
        settings: thresholds of this stage.
    """
    own = points_of(line, MOST)
    course = fit_course(own)
    along, beside = course.place(points_of(piece, MOST))
    t, _ = course.place(own)
    past = np.maximum(np.maximum(t.min() - along, along - t.max()), 0)
    far = np.quantile(np.maximum(np.abs(beside), past), NEARLY_ALL)
    return bool(far <= settings.courses.shadow_mm * settings.px_per_mm)


def _part(piece: Piece, score: FloatMap, settings: ChangeSettings) -> list[Piece]:
    """Return a line of a piece and what else there is, in which there may be another one."""
    if piece.strength < settings.sure_line:  # no line of it is sure; saves time
        return [piece]
    course = _course_of(piece, settings)
    if course is None:
        return [piece]
    own = _own(course, piece, settings)
    line = make_piece(piece.rows[own], piece.columns[own], score)
    if own.all() or line.strength < settings.sure_line:
        return [piece]
    places = np.zeros(score.shape, np.bool_)
    places[piece.rows[~own], piece.columns[~own]] = True
    rest = gather_pieces(score, places, settings=settings)
    shadows = [other for other in rest if lies_beside(other, line, settings=settings)]
    aside = [other for other in rest if other not in shadows]
    if not aside:
        return [piece]
    line = merge_pieces((line, *shadows), score)
    return [line, *(part for other in aside for part in _part(other, score, settings))]


def _course_of(piece: Piece, settings: ChangeSettings) -> Course | None:
    return find_course(points_of(piece), px_per_mm=settings.px_per_mm, settings=settings.courses)


def _own(course: Course, piece: Piece, settings: ChangeSettings) -> NDArray[np.bool_]:
    """Which places of a piece are the line's: on its course, and not past a wide gap."""
    px, wanted = settings.px_per_mm, settings.courses
    t, beside = course.place(points_of(piece))
    steps = steps_of(t, px_per_mm=px, settings=wanted)
    clean = np.flatnonzero(clean_steps(t, beside, px_per_mm=px, settings=wanted))
    gaps = np.flatnonzero(np.diff(clean) > settings.line_gap_mm / wanted.step_mm)
    run = max(np.split(clean, gaps + 1), key=len)
    within = (steps >= run[0] - 1) & (steps <= run[-1] + 1)
    return np.asarray(within & (np.abs(beside) <= wanted.reach_mm * px), np.bool_)
