"""The course of a line: nearly straight, whatever gaps it has and whatever lies about it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evidence.settings import CourseSettings

FloatArray = NDArray[np.float64]

TRIES = 100  # straight lines through two places
SAMPLE = 400  # places that they are held against
ROUNDS = (2.0, 2.0, 1.0, 1.0)  # reaches of the fits that follow, in reaches of the settings
LEAST_PLACES = 12


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """A parabola: beside = bend[0] + bend[1] t + bend[2] t^2 at t along; pixels.

    Attributes:
        middle: (2,) x, y.
        along: (2,) unit vector.
        bend: (3,) of the parabola.
    """

    middle: FloatArray
    along: FloatArray
    bend: FloatArray

    def place(self, points: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return how far along the (N, 2) points lie, and how far beside; (N,) each."""
        away = points - self.middle
        t = away @ self.along
        beside = away @ np.array([-self.along[1], self.along[0]])
        return t, beside - np.polynomial.polynomial.polyval(t, self.bend)

    def at(self, t: FloatArray, beside: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return x and y, (N, M) each, of N places along the course and M beside each of them."""
        off = beside + np.polynomial.polynomial.polyval(t, self.bend)[:, None]
        along = self.middle[:, None, None] + self.along[:, None, None] * t[:, None]
        x, y = along + np.array([-self.along[1], self.along[0]])[:, None, None] * off
        return x, y

    def arch(self, long: float) -> float:
        """How far it bows out from a chord of a length in pixels, share of that length."""
        return float(abs(self.bend[2]) * long / 4)


def fit_course(points: FloatArray) -> Course:
    """Fit a course to (N, 2) points by least squares, N at least 3."""
    middle = points.mean(axis=0)
    away = points - middle
    along = np.linalg.eigh(away.T @ away)[1][:, 1]
    t, beside = Course(middle, along, np.zeros(3)).place(points)
    bend = np.asarray(np.polynomial.polynomial.polyfit(t, beside, 2), np.float64)
    return Course(middle, along, bend)


def find_course(points: FloatArray, *, px_per_mm: float, settings: CourseSettings) -> Course | None:
    """Find the longest line among places, though other marks lie among them.

    A line counts where places lie on it and none just beside it: what lies at both sides of it is
    a part of something broad. The same places give the same course.

    Args:
        points: (N, 2) x, y in pixels.
        px_per_mm: of these pixels.
        settings: what a line is.

    Returns:
        None where none is long enough, or it bends too much.

    Source:
        Random sample consensus: Fischler and Bolles, CACM 1981; the consensus is a length here.
    """
    least = settings.long_mm * px_per_mm
    if len(points) < LEAST_PLACES or np.ptp(points, axis=0).max() < least:
        return None
    best = _try(points, px_per_mm, settings)
    for wider in ROUNDS:
        if best is None:
            return None
        near = np.abs(best.place(points)[1]) <= wider * settings.reach_mm * px_per_mm
        best = fit_course(points[near]) if near.sum() >= LEAST_PLACES else None
    if best is None:
        return None
    t, beside = best.place(points)
    long = float(np.ptp(t[np.abs(beside) <= settings.reach_mm * px_per_mm]))
    clean = clean_steps(t, beside, px_per_mm=px_per_mm, settings=settings)
    if best.arch(long) > settings.most_arch or clean.sum() * settings.step_mm < settings.long_mm:
        return None
    return best


def clean_steps(
    t: FloatArray, beside: FloatArray, *, px_per_mm: float, settings: CourseSettings
) -> NDArray[np.bool_]:
    """Return the steps along a course, from the first place on, that show it and nothing beside.

    Args:
        t: (N,) places along the course, pixels.
        beside: (N,) how far beside it.
        px_per_mm: of these pixels.
        settings: what a line is.
    """
    steps = steps_of(t, px_per_mm=px_per_mm, settings=settings)
    far = np.abs(beside) / px_per_mm
    count = int(steps.max()) + 1
    on = np.bincount(steps[far <= settings.reach_mm], minlength=count) > 0
    first, last = settings.beside_mm
    broad = np.bincount(steps[(far > first) & (far <= last)], minlength=count) > 0
    return on & ~broad


def steps_of(t: FloatArray, *, px_per_mm: float, settings: CourseSettings) -> NDArray[np.intp]:
    """Return which step along a course each of (N,) places lies in, from the first one on."""
    steps = np.floor(t / (settings.step_mm * px_per_mm)).astype(np.intp)
    return np.asarray(steps - steps.min(), np.intp)


def _try(points: FloatArray, px_per_mm: float, settings: CourseSettings) -> Course | None:
    """Return the straight line through two of the places that shows most."""
    rng = np.random.default_rng(0)  # the same every time
    sample = points[rng.integers(len(points), size=min(SAMPLE, len(points)))]
    best, most = None, 0
    for one, other in sample[rng.integers(len(sample), size=(TRIES, 2))]:
        way = other - one
        long = float(np.hypot(*way))
        if long < settings.long_mm * px_per_mm / 2:
            continue
        course = Course(one, way / long, np.zeros(3))
        t, beside = course.place(sample)
        shown = int(clean_steps(t, beside, px_per_mm=px_per_mm, settings=settings).sum())
        if shown > most:
            best, most = course, shown
    return best
