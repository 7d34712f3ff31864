"""Find where one photo shows the card's cut, in millimetres of its print.

A sleeve, a binder's pocket, a shadow and the frame of the print are straight lines too. The cut is
the outermost rectangle whose corners are round as those of a card; what lies beside its sides
closer than the card is thick may be the cut as well, and is kept as an alternative.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import product

import cv2
import numpy as np
from numpy.typing import NDArray

from evidence.comparison.edge_lines import EdgeLine, Floats, find_edge_lines
from evidence.settings import CutSettings

Placed = Callable[[Floats], Floats]  # (..., 2) mm of the print to pixels of a view
Lines = tuple[tuple[EdgeLine, ...], ...]  # of each side
SIDES = 4  # top, right, bottom, left
ACROSS = 4  # samples on either side of an arc
CORNERS = ((3, 0), (0, 1), (1, 2), (2, 3))  # the sides that meet there, clockwise from top left


@dataclass(frozen=True, slots=True, eq=False)
class Cut:
    """The cut of one photo.

    Attributes:
        sides: top, right, bottom, left; of each the line that is likeliest the cut first; a side
            that is not seen has none.
        radius: of the corners, mm; None where they are not seen and the cut was told by the other
            photo's, see ``cut_completing``.
        lines: all lines of each side.
    """

    sides: Lines
    radius: float | None
    lines: Lines = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Uncut:
    """The cut is not seen: weak evidence, not a failure.

    Attributes:
        reason: ``no line`` where a side shows none, ``no corners`` where none of the rectangles
            has a card's corners, ``frame`` where print goes on beyond the one that has.
        side: the first side without a line, 0 to 3, None otherwise.
        lines: all lines of each side.
    """

    reason: str
    side: int | None = None
    lines: Lines = field(default=(), repr=False, compare=False)


def find_cut(
    view: NDArray[np.uint8], size_mm: tuple[float, float], placed: Placed, *, settings: CutSettings
) -> Cut | Uncut:
    """Find the cut near the reference's outline.

    Args:
        view: (H, W, 3) uint8 RGB.
        size_mm: (width, height) of the outline.
        placed: says where points of the print appear in the view.
        settings: thresholds of this stage.
    """
    found = []
    for side in range(SIDES):
        along, across = side_samples(side, size_mm, settings)
        points = placed(side_points(side, size_mm, along[:, None], across[None, :]))
        found.append(find_edge_lines(_seen(view, points), across, settings=settings))
    every = tuple(map(tuple, found))
    for side, lines in enumerate(found):
        if not lines:
            return Uncut("no line", side, every)
    corners = _Corners(view, size_mm, placed, settings)
    found = [_strongest(lines, settings.most_looked_at) for lines in found]
    firm = [[one for one in lines if one.strength >= settings.firm_strength] for lines in found]
    for likely, enough in product((firm, found), (len(CORNERS), settings.least_corners)):
        for chosen in _outermost_first(likely, settings):
            radius = corners.radius_of(chosen, enough)
            if radius is not None:
                sides = zip(chosen, likely, strict=True)
                kept = tuple((one, *lines_beside(one, others, settings)) for one, others in sides)
                return Cut(kept, radius, every)
    return Uncut("no corners", lines=every)


def lines_beside(
    line: EdgeLine, others: Iterable[EdgeLine], settings: CutSettings
) -> list[EdgeLine]:
    """Return the lines of a side that may be the cut as well, if this one may: walls, wear."""
    return [
        other
        for other in others
        if other is not line
        and abs(other.offset - line.offset) < settings.beside
        and not _is_shadow(other, line, settings.outshines_beside, settings)
    ]


def _strongest(lines: list[EdgeLine], most: int) -> list[EdgeLine]:
    return sorted(lines, key=lambda line: line.strength, reverse=True)[:most]


def side_samples(
    side: int, size_mm: tuple[float, float], settings: CutSettings
) -> tuple[Floats, Floats]:
    """Return (T,) places along a side and (N,) samples across it, mm; corners are left out."""
    length = size_mm[side % 2]
    along = np.linspace(settings.skip, length - settings.skip, settings.places)
    across = np.arange(-settings.half, settings.out + 1e-9, settings.step)
    return along, across


def side_points(side: int, size_mm: tuple[float, float], along: Floats, out: Floats) -> Floats:
    """Return (..., 2) points in mm: so far along a side, from the left or top, and so far out."""
    along, out = np.broadcast_arrays(along, out)
    width, height = size_mm
    x, y = {
        0: (along, -out),
        1: (width + out, along),
        2: (along, height + out),
        3: (-out, along),
    }[side]
    return np.stack([x, y], axis=-1)


def _seen(view: NDArray[np.uint8], points: Floats) -> NDArray[np.uint8]:
    x, y = np.moveaxis(points.astype(np.float32), -1, 0).reshape(2, len(points), -1)
    how = {"interpolation": cv2.INTER_CUBIC, "borderMode": cv2.BORDER_REPLICATE}
    seen = cv2.remap(view, x, y, **how)  # type: ignore[call-overload]
    return np.asarray(seen, np.uint8).reshape(*points.shape[:-1], 3)


def _outermost_first(
    found: list[list[EdgeLine]], settings: CutSettings
) -> Iterator[tuple[EdgeLine, ...]]:
    """Yield one line of each side; a faint line just outside a strong one is its shadow."""
    likely = [[line for line in lines if not _outshone(line, lines, settings)] for lines in found]
    quads = sorted(product(*likely), key=lambda lines: -sum(line.offset for line in lines))
    for lines in quads:
        offsets = [line.offset for line in lines]
        strengths = [line.strength for line in lines]
        near = max(offsets) - min(offsets) <= settings.most_askew
        if near and max(strengths) <= settings.most_uneven * min(strengths):
            yield lines


def _outshone(line: EdgeLine, lines: list[EdgeLine], settings: CutSettings) -> bool:
    return any(_is_shadow(line, other, settings.outshines, settings) for other in lines)


def _is_shadow(line: EdgeLine, of: EdgeLine, outshines: float, settings: CutSettings) -> bool:
    """Say whether a line lies just outside of another one that is so much stronger."""
    away = line.offset - of.offset
    return of.strength > outshines * line.strength and 0 < away < settings.beside


class _Corners:
    """The corners of one photo, each looked at once for every two lines that may meet there."""

    def __init__(
        self,
        view: NDArray[np.uint8],
        size_mm: tuple[float, float],
        placed: Placed,
        settings: CutSettings,
    ) -> None:
        self._view, self._size_mm = view, size_mm
        self._placed, self._settings = placed, settings
        self._known: dict[tuple[int, int, int], float | None] = {}

    def radius_of(self, lines: tuple[EdgeLine, ...], enough: int) -> float | None:
        """Return the radius of the corners, mm; None unless enough are round, and round alike."""
        found: list[float] = []
        for corner, (before, after) in enumerate(CORNERS):
            key = corner, id(lines[before]), id(lines[after])
            if key not in self._known:
                self._known[key] = self._look(corner, lines)
            radius = self._known[key]
            if radius is not None:
                found.append(radius)
            if len(found) + len(CORNERS) - 1 - corner < enough:
                return None
        found.sort()
        for alike in (found[i : i + enough] for i in range(len(found) - enough + 1)):
            if alike[-1] - alike[0] <= self._settings.most_unlike:
                return float(np.median(alike))
        return None

    def _look(self, corner: int, lines: tuple[EdgeLine, ...]) -> float | None:
        least = min(lines[side].strength for side in CORNERS[corner])
        at = _meeting(corner, self._size_mm, lines, self._settings)
        return _arc(self._view, self._placed, at, corner, least, self._settings)


def _meeting(
    corner: int, size_mm: tuple[float, float], lines: tuple[EdgeLine, ...], settings: CutSettings
) -> tuple[float, float]:
    """Return (x, y) in mm where the two lines of a corner meet, from 0 top left clockwise."""
    right, low = corner in (1, 2), corner in (2, 3)

    def out(side: int, *, far: bool) -> float:
        length = size_mm[side % 2]
        place = length / (length - 2 * settings.skip) * (1 if far else -1)
        return float(lines[side].curve @ [1, place, place * place])

    x = size_mm[0] + out(1, far=low) if right else -out(3, far=low)
    y = size_mm[1] + out(2, far=right) if low else -out(0, far=right)
    return x, y


def _arc(
    view: NDArray[np.uint8],
    placed: Placed,
    at: tuple[float, float],
    corner: int,
    least: float,
    settings: CutSettings,
) -> float | None:
    """Return the radius on which colour changes along most of a corner's arc, None without one."""
    inward = np.array([-1.0 if corner in (1, 2) else 1.0, -1.0 if corner in (2, 3) else 1.0])
    radii, rays = _rays(settings.radii, settings.step)
    contrast = _contrast(_seen(view, placed(at + inward * rays)))
    most = np.percentile(contrast, 25, axis=1)  # three quarters of the arc change by so much
    best = int(np.argmax(most))
    sure = most[best] >= max(settings.least_arc, settings.arc_strength * least)
    alone = most[best] >= settings.arc_alone * float(np.median(most))
    within = settings.radii[0] <= radii[best] <= settings.radii[1]
    return float(radii[best]) if sure and alone and within else None


