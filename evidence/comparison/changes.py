"""What changed on one item between two photos: where, of which kind, and since when."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evidence.comparison.alignment import Alignment
from evidence.comparison.change_answers import answer_when
from evidence.comparison.change_kinds import name_kind
from evidence.comparison.change_wording import Answer
from evidence.comparison.fine_laying import FineItems, lay_finely
from evidence.comparison.linking import Piece, find_pieces
from evidence.comparison.photometry import stand_out
from evidence.comparison.print_map import PrintMap, Unmapped
from evidence.comparison.residual import Residual, find_residual
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
    alignment: Alignment,
    mapped: PrintMap | Unmapped,
    *,
    settings: ChangeSettings,
) -> tuple[Change, ...]:
    """Find what changed on the same item, the strongest first; what is hidden comes last.

    Place, light and sharpness are made the same before anything counts, and a change must stand
    out from the noise of its place, of its surroundings and of the whole pair.

    Args:
        reference: the pre-shipment photo, with the item that its outline and frame show.
        query: the photo in question.
        alignment: how the query lies on the reference.
        mapped: the same by the print, where it gives so fine a map.
        settings: thresholds of this stage.

    Returns:
        At most twelve changes, and the places that the reference hides; nothing where the
        reference's outline was not found, since the background changes anyhow. The same
        readings, map and settings give the same ones.
    """
    if reference.outline is None:
        return ()
    items = lay_finely(reference, query, alignment, mapped, settings=settings)
    residual = find_residual(items, settings=settings)
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
    return [piece for piece in pieces if piece.strength >= bar]


def _differs_enough(residual: Residual, levels: float) -> NDArray[np.bool_]:
    """Say where anybody could see it."""
    return np.asarray(
        (np.abs(residual.levels) >= levels) | (np.abs(residual.colour).max(axis=0) >= levels)
    )


def _describe(
    piece: Piece, items: FineItems, residual: Residual, frame: Frame, settings: ChangeSettings
) -> Change | None:
    """Return what is said of a piece, None where it is no change."""
    if _is_cut(items, piece, settings):
        return None
    answer = answer_when(items, residual, piece, settings)
    if answer is None:
        return None
    kind = name_kind(items, residual, piece, settings)
    known = frame.px_per_mm is not None
    px = settings.px_per_mm if known else items.frame.height / frame.height
    left, top, right, bottom = _to_the_cut(piece, items, settings)
    x, y, width, height = (round(v / px, 2) for v in (left, top, right - left, bottom - top))
    region = Region(kind, x, y, width, height, "mm" if known else "px", answer)
    return Change(kind, answer, region, round(piece.strength, 1))


def _to_the_cut(
    piece: Piece, items: FineItems, settings: ChangeSettings
) -> tuple[int, int, int, int]:
    """Return a piece's box; one that reaches the rim that is not compared starts at the cut."""
    rim = round((settings.edge_mm + 0.1) * settings.px_per_mm)
    height, width = items.depth.shape
    left, top, right, bottom = piece.box
    return (
        0 if left <= rim else left,
        0 if top <= rim else top,
        width if right >= width - rim else right,
        height if bottom >= height - rim else bottom,
    )


def _hidden_before(reference: Reading) -> list[Change]:
    """Return the places that glare, darkness, blur or the photo's edge hides before shipping."""
    answer: Answer = "not_visible_before"
    boxes = (
        Region("hidden", box.x, box.y, box.width, box.height, reference.hidden.unit, answer)
        for box in reference.hidden.boxes
    )
    return [Change("hidden", answer, region, 0.0) for region in boxes]


def _is_cut(items: FineItems, piece: Piece, settings: ChangeSettings) -> bool:
    """Say whether a piece is the cut itself in another place: a sliver, or most of a side."""
    deepest = float(items.depth[piece.rows, piece.columns].max())
    if deepest < settings.edge_mm + settings.least_depth_mm:
        return True
    left, top, right, bottom = piece.box
    height, width = items.depth.shape
    longest = max((right - left) / width, (bottom - top) / height)
    return deepest < settings.wear_mm and longest > settings.most_side
