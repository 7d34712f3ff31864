"""What changed on one item between two photos: where, of which kind, and since when."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evidence.comparison.change_answers import answer_when
from evidence.comparison.change_kinds import name_kind
from evidence.comparison.change_wording import Answer
from evidence.comparison.fine_laying import FineItems
from evidence.comparison.growing import grow
from evidence.comparison.linking import Piece, find_pieces, join_pieces
from evidence.comparison.loss import equivalent_width
from evidence.comparison.photometry import stand_out
from evidence.comparison.residual import Residual
from evidence.comparison.rim import box_to_the_cut, is_at_rim, is_cut
from evidence.comparison.verdict import Region
from evidence.photo.frame import Frame
from evidence.photo.reading import Reading
from evidence.settings import ChangeSettings

MOST = 12  # regions that a person still looks at; the strongest ones are kept


@dataclass(frozen=True, slots=True)
class Change:
    """A place of the item that the query shows otherwise than the reference.

    Attributes:
        kind: ``crease``, ``scratch``, ``stain``, ``dent``, ``edge_wear`` or ``corner_wear`` where
            it can be told, else ``differs``; ``hidden`` where the reference does not show it.
        answer: ``new`` where only the query shows it, ``visible_before`` where both do,
            ``not_visible_before`` where the reference hides the place, so that nobody can say.
        region: its box on the rectified reference, with the same kind and answer.
        strength: how far it stands out, in units of the pair's own noise; 0 if hidden.
    """

    kind: str
    answer: Answer
    region: Region
    strength: float


def find_changes(
    reference: Reading,
    query: Reading,
    items: FineItems,
    residual: Residual,
    *,
    settings: ChangeSettings,
) -> tuple[Change, ...]:
    """Find what changed on the same item, the strongest first; what is hidden comes last.

    A change must stand out from the noise of its place, of its surroundings and of the pair.

    Args:
        reference: the pre-shipment photo, with the item that its outline and frame show.
        query: the photo in question.
        items: both laid on each other.
        residual: what place, light and sharpness do not explain.
        settings: thresholds of this stage.

    Returns:
        At most twelve changes, and the places that the reference hides. The same readings,
        pictures and settings give the same ones.
    """
    bar = settings.sure * _coarseness(reference, query, settings)
    found = (
        _describe(piece, items, residual, reference.frame, settings)
        for piece in _sure_pieces(items, residual, bar, settings)
    )
    return *[change for change in found if change is not None][:MOST], *_hidden_before(reference)


def _coarseness(reference: Reading, query: Reading, settings: ChangeSettings) -> float:
    """Return how many times stronger a change must be where a photo resolves little.

    What goes wrong is pixels wide; where these are wide on the item, so is it.
    """
    known = [one.quality.px_per_mm for one in (reference, query)]
    coarsest = min((px for px in known if px is not None), default=settings.full_px_per_mm)
    return max(1.0, settings.full_px_per_mm / max(coarsest, 1e-6))


def _sure_pieces(
    items: FineItems, residual: Residual, bar: float, settings: ChangeSettings
) -> list[Piece]:
    """Return the pieces that are large and strong enough to be said, the strongest first."""
    score = np.maximum(np.abs(residual.noise), residual.colour_noise)
    score = stand_out(score, items.cells, settings=settings)
    likely = (score >= settings.likely) & _differs_enough(residual, settings.least_levels)
    least = settings.least_mm * settings.px_per_mm
    pieces = find_pieces(score, likely, settings=settings)
    pieces = [piece for piece in pieces if piece.extent >= least]
    pieces.sort(key=lambda piece: -piece.strength)
    if len(pieces) > settings.most_sure and pieces[settings.most_sure].strength >= settings.sure:
        bar = max(bar, settings.stands_out * pieces[settings.most_sure].strength)
    grown = [
        piece
        if is_at_rim(items.depth, piece, settings=settings)
        else grow(piece, score, settings=settings)
        for piece in pieces
        if piece.strength >= bar and _is_mark(piece, items, residual, settings)
    ]
    return join_pieces(grown, score, settings=settings)


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


def _describe(
    piece: Piece, items: FineItems, residual: Residual, frame: Frame, settings: ChangeSettings
) -> Change | None:
    """Return what is said of a piece, None where it is no change."""
    answer = answer_when(items, residual, piece, settings)
    if answer is None:
        return None
    kind = name_kind(items, residual, piece, settings)
    known = frame.px_per_mm is not None
    px = settings.px_per_mm if known else items.frame.height / frame.height
    left, top, right, bottom = box_to_the_cut(items.depth, piece, settings=settings)
    x, y, width, height = (round(v / px, 2) for v in (left, top, right - left, bottom - top))
    region = Region(kind, x, y, width, height, "mm" if known else "px", answer)
    return Change(kind, answer, region, round(piece.strength, 1))


def _hidden_before(reference: Reading) -> list[Change]:
    """Return the places that glare, darkness, blur or the photo's edge hides before shipping."""
    answer: Answer = "not_visible_before"
    boxes = (
        Region("hidden", box.x, box.y, box.width, box.height, reference.hidden.unit, answer)
        for box in reference.hidden.boxes
    )
    return [Change("hidden", answer, region, 0.0) for region in boxes]