@lru_cache(maxsize=1)
def _rays(within: tuple[float, float], step: float) -> tuple[Floats, Floats]:
    """Return (R,) radii, and where to look across their arcs, mm inwards of where sides meet.

    The latter (R, A, N, 2) for A angles and N places, from inside outwards.
    """
    radii = np.arange(within[0] - 0.6, within[1] + 0.6, 0.1)
    angles = np.deg2rad(np.linspace(10, 80, 24))
    away = np.arange(-ACROSS, ACROSS + 1) * step
    radius, angle, out = np.meshgrid(radii, angles, away, indexing="ij")
    turn = np.stack([np.cos(angle), np.sin(angle)], axis=-1)
    offsets = radius[..., None] - (radius + out)[..., None] * turn
    return radii, offsets


def _contrast(seen: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return (R, A) how far colour changes across arcs, CIELAB units, of (R, A, N, 3) RGB."""
    flat = seen.reshape(len(seen), -1, 3).astype(np.float32) / np.float32(255)
    lab = cv2.cvtColor(flat, cv2.COLOR_RGB2LAB).reshape(seen.shape)
    change = lab[:, :, ACROSS + 1 :].mean(axis=2) - lab[:, :, :ACROSS].mean(axis=2)
    return np.asarray(np.hypot.reduce(change, axis=-1), np.float32)
