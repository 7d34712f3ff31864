"""Scratches and folds that show under a reflection, where nothing broader can be told."""

import numpy as np

from evidence.comparison.fine_laying import FineItems
from evidence.comparison.following import follow
from evidence.comparison.linking import find_pieces
from evidence.comparison.loss import equivalent_width
from evidence.comparison.parting import keep_line
from evidence.comparison.photometry import stand_out
from evidence.comparison.pieces import Piece, make_piece
from evidence.comparison.residual import Residual
from evidence.comparison.rim import is_at_rim
from evidence.settings import ChangeSettings


def find_lines(
    items: FineItems, residual: Residual, bar: float, *, settings: ChangeSettings
) -> list[Piece]:
    """Return long thin pieces from end to end, the strongest first.

    Args:
        items: both items, in the same place.
        residual: what light and place leave over.
        bar: noise units that a line must reach somewhere.
        settings: thresholds of this stage.
    """
    score = stand_out(np.abs(residual.thin), items.cells, settings=settings)
    if not (score >= bar).any():  # mostly; what follows costs as much as all before
        return []
    likely = (score >= settings.likely) & (np.abs(residual.levels) >= settings.least_levels)
    pieces = (
        keep_line(
            _without_tails(piece, residual, settings), np.abs(residual.thin), settings=settings
        )
        for piece in find_pieces(score, likely, settings=settings)
        if piece.strength >= bar
    )
    least = settings.thin_long_mm * settings.px_per_mm
    return [
        follow(piece, residual.levels, np.abs(residual.thin), settings=settings)
        for piece in pieces
        if piece is not None
        and piece.strength >= bar
        and piece.is_line
        and piece.length >= least
        # not only where it crosses something that is
        and np.median(score[piece.rows, piece.columns]) >= settings.fairly
        and not is_at_rim(items.depth, piece, settings=settings)
        and equivalent_width(residual, piece, settings=settings) >= settings.least_loss_mm
    ]


def _without_tails(piece: Piece, residual: Residual, settings: ChangeSettings) -> Piece:
    """Return the piece where it is either sure enough or as good as in full contrast."""
    noise = np.abs(residual.thin[piece.rows, piece.columns])
    levels = np.abs(residual.levels[piece.rows, piece.columns])
    sure = noise >= settings.tail_share * piece.strength
    clear = levels >= settings.thin_tail * np.quantile(levels, 0.98)
    kept = sure | clear
    return make_piece(piece.rows[kept], piece.columns[kept], np.abs(residual.thin))
