"""Join lines to the quadrilaterals that a flat item could show."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evidence.photo.lines import Lines
from evidence.settings import OutlineSettings


@dataclass(frozen=True, slots=True, eq=False)
class Quadrilaterals:
    """Q convex shapes, each between four lines.

    Attributes:
        sides: (Q, 4) indices of lines; side k runs from corner k to the next.
        corners: (Q, 4, 2) float64 points (x, y), clockwise as seen.
    """

    sides: NDArray[np.intp]
    corners: NDArray[np.float64]

    def where(self, keep: NDArray[np.bool_]) -> "Quadrilaterals":
        """Return those that are kept."""
        return Quadrilaterals(self.sides[keep], self.corners[keep])

    def lengths(self) -> NDArray[np.float64]:
        """Return the (Q, 4) lengths of the sides in pixels."""
        x, y = np.moveaxis(np.roll(self.corners, -1, axis=1) - self.corners, -1, 0)
        return np.asarray(np.hypot(x, y))

    def areas(self) -> NDArray[np.float64]:
        """Return the (Q,) areas in square pixels."""
        (ax, ay), (bx, by) = np.moveaxis(self.corners[:, 2:] - self.corners[:, :2], 0, -1)
        return np.asarray(np.abs(ax * by - ay * bx) / 2)  # half the diagonals' cross product

    def supports(self, lines: Lines) -> NDArray[np.float64]:
        """Return the (Q,) shares of edge along the sides, the worst side included, in [0, 1]."""
        following = np.roll(self.corners, -1, axis=1)
        edge = lines.edge_between(self.sides, self.corners, following)
        share = np.clip(edge / np.maximum(self.lengths(), 1.0), 0, 1)
        return np.asarray(np.sqrt(share.mean(1) * share.min(1)))


def join_lines(
    lines: Lines, width: int, height: int, *, settings: OutlineSettings
) -> Quadrilaterals:
    """Return every quadrilateral that is large enough and could be a tilted rectangle.

    Args:
        lines: of one picture.
        width: of that picture in pixels.
        height: of that picture in pixels.
        settings: thresholds of this stage.
    """
    every = np.arange(len(lines))
    meets = _meet(lines, *np.meshgrid(every, every, indexing="ij"))
    slack = settings.outside * max(width, height)
    within = ((meets > -slack) & (meets < np.array([width, height]) + slack)).all(-1)
    sides = _four_sides(lines, np.asarray(within), settings)
    x, y = (  # (4, Q): corner k lies between side k - 1 and side k
        np.stack([at[sides[:, k - 1], sides[:, k]] for k in range(4)]) for at in meets.T
    )
    area = (x[2] - x[0]) * (y[3] - y[1]) - (x[3] - x[1]) * (y[2] - y[0])  # twice, by diagonals
    large = np.abs(area) >= 2 * settings.min_area * width * height
    sides, corners = sides[large], np.stack([x[:, large].T, y[:, large].T], axis=-1)
    turns = _corner_turns(corners)
    convex = (turns > 0).all(1) | (turns < 0).all(1)
    sides, corners, back = sides[convex], corners[convex], turns[convex, 0] < 0
    sides[back], corners[back] = sides[back][:, [2, 1, 0, 3]], corners[back, ::-1]
    return Quadrilaterals(sides, corners)


def _corner_turns(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return (Q, 4) cross products of each side with the next, positive if clockwise as seen."""
    x, y = np.moveaxis(np.roll(points, -1, axis=1) - points, -1, 0)
    return np.asarray(x * np.roll(y, -1, axis=1) - y * np.roll(x, -1, axis=1))


def _four_sides(
    lines: Lines, within: NDArray[np.bool_], settings: OutlineSettings
) -> NDArray[np.intp]:
    """Return (Q, 4) indices of lines: two that face each other, alternating with two across.

    Args:
        lines: N of them.
        within: (N, N) whether two lines meet in the picture.
        settings: thresholds of this stage.
    """
    angle = np.arctan2(lines.normals[:, 1], lines.normals[:, 0])
    turn = np.abs((angle[:, None] - angle[None] + np.pi / 2) % np.pi - np.pi / 2)
    first, second = np.nonzero(np.triu(turn < settings.most_convergence, 1))
    crosses = within & (turn > settings.least_crossing)
    both = crosses[first] & crosses[second]  # (pairs, N): the line crosses both of the pair
    one, other = np.nonzero(np.triu(both[:, first] & both[:, second], 1))
    return np.column_stack([first[one], first[other], second[one], second[other]])


def _meet(lines: Lines, a: NDArray[np.intp], b: NDArray[np.intp]) -> NDArray[np.float64]:
    """Return (..., 2) crossing points of lines a and b; far away where they do not cross."""
    (ax, ay), (bx, by) = np.moveaxis(lines.normals[a], -1, 0), np.moveaxis(lines.normals[b], -1, 0)
    det = ax * by - ay * bx
    det = np.where(np.abs(det) < 1e-9, 1e-9, det)
    x = (lines.offsets[a] * by - lines.offsets[b] * ay) / det
    y = (ax * lines.offsets[b] - bx * lines.offsets[a]) / det
    return np.stack([x, y], axis=-1)
