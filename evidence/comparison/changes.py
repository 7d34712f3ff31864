"""What changed on one item between two photos: where, of which kind, and since when."""

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from evidence.comparison.alignment import Alignment
from evidence.comparison.change_kinds import answer_when, name_kind
from evidence.comparison.fine_laying import FineItems, lay_finely
from evidence.comparison.linking import Piece, find_pieces
from evidence.comparison.residual import Residual, find_residual
from evidence.comparison.verdict import Answer, Region
from evidence.photo.reading import Reading
from evidence.settings import ChangeSettings

MOST = 12  # regions that a person still looks at; the strongest ones are kept


@dataclass(frozen=True, slots=True)
class Change:
    kind: str
    answer: Answer
    region: Region
    strength: float


def find_changes(
    reference: Reading, query: Reading, alignment: Alignment, *, settings: ChangeSettings
) -> tuple[Change, ...]:
    if reference.frame.px_per_mm is None:
        return ()
    items = lay_finely(reference, query, alignment, settings=settings)
    residual = find_residual(items, settings=settings)
    return tuple(box_changes(items, residual, settings))[:MOST]


def box_changes(items: FineItems, residual: Residual, settings: ChangeSettings) -> list[Change]:
    px = settings.px_per_mm
    score = np.maximum(np.abs(residual.noise), residual.colour_noise)
    enough = (np.abs(residual.levels) >= settings.least_levels) | (np.abs(residual.colour).max(axis=0) >= settings.least_levels)
    likely = (score >= settings.likely) & enough
    found = []
    for piece in find_pieces(score, likely, settings=settings):
        left, top, right, bottom = piece.box
        if piece.strength < settings.sure or max(right - left, bottom - top) < settings.least_mm * px:
            continue
        if _is_cut(items, piece, settings):
            continue
        answer = answer_when(items, residual, piece, settings)
        if answer is None:
            continue
        kind = name_kind(items, residual, piece, settings)
        box = [round(v / px, 2) for v in (left, top, right - left, bottom - top)]
        found.append(Change(kind, answer, Region(kind, *box, "mm", answer), round(piece.strength, 1)))
    return sorted(found, key=lambda change: -change.strength)


def _is_cut(items: FineItems, piece: Piece, settings: ChangeSettings) -> bool:
    """Say whether a piece is the cut itself, in another place: a sliver, or most of a side."""
    deepest = float(items.depth[piece.rows, piece.columns].max())
    if deepest < settings.edge_mm + settings.least_depth_mm:
        return True
    left, top, right, bottom = piece.box
    height, width = items.depth.shape
    longest = max((right - left) / width, (bottom - top) / height)
    return deepest < settings.wear_mm and longest > settings.most_side
