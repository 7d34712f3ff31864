"""What changed on one item between two photos: where, of which kind, and since when."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from evidence.comparison.change_answers import answer_when
from evidence.comparison.change_kinds import fits_hollow, name_kind
from evidence.comparison.change_wording import Answer
from evidence.comparison.fine_laying import FineItems
from evidence.comparison.half_hollows import find_whole
from evidence.comparison.hollows import Circle, Hollow, find_hollows, holds
from evidence.comparison.pieces import Piece, box_around
from evidence.comparison.residual import Residual
from evidence.comparison.rim import box_of_wear, box_to_the_cut, is_at_rim
from evidence.comparison.shading import Shading, measure_shading
from evidence.comparison.stains import Stain, cover, find_stains
from evidence.comparison.sure_pieces import coarseness, find_sure_pieces
from evidence.comparison.thin_lines import find_lines
from evidence.comparison.veil import Veil, measure_veil
from evidence.comparison.verdict import Region
from evidence.comparison.wear import Wear, encloses, find_wear, tells
from evidence.photo.frame import Frame
from evidence.photo.reading import Reading
from evidence.settings import ChangeSettings

ROUND = ("dent", "differs")  # kinds of which a part may show alone; a hollow is round
EDGES = 5  # pixels; a line's soft edges end two from it
ON_STAIN = 2 / 3  # of a piece that is the stain's own; its rim has 0.76 and more, lines across 0.52
SURE_HOLLOW = 1.5  # log10 weight on a stain, whose rim looks like a half of one; 1.35 and less
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
    cut_seen: bool,
    settings: ChangeSettings,
) -> tuple[Change, ...]:
    """Find what changed on the same item, the strongest first; what is hidden comes last.

    A change must stand out from the noise of its place, of its surroundings and of the pair.

    Args:
        reference: the pre-shipment photo, with the item that its outline and frame show.
        query: the photo in question.
        items: both laid on each other.
        residual: what place, light and sharpness do not explain.
        cut_seen: both photos show where the item was cut; else nothing is said of wear that
            the rim alone tells.
        settings: thresholds of this stage.

    Returns:
        At most twelve changes, and the places that the reference hides. The same readings,
        pictures and settings give the same ones.
    """
    coarse, px = coarseness(reference, query, settings=settings), settings.px_per_mm
    lines, veil = look_through(items, residual, coarse, settings=settings)
    stains = find_stains(veil, settings=settings.stains)
    stained = cover(stains, size=items.cells.size)
    sure = settings.sure * coarse
    pieces = find_sure_pieces(items, residual, lines, stained, sure, settings=settings)
    pieces = [piece for piece in pieces if stained[piece.rows, piece.columns].mean() <= ON_STAIN]
    worn = _find_worn(items, residual, pieces, coarse, settings) if cut_seen else []
    pieces = [piece for piece in pieces if not any(encloses(one, piece) for one in worn)]
    shading = measure_shading(items, settings=settings.hollows)
    hollows = [
        hollow
        for hollow in find_hollows(shading, coarse, settings=settings.hollows)
        if hollow.weight >= SURE_HOLLOW or _share(stained, hollow.circle, px) <= 0.5
    ]
    pieces = [
        piece for piece in pieces if not any(holds(one, piece, px_per_mm=px) for one in hollows)
    ]
    found = [
        *(_describe_stain(stain, reference.frame) for stain in stains),
        *(_describe_wear(one, items, reference.frame, settings) for one in worn),
        *(_describe_hollow(one, items, reference.frame, settings) for one in hollows),
        *(_describe(one, items, residual, shading, reference.frame, settings) for one in pieces),
    ]
    changes = sorted((one for one in found if one is not None), key=lambda one: -one.strength)
    return *changes[:MOST], *_hidden_before(reference)


def look_through(
    items: FineItems, residual: Residual, coarse: float, *, settings: ChangeSettings
) -> tuple[list[Piece], Veil]:
    """Return the lines that only the query shows, and what veil lies beside and below them.

    Args:
        items: both laid on each other.
        residual: what place, light and sharpness do not explain.
        coarse: how many times stronger a line must be where a photo resolves little.
        settings: thresholds of this stage.
    """
    sure = max(settings.sure * coarse, settings.sure_line)
    lines = find_lines(items, residual, sure, settings=settings)
    return lines, measure_veil(items, _places(lines, items.depth.shape), settings=settings.stains)


def _places(pieces: list[Piece], shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """Return where pieces and their soft edges lie, (H, W)."""
    places = np.zeros(shape, np.uint8)
    for piece in pieces:
        places[piece.rows, piece.columns] = 1
    return np.asarray(cv2.dilate(places, np.ones((EDGES, EDGES), np.uint8)) > 0)


def _share(places: NDArray[np.bool_], circle: Circle, px_per_mm: float) -> float:
    """Return what share of a circle some places of the items take up."""
    inside = np.zeros(places.shape, np.uint8)
    x, y, radius = (round(v * px_per_mm) for v in circle)
    cv2.circle(inside, (x, y), radius, 1, cv2.FILLED)
    return float(places[inside > 0].mean()) if inside.any() else 0.0


def _find_worn(
    items: FineItems,
    residual: Residual,
    pieces: list[Piece],
    coarse: float,
    settings: ChangeSettings,
) -> list[Wear]:
    """Return wear of corners, and that of sides where no piece tells most of it."""
    told = [piece for piece in pieces if answer_when(items, residual, piece, settings) is not None]
    rim = [piece for piece in told if is_at_rim(items.depth, piece, settings=settings)]
    deep = _places([piece for piece in told if piece not in rim], items.depth.shape)
    worn = find_wear(items, residual, deep, coarse, settings=settings)
    return [
        one
        for one in worn
        if one.kind == "corner_wear" or not any(tells(piece, one) for piece in rim)
    ]


def _describe(
    piece: Piece,
    items: FineItems,
    residual: Residual,
    shading: Shading,
    frame: Frame,
    settings: ChangeSettings,
) -> Change | None:
    """Return what is said of a piece, None where it is no change."""
    answer = answer_when(items, residual, piece, settings)
    if answer is None:
        return None
    kind = name_kind(items, residual, piece, settings)
    box: tuple[float, float, float, float] = piece.box
    if kind in ROUND and not piece.is_line and fits_hollow(piece, settings):
        box = box_around(piece)
        whole = _whole(box, shading, settings)
        if whole is not None:
            kind, box = "dent", _box_of(whole, items, settings)
    elif kind == "edge_wear":
        box = box_of_wear(residual.levels, piece)
    box = box_to_the_cut(items.depth, box, settings=settings)
    region = _region(kind, answer, box, items, frame, settings)
    return Change(kind, answer, region, round(piece.strength, 1))


def _whole(
    box: tuple[float, float, float, float], shading: Shading, settings: ChangeSettings
) -> Circle | None:
    """Return the hollow of which a round mark in a box is the half that shows, None if none."""
    left, top, right, bottom = (v / settings.px_per_mm for v in box)
    shown = Circle((left + right) / 2, (top + bottom) / 2, max(right - left, bottom - top) / 2)
    return find_whole(shading, shown, settings=settings.hollows)


def _box_of(
    circle: Circle, items: FineItems, settings: ChangeSettings
) -> tuple[float, float, float, float]:
    """Return the box of a circle in pixels, within the item."""
    height, width = items.depth.shape
    x, y, radius = (v * settings.px_per_mm for v in circle)
    return max(x - radius, 0), max(y - radius, 0), min(x + radius, width), min(y + radius, height)


def _describe_hollow(
    hollow: Hollow, items: FineItems, frame: Frame, settings: ChangeSettings
) -> Change:
    """Return what is said of a hollow; one that the reference shows as well is no change."""
    box = _box_of(hollow.circle, items, settings)
    region = _region("dent", "new", box, items, frame, settings)
    return Change("dent", "new", region, round(hollow.strength, 1))


def _describe_wear(worn: Wear, items: FineItems, frame: Frame, settings: ChangeSettings) -> Change:
    """Return what is said of wear."""
    box = box_to_the_cut(items.depth, worn.box, settings=settings)
    region = _region(worn.kind, worn.answer, box, items, frame, settings)
    return Change(worn.kind, worn.answer, region, round(worn.piece.strength, 1))


def _region(
    kind: str,
    answer: Answer,
    box: tuple[float, float, float, float],
    items: FineItems,
    frame: Frame,
    settings: ChangeSettings,
) -> Region:
    """Return a box, left, top, right, bottom in pixels of both items, on the rectified item."""
    known = frame.px_per_mm is not None
    px = settings.px_per_mm if known else items.frame.height / frame.height
    left, top, right, bottom = box
    x, y, width, height = (round(v / px, 2) for v in (left, top, right - left, bottom - top))
    return Region(kind, x, y, width, height, "mm" if known else "px", answer)


def _describe_stain(stain: Stain, frame: Frame) -> Change:
    """Return what is said of a stain; one that the reference shows as well is no change."""
    known = frame.px_per_mm is not None
    height, width = stain.mask.shape
    size = (1.0, 1.0) if known else (frame.width / width, frame.height / height)
    px = stain.px_per_mm if known else 1.0
    rows, columns = np.nonzero(stain.mask)
    x, y = float(columns.min()), float(rows.min())
    across, down = float(columns.max()) + 1 - x, float(rows.max()) + 1 - y
    x, across = (round(v * size[0] / px, 2) for v in (x, across))
    y, down = (round(v * size[1] / px, 2) for v in (y, down))
    region = Region("stain", x, y, across, down, "mm" if known else "px", "new")
    return Change("stain", "new", region, round(stain.strength, 1))


def _hidden_before(reference: Reading) -> list[Change]:
    """Return the places that glare, darkness, blur or the photo's edge hides before shipping."""
    answer: Answer = "not_visible_before"
    boxes = (
        Region("hidden", box.x, box.y, box.width, box.height, reference.hidden.unit, answer)
        for box in reference.hidden.boxes
    )
    return [Change("hidden", answer, region, 0.0) for region in boxes]
