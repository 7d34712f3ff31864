"""What kind of change a piece is: told by its shape, its place, its light and its colour."""

import numpy as np

from evidence.comparison.fine_laying import FineItems
from evidence.comparison.hollows import largest_radius
from evidence.comparison.pieces import Piece
from evidence.comparison.residual import Residual
from evidence.comparison.surroundings import ring_around, window_around
from evidence.settings import ChangeSettings


def name_kind(items: FineItems, residual: Residual, piece: Piece, settings: ChangeSettings) -> str:
    """Name the kind where it can be told, else ``differs``.

    Wear lies at the cut. A line that reaches the cut or has a broad shadow is a fold, another one
    a scratch. A spot that is lighter on one side and darker on the other is hollow; one that is
    darker all over and of another colour is a stain.
    """
    px = settings.px_per_mm
    deepest = float(np.quantile(items.depth[piece.rows, piece.columns], 0.95))
    if deepest <= settings.wear_mm:
        return "edge_wear"
    darker, colour = _veil(items, residual, piece)
    broad = piece.breadth >= settings.stain_mm * px and piece.length < 3 * piece.breadth
    if broad and darker <= -settings.least_levels and colour >= settings.least_colour:
        return "stain"
    hollow = fits_hollow(piece, settings) and _is_hollow(residual, piece)
    if piece.is_line or (not hollow and piece.length >= settings.line_ratio * piece.width):
        at_cut = float(items.depth[piece.rows, piece.columns].min()) <= settings.cut_mm
        return "crease" if at_cut or _is_shaded(residual, piece, settings) else "scratch"
    return "dent" if hollow else "differs"


def fits_hollow(piece: Piece, settings: ChangeSettings) -> bool:
    """Say whether a piece is no longer than hollows are wide."""
    return piece.length < 2 * largest_radius(settings.hollows) * settings.px_per_mm


def _is_shaded(residual: Residual, piece: Piece, settings: ChangeSettings) -> bool:
    """Darker than before along a line, beside where it is lighter: a fold throws a shadow."""
    levels = residual.levels[piece.rows, piece.columns]
    dark = levels <= -settings.shade * np.quantile(np.abs(levels), 0.9)
    return bool(dark.sum() / piece.length > settings.shade_mm * settings.px_per_mm)


def _veil(items: FineItems, residual: Residual, piece: Piece) -> tuple[float, float]:
    """How much darker and how differently coloured the inside became against its surroundings."""
    px = items.frame.px_per_mm or 1.0
    here, around = ring_around(piece, residual.seen, px, filled=True)
    window = window_around(piece, residual.seen.shape, px)
    here &= residual.seen[window]
    if not here.any() or not around.any():
        return 0.0, 0.0
    light, red, blue = (
        float(np.median(change[here]) - np.median(change[around]))
        for change in (
            q[window] - r[window] for r, q in zip(items.reference, items.query, strict=True)
        )
    )
    return light, float(np.hypot(red, blue))


def _is_hollow(residual: Residual, piece: Piece) -> bool:
    """Lighter on one side and darker on the other."""
    levels = residual.levels[piece.rows, piece.columns]
    up, down = levels > 0, levels < 0
    if min(up.mean(), down.mean()) < 0.2:
        return False
    points = np.stack([piece.columns, piece.rows]).astype(np.float64)
    apart = points[:, up].mean(axis=1) - points[:, down].mean(axis=1)
    return bool(np.hypot(*apart) >= 0.25 * piece.length)
