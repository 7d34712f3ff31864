"""What kind of change a piece is: told by its shape, its place, its light and its colour."""

import cv2
import numpy as np
from numpy.typing import NDArray

from evidence.comparison.fine_laying import FineItems
from evidence.comparison.linking import Piece
from evidence.comparison.residual import Residual
from evidence.comparison.verdict import Answer
from evidence.settings import ChangeSettings

FloatMap = NDArray[np.float32]


def name_kind(items: FineItems, residual: Residual, piece: Piece, settings: ChangeSettings) -> str:
    """Name the kind where it can be told, else ``differs``.

    Wear lies at the cut. A line that reaches the cut or has a broad shadow is a fold, another one
    a scratch. A spot that is lighter on one side and darker on the other is hollow; one that is
    darker all over and of another colour is a stain.
    """
    px = settings.px_per_mm
    deepest = float(np.quantile(items.depth[piece.rows, piece.columns], 0.95))
    if deepest <= settings.wear_mm:
        return "corner_wear" if _at_corner(items, piece, settings) else "edge_wear"
    darker, colour = _veil(items, residual, piece)
    broad = piece.breadth >= settings.stain_mm * px
    if broad and darker <= -settings.least_levels and colour >= settings.least_colour:
        return "stain"
    width = len(piece.rows) / piece.length
    if not _is_hollow(residual, piece) and piece.length >= settings.line_ratio * width:
        at_cut = float(items.depth[piece.rows, piece.columns].min()) <= settings.cut_mm
        return "crease" if at_cut or width > settings.crease_mm * px else "scratch"
    return "dent" if _is_hollow(residual, piece) else "differs"


def answer_when(
    items: FineItems, residual: Residual, piece: Piece, settings: ChangeSettings
) -> Answer | None:
    """Say whether the reference shows it too, or cannot; None if only the reference does.

    Both photos were brought to one sharpness, so a mark that the query still shows then would
    show on the reference too.
    """
    left, top, right, bottom = piece.box
    inside = slice(top, bottom), slice(left, right)
    if np.mean(items.on_reference[inside]) < 0.5:
        return "not_visible_before"
    here, around = _ring(piece, residual.seen, px=settings.px_per_mm)
    if not around.any():
        return "new"
    window = _window(piece, residual.seen.shape, settings.px_per_mm)
    ours, theirs = (
        picture[window] - np.median(picture[window][around])
        for picture in (residual.reference, residual.query)
    )
    if np.abs(theirs[here]).mean() < settings.gone * np.abs(ours[here]).mean():
        return None
    wide = cv2.dilate(here.astype(np.uint8), np.ones((9, 9), np.uint8)) > 0
    return "visible_before" if _alike(ours[wide], theirs[wide], settings) else "new"


def _alike(ours: FloatMap, theirs: FloatMap, settings: ChangeSettings) -> bool:
    """Both depart from their surroundings in the same way, the query more."""
    if ours.std() < settings.least_levels or theirs.std() < settings.least_levels:
        return False
    same = float(np.corrcoef(ours, theirs)[0, 1])
    more = float(np.corrcoef(ours, theirs - ours)[0, 1])
    return same >= settings.same_mark and more >= 0


def _at_corner(items: FineItems, piece: Piece, settings: ChangeSettings) -> bool:
    height, width = items.depth.shape
    left, top, right, bottom = piece.box
    reach = settings.corner_reach_mm * settings.px_per_mm
    across = right <= reach or left >= width - reach
    return bool(across and (bottom <= reach or top >= height - reach))


def _window(piece: Piece, shape: tuple[int, ...], px: float) -> tuple[slice, slice]:
    left, top, right, bottom = piece.box
    out = round(2 * px)
    return (
        slice(max(0, top - out), min(shape[0], bottom + out)),
        slice(max(0, left - out), min(shape[1], right + out)),
    )


def _ring(
    piece: Piece, seen: NDArray[np.bool_], *, px: float, filled: bool = False
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Where the piece lies in its window, and a ring half a millimetre to two around it."""
    window = _window(piece, seen.shape, px)
    here = np.zeros(seen[window].shape, np.uint8)
    rows, columns = piece.rows - window[0].start, piece.columns - window[1].start
    if filled:
        hull = cv2.convexHull(np.stack([columns, rows], 1).astype(np.int32))
        cv2.fillConvexPoly(here, hull, 1)
    else:
        here[rows, columns] = 1
    grown = [
        cv2.dilate(here, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * r + 1, 2 * r + 1)))
        for r in (round(0.5 * px), round(2 * px))
    ]
    return here > 0, (grown[1] > 0) & (grown[0] == 0) & seen[window]


def _veil(items: FineItems, residual: Residual, piece: Piece) -> tuple[float, float]:
    """How much darker and how differently coloured the inside became against its surroundings."""
    px = items.frame.px_per_mm or 1.0
    here, around = _ring(piece, residual.seen, px=px, filled=True)
    window = _window(piece, residual.seen.shape, px)
    here &= residual.seen[window]
    if not here.any() or not around.any():
        return 0.0, 0.0
    light, red, blue = (
        float(np.median(change[here]) - np.median(change[around]))
        for change in (q[window] - r[window] for r, q in zip(items.reference, items.query, strict=True))
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
