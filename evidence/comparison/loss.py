"""How much print a mark takes away or covers."""

import cv2
import numpy as np

from evidence.comparison.pieces import Piece
from evidence.comparison.residual import Residual
from evidence.settings import ChangeSettings

MARGIN = 3  # pixels around a piece, in which soft edges end


def equivalent_width(residual: Residual, piece: Piece, *, settings: ChangeSettings) -> float:
    """Return how wide a mark of bare paper, or of black, would change as much, in mm.

    A photo shows a line thinner than its pixels as a wider, fainter one; what it changes in all
    stays the same. Hairlines of a glossy surface are a twentieth of a millimetre, and most light
    does not show them; what went through the print is several times as wide.

    Source:
        Equivalent width, as spectroscopy measures lines that it does not resolve.
    """
    height, width = residual.levels.shape
    left, top, right, bottom = piece.box
    window = (
        slice(max(0, top - MARGIN), min(height, bottom + MARGIN)),
        slice(max(0, left - MARGIN), min(width, right + MARGIN)),
    )
    change = residual.levels[window]
    here = np.zeros(change.shape, np.uint8)
    here[piece.rows - window[0].start, piece.columns - window[1].start] = 1
    square = np.ones((2 * MARGIN + 1, 2 * MARGIN + 1), np.uint8)
    near = (cv2.dilate(here, square) > 0) & residual.seen[window]
    expected = residual.query[window] - change
    lighter = np.maximum(change, 0) / np.maximum(residual.paper - expected, settings.least_contrast)
    darker = np.maximum(-change, 0) / np.maximum(expected, settings.least_contrast)
    lost = float(np.minimum(lighter + darker, 1)[near].sum())
    return lost / max(piece.extent, 1) / settings.px_per_mm
