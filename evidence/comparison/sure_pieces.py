"""Which of the places that differ are large and strong enough to be said."""

import cv2
import numpy as np
from numpy.typing import NDArray

from evidence.comparison.fine_laying import FineItems
from evidence.comparison.following import follow
from evidence.comparison.growing import grow, trim
from evidence.comparison.linking import find_pieces, join_pieces
from evidence.comparison.loss import equivalent_width
from evidence.comparison.photometry import stand_out
from evidence.comparison.pieces import Piece
from evidence.comparison.residual import Residual
from evidence.comparison.rim import is_at_rim, is_cut
from evidence.photo.reading import Reading
from evidence.settings import ChangeSettings


def coarseness(reference: Reading, query: Reading, *, settings: ChangeSettings) -> float:
    """Return how many times stronger a change must be where a photo resolves little.

    What goes wrong is pixels wide; where these are wide on the item, so is it.
    """
    known = [one.quality.px_per_mm for one in (reference, query)]
    coarsest = min((px for px in known if px is not None), default=settings.full_px_per_mm)
    return max(1.0, settings.full_px_per_mm / max(coarsest, 1e-6))


def find_sure_pieces(
    items: FineItems,
    residual: Residual,
    lines: list[Piece],
    stained: NDArray[np.bool_],
    bar: float,
    *,
    settings: ChangeSettings,
) -> list[Piece]:
    """Return the pieces that are large and strong enough to be said, the strongest first.

    Args:
        items: both items, in the same place.
        residual: what light and place leave over.
        lines: thin ones, which join with what belongs to them.
        stained: (H, W) bool, where stains lie: only lines across them are marks of their own.
        bar: noise units that a piece must reach; higher where much is as strong.
        settings: thresholds of this stage.
    """
    score = np.maximum(np.abs(residual.noise), residual.colour_noise)
    score = stand_out(score, items.cells, settings=settings)
    likely = (score >= settings.likely) & _differs_enough(residual, settings.least_levels)
    likely &= ~stained
    least = settings.least_mm * settings.px_per_mm
    pieces = find_pieces(score, likely, settings=settings)
    pieces = [trim(piece, score, settings=settings) for piece in pieces]
    pieces = [piece for piece in pieces if piece.extent >= least]
    pieces.sort(key=lambda piece: -piece.strength)
    if len(pieces) > settings.most_sure and pieces[settings.most_sure].strength >= settings.sure:
        bar = max(bar, settings.stands_out * pieces[settings.most_sure].strength)
    sure = [
        piece
        for piece in pieces
        if piece.strength >= bar and _is_mark(piece, items, residual, settings)
    ]
    taken = _taken(pieces, lines, score.shape, settings)
    whole = [_all_of(piece, items, residual, score, taken, settings) for piece in sure]
    whole += [line for line in lines if line.strength >= bar]
    everything = sorted(whole, key=lambda piece: -piece.strength)
    return join_pieces(everything, np.maximum(score, np.abs(residual.thin)), settings=settings)


def _all_of(
    piece: Piece,
    items: FineItems,
    residual: Residual,
    score: NDArray[np.float32],
    taken: NDArray[np.bool_],
    settings: ChangeSettings,
) -> Piece:
    """Return a mark with what fades around it, a line to its ends; wear at the rim as it is."""
    if is_at_rim(items.depth, piece, settings=settings):
        return piece
    piece = grow(piece, score, taken, settings=settings)
    if not piece.is_line or piece.length < settings.following.long_mm * settings.px_per_mm:
        return piece
    return follow(piece, residual.levels, score, settings=settings)


def _taken(
    pieces: list[Piece], lines: list[Piece], shape: tuple[int, ...], settings: ChangeSettings
) -> NDArray[np.bool_]:
    """Say where pieces lie, and lines with their soft edges."""
    places = np.zeros(shape, np.uint8)
    for line in lines:
        places[line.rows, line.columns] = 1
    size = 2 * round(settings.line_edge_mm * settings.px_per_mm) + 1
    places = np.asarray(cv2.dilate(places, np.ones((size, size), np.uint8)), np.uint8)
    for piece in pieces:
        places[piece.rows, piece.columns] = 1
    return np.asarray(places > 0)


def _is_mark(piece: Piece, items: FineItems, residual: Residual, settings: ChangeSettings) -> bool:
    """Say whether a piece is more than the cut itself, a fibre of it, or a hairline."""
    if is_cut(items.depth, piece, settings=settings):
        return False
    if is_at_rim(items.depth, piece, settings=settings) and piece.strength >= settings.sure_rim:
        return True
    return equivalent_width(residual, piece, settings=settings) >= settings.least_loss_mm


def _differs_enough(residual: Residual, levels: float) -> NDArray[np.bool_]:
    """Say where anybody could see it."""
    return np.asarray(
        (np.abs(residual.levels) >= levels) | (np.abs(residual.colour).max(axis=0) >= levels)
    )
