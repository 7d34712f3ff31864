"""Hollows of which only the dark half shows: white print has no room to get lighter."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares

from evidence.comparison.hollows import REACH, Circle, bowl_of, largest_radius
from evidence.comparison.shading import Shading
from evidence.settings import HollowSettings

Floats = NDArray[np.float64]

AROUND = 2.2  # radii that a hollow is fitted in
NARROW_MM, WIDER = 0.4, 1.5  # of the bowl: mm, and times what shows, which is most of it
STEEPEST = 1000.0  # levels
AS_IT_IS = ((0.0, 0.0),)
ASIDE = (*AS_IT_IS, (0.5, 0.5), (-0.5, 0.5), (0.5, -0.5), (-0.5, -0.5))  # widths off, to start
MOST_TRIES = 40
ALIKE = 0.03  # of the change, by which halves with the lamp on either side are not told apart


@dataclass(frozen=True, slots=True, eq=False)
class _Window:
    """The surroundings of a hollow; all (h, w): places in mm, levels, room, square root weights."""

    x: Floats
    y: Floats
    left: Floats
    room: Floats
    weight: Floats


def find_whole(shading: Shading, circle: Circle, *, settings: HollowSettings) -> Circle | None:
    """Return the circle of a hollow whose light half hides, None where it is none.

    What shows then looks like a smaller mark beside the hollow's middle. So a hollow is fitted
    twice, as it is and with no more light than the print has room for: where only the second
    explains nearly all, that is the hollow.

    Args:
        shading: what light leaves over.
        circle: about what shows.
        settings: thresholds of this stage.

    Source:
        Least squares in bounds: Branch, Coleman and Li, SIAM J. Sci. Comput. 1999.
    """
    if circle.radius < settings.least_half_mm:  # smaller than any hollow
        return None
    window = _around(shading, circle, settings.px_per_mm)
    if not np.any(window.left * window.weight):
        return None
    plain, _ = _fit(window, circle, np.full_like(window.room, np.inf), AS_IT_IS)
    told, whole = _fit(window, circle, window.room, ASIDE)
    if whole.radius >= largest_radius(settings):
        return None
    return whole if told >= max(settings.half_told, plain + settings.half_more) else None


def _around(shading: Shading, circle: Circle, px: float) -> _Window:
    reach = math.ceil(AROUND * circle.radius * px)
    row, column = int(circle.y * px), int(circle.x * px)
    place = (
        slice(max(row - reach, 0), row + reach + 1),
        slice(max(column - reach, 0), column + reach + 1),
    )
    left, room, weight = (
        part[place].astype(np.float64) for part in (shading.left, shading.room, shading.weight)
    )
    y, x = (np.indices(left.shape) + np.array([p.start for p in place])[:, None, None] + 0.5) / px
    return _Window(x, y, left, room, np.sqrt(weight))


def _fit(
    window: _Window, circle: Circle, room: Floats, starts: tuple[tuple[float, float], ...]
) -> tuple[float, Circle]:
    """Return what share the best hollow explains, at most 1, and its circle.

    A dark half may belong to a hollow on either side of it; of two that explain about as much, the
    one nearer to what shows is taken.
    """

    def bowl(values: Floats) -> tuple[Floats, Floats]:
        x, y, wide = values[:3]
        right, low = window.x - x, window.y - y
        deep = bowl_of(np.hypot(right, low), wide)
        return deep * right, deep * low

    def missed(values: Floats) -> Floats:
        right, low = bowl(values)
        shade = np.minimum(values[3] * right + values[4] * low, room)
        return np.asarray(((shade - window.left) * window.weight).ravel(), np.float64)

    (x, y, off), wide = circle, circle.radius / REACH
    low, high = (
        (x + way * off, y + way * off, width, way * STEEPEST, way * STEEPEST)
        for way, width in ((-1, NARROW_MM), (1, WIDER * wide))
    )
    found = []
    for right, down in starts:
        place = np.array([circle.x + right * wide, circle.y + down * wide, wide])
        parts = np.stack([(part * window.weight).ravel() for part in bowl(place)], axis=1)
        slopes = np.linalg.lstsq(parts, (window.left * window.weight).ravel(), rcond=None)[0]
        start = np.append(place, np.clip(slopes, -STEEPEST / 2, STEEPEST / 2))
        found.append(least_squares(missed, start, bounds=(low, high), max_nfev=MOST_TRIES))
    all_of_it = float(((window.left * window.weight) ** 2).sum())
    circles = [Circle(float(o.x[0]), float(o.x[1]), REACH * float(o.x[2])) for o in found]
    told = [1 - 2 * float(one.cost) / all_of_it for one in found]
    alike = [k for k, share in enumerate(told) if share >= max(told) - ALIKE]
    nearest = min(alike, key=lambda k: math.dist(circles[k][:2], circle[:2]))
    return told[nearest], circles[nearest]
