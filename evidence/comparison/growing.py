"""Fit a piece to its mark: without its tails, and with all that differs a little."""

import cv2
import numpy as np
from numpy.typing import NDArray

from evidence.comparison.pieces import Piece, make_piece
from evidence.settings import ChangeSettings


def grow(
    piece: Piece,
    score: NDArray[np.float32],
    taken: NDArray[np.bool_],
    *,
    settings: ChangeSettings,
) -> Piece:
    """Return the piece with all that touches it and differs more than noise does.

    What a dent or a stain changes fades over a millimetre, and its fainter half is missed by what
    finds places at all. A strong edge has soft tails, so the stronger, the less it grows.

    Args:
        piece: places that surely differ.
        score: (H, W) float32 in units of noise, at least 0.
        taken: (H, W) bool, where pieces lie already, this one too.
        settings: thresholds of this stage.

    Source:
        Hysteresis: Canny, PAMI 1986.
    """
    reach = round(settings.grow_mm * settings.px_per_mm)
    left, top, right, bottom = piece.box
    window = (
        slice(max(0, top - reach), bottom + reach),
        slice(max(0, left - reach), right + reach),
    )
    least = max(settings.faint, settings.faint_share * piece.strength)
    faint = (cv2.blur(score[window], (3, 3)) >= least).astype(np.uint8)
    faint[taken[window]] = 0
    rows, columns = piece.rows - window[0].start, piece.columns - window[1].start
    faint[rows, columns] = 1
    _, labels = cv2.connectedComponents(faint, connectivity=8)
    own = np.isin(labels, np.unique(labels[rows, columns]))
    rows, columns = np.nonzero(own)
    return make_piece(rows + window[0].start, columns + window[1].start, score)


def trim(piece: Piece, score: NDArray[np.float32], *, settings: ChangeSettings) -> Piece:
    """Return the piece without what reaches but a small share of its strongest place.

    Beside a strong edge light and sharpness are off, too, and a chain of what that leaves may run
    on along the print, or into a hairline that crosses.

    Args:
        piece: neighbouring places that differ.
        score: (H, W) float32 in units of noise, at least 0.
        settings: thresholds of this stage.
    """
    strong = score[piece.rows, piece.columns] >= settings.tail_share * piece.strength
    return make_piece(piece.rows[strong], piece.columns[strong], score)
