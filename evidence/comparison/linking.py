"""Pieces of one mark, joined: a crease is a broken line, a stain a broken rim."""

import math
from dataclasses import dataclass
from itertools import combinations

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.spatial.distance import cdist

from evidence.settings import ChangeSettings

ARC = 6.0  # length of half of a rim, at most, in its breadths; half a circle has about 3
STRAIGHT = 2.0  # breadth of a straight stroke, in widths of the stroke; an arc's is more


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """Connected places that differ.

    Attributes:
        rows, columns: (N,) of its pixels.
        strength: of the strongest, in units of noise.
        middle: (2,) x, y, in pixels.
        along: (2,) unit vector of its longest direction.
        length, breadth: in pixels, along that direction and across: four standard deviations,
            which is the side of an even rectangle times 1.15.
        box: left, top, right, bottom in pixels, the last two exclusive.
    """

    rows: NDArray[np.intp]
    columns: NDArray[np.intp]
    strength: float
    middle: NDArray[np.float64]
    along: NDArray[np.float64]
    length: float
    breadth: float
    box: tuple[int, int, int, int]

    @property
    def extent(self) -> int:
        """Longer side of the box, in pixels."""
        left, top, right, bottom = self.box
        return max(right - left, bottom - top)

    @property
    def is_line(self) -> bool:
        """Whether it is long and thin."""
        return self.length >= 3 * self.breadth

    @property
    def is_arc(self) -> bool:
        """Whether it bends as half of a rim does, or is a spot."""
        return self.length < ARC * self.breadth and not self.is_straight

    @property
    def is_straight(self) -> bool:
        """Whether it is a line that does not bend."""
        return self.is_line and self.breadth < STRAIGHT * len(self.rows) / self.length


def find_pieces(
    score: NDArray[np.float32], likely: NDArray[np.bool_], *, settings: ChangeSettings
) -> list[Piece]:
    """Gather neighbouring places into pieces, and pieces of one mark into one.

    Args:
        score: (H, W) float32 in units of noise, at least 0.
        likely: (H, W) bool, the places that count.
        settings: thresholds of this stage.
    """
    size = 2 * round(settings.link_mm * settings.px_per_mm / 2) + 1
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    _, labels = cv2.connectedComponents(cv2.dilate(likely.astype(np.uint8), disc), connectivity=8)
    rows, columns = np.nonzero(likely)
    order = np.argsort(labels[rows, columns], kind="stable")
    rows, columns = rows[order], columns[order]
    cuts = np.flatnonzero(np.diff(labels[rows, columns])) + 1
    parts = zip(np.split(rows, cuts), np.split(columns, cuts), strict=True)
    large = [(r, c) for r, c in parts if len(r) >= settings.least_pixels]
    large.sort(key=lambda part: -float(score[part].max()))
    pieces = [make_piece(r, c, score) for r, c in large[: settings.most_pieces]]
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
        pieces[pieces.index(one)] = make_piece(
            np.concatenate([one.rows, other.rows]),
            np.concatenate([one.columns, other.columns]),
            score,
        )
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
    lines = one.is_straight or other.is_straight
    near = settings.near_line_mm if lines else settings.near_mm
    if gap <= near * px or _face(one, other, settings):
        return True
    if not (one.is_line and other.is_line) or gap > settings.line_gap_mm * px:
        return False
    if gap > max(one.length, other.length):
        return False
    way = other.middle - one.middle
    way /= max(float(np.hypot(*way)), 1e-6)
    along = abs(float(way @ one.along)), abs(float(way @ other.along))
    if min(*along, abs(float(one.along @ other.along))) < settings.straight:
        return False
    shorter, longer = sorted((one, other), key=lambda piece: piece.length)
    return _aside(shorter, longer) <= settings.line_aside_mm * px


def _distance(one: Piece, other: Piece) -> float:
    """Pixels between the nearest places of two pieces, to about a pixel."""
    points = []
    for piece in (one, other):
        every = max(1, len(piece.rows) // 200)
        points.append(np.stack([piece.columns[::every], piece.rows[::every]], 1).astype(np.float32))
    return float(np.sqrt(cdist(*points, "sqeuclidean").min()))


def _aside(shorter: Piece, longer: Piece) -> float:
    """Pixels that a line's end beside a longer one lies off the course of that."""
    across, down = longer.along
    columns, rows = shorter.columns - longer.middle[0], shorter.rows - longer.middle[1]
    end = np.argmin(np.abs(columns * across + rows * down))  # next to the longer one's middle
    return float(abs(rows[end] * across - columns[end] * down))


def _face(one: Piece, other: Piece, settings: ChangeSettings) -> bool:
    """Say whether two pieces are halves of one rim: broken where dark print runs through it."""
    if not (one.is_arc and other.is_arc):
        return False
    a, b = one.box, other.box
    for k in (0, 1):
        common = min(a[k + 2], b[k + 2]) - max(a[k], b[k])
        longer = max(a[k + 2] - a[k], b[k + 2] - b[k])
        gap = max(a[1 - k] - b[3 - k], b[1 - k] - a[3 - k], 0)
        if common >= settings.facing * longer and gap <= settings.facing_gap * longer:
            return True
    return False


def make_piece(
    rows: NDArray[np.intp], columns: NDArray[np.intp], score: NDArray[np.float32]
) -> Piece:
    """Measure a piece of (N,) rows and columns in an (H, W) score."""
    points = np.stack([columns, rows]).astype(np.float64)
    middle = points.mean(axis=1)
    away = points - middle[:, None]
    values, vectors = np.linalg.eigh(away @ away.T / away.shape[1] + np.eye(2) / 12)
    breadth, length = 4 * np.sqrt(values)
    strength = float(score[rows, columns].max())
    box = int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1
    return Piece(rows, columns, strength, middle, vectors[:, 1], float(length), float(breadth), box)


def box_around(piece: Piece) -> tuple[int, int, int, int]:
    """Return the box of the smallest circle around a piece, in pixels as ``Piece.box``.

    A pressed hollow is shaded on one side and lit on the other, and on white print the lit one
    does not show; the circle around the half that does is about the hollow's own.
    """
    points = np.stack([piece.columns, piece.rows], axis=1).astype(np.float32)
    (x, y), radius = cv2.minEnclosingCircle(points)
    out = radius + 0.5
    return (
        math.floor(x - out + 0.5),
        math.floor(y - out + 0.5),
        math.ceil(x + out + 0.5),
        math.ceil(y + out + 0.5),
    )
