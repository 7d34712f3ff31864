"""A piece of a mark: connected places that differ."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

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
    def width(self) -> float:
        """Of the stroke, in pixels."""
        return len(self.rows) / self.length

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
        return self.is_line and self.breadth < STRAIGHT * self.width


def gather_pieces(
    score: NDArray[np.float32], likely: NDArray[np.bool_], *, settings: ChangeSettings
) -> list[Piece]:
    """Gather neighbouring places into pieces, the strongest first; the smallest are left out.

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
    pieces = [make_piece(r, c, score) for r, c in parts if len(r) >= settings.least_pixels]
    return sorted(pieces, key=lambda piece: -piece.strength)


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


def merge_pieces(pieces: Sequence[Piece], score: NDArray[np.float32]) -> Piece:
    """Return several pieces, at least one, as one of an (H, W) score."""
    rows = np.concatenate([piece.rows for piece in pieces])
    return make_piece(rows, np.concatenate([piece.columns for piece in pieces]), score)


def points_of(piece: Piece, most: int | None = None) -> NDArray[np.float64]:
    """Return (N, 2) x, y of a piece's places, evenly chosen where there are more than asked for."""
    every = 1 if most is None else max(1, len(piece.rows) // most)
    return np.stack([piece.columns[::every], piece.rows[::every]], axis=1).astype(np.float64)


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
