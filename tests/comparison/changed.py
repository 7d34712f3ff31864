"""Pairs of photos of one card with damage whose place is known; 8 megapixels, as phones take."""

from dataclasses import replace
from functools import cache

import cv2
import numpy as np
from photo.shots import ORACLE, SETTINGS, STATION, read

from evidence.comparison.alignment import Alignment
from evidence.comparison.changes import Change, find_changes
from evidence.comparison.fine_laying import FineItems, lay_finely
from evidence.comparison.item_alignment import align_items
from evidence.comparison.print_map import map_print
from evidence.comparison.residual import Residual, find_residual
from evidence.photo.reading import Reading
from fixtures.camera import photograph
from fixtures.damage import Damage, inflict
from fixtures.scene import Scene
from fixtures.subject import draw_subject

SHOP = replace(STATION, size=(2448, 3264))
HOME = Scene(5, (2448, 3264), "wood", tilt=5.0, turn=3.0, light=0.3, shadow=0.4, warmth=0.5)
WANTED = SETTINGS.changes


@cache
def shoot(scene: Scene, damages: tuple[Damage, ...] = (), blot: tuple[float, ...] = ()) -> Reading:
    """Photograph and read a card, damaged, or with a box (mm) of paint on it."""
    face = draw_subject(ORACLE)
    for damage in damages:
        face = inflict(face, damage)
    if blot:
        canvas = face.canvas()
        rows, columns = canvas.window(blot[:4])
        canvas.pixels[rows, columns] = blot[4:]
        face = replace(face, pixels=canvas.pixels)
    return read(photograph(face, scene).jpeg)


def truth(damage: Damage) -> tuple[float, ...]:
    """Left, top, right, bottom in mm, of what lies on the card."""
    left, top, right, bottom = inflict(draw_subject(ORACLE), damage).regions[0].bounds_mm
    return max(left, 0), max(top, 0), min(right, 63), min(bottom, 88)


def changes(reference: Reading, query: Reading) -> list[Change]:
    """Return what changed, places that the reference hides left out."""
    found = align_items(reference, query, settings=SETTINGS.matching).found
    return [change for change in told(reference, query, found) if change.kind != "hidden"]


def told(
    reference: Reading, query: Reading, found: Alignment, *, cut_seen: bool = True
) -> tuple[Change, ...]:
    """Return all that is said of two readings laid on each other."""
    laid = lay(reference, query, found)
    return find_changes(reference, query, *laid, cut_seen=cut_seen, settings=WANTED)


def lay(reference: Reading, query: Reading, found: Alignment) -> tuple[FineItems, Residual]:
    """Return both laid on each other, and what that does not explain."""
    mapped = map_print(reference, query, found, settings=SETTINGS.print_map)
    items = lay_finely(reference, query, found, mapped, settings=WANTED)
    return items, find_residual(items, settings=WANTED)


def corners(change: Change) -> tuple[float, ...]:
    """Left, top, right, bottom in mm."""
    box = change.region
    return box.x, box.y, box.x + box.width, box.y + box.height


def overlap(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    """Return intersection over union of two boxes."""
    wide = min(one[2], other[2]) - max(one[0], other[0])
    tall = min(one[3], other[3]) - max(one[1], other[1])
    both = max(wide, 0) * max(tall, 0)
    areas = [(box[2] - box[0]) * (box[3] - box[1]) for box in (one, other)]
    return both / (sum(areas) - both)


def with_glare(reading: Reading, box: tuple[float, ...]) -> Reading:
    """Return the reading as if a reflection had burnt out a box (mm) of the item."""
    view = reading.view().copy()
    left, top, right, bottom = (8 * v for v in box)
    square = np.array([[left, top, 1], [right, top, 1], [right, bottom, 1], [left, bottom, 1]])
    seen = square @ np.linalg.inv(reading.frame.frame_from_view).T
    corner = np.round(seen[:, :2] / seen[:, 2:]).astype(np.int32)
    cv2.fillConvexPoly(view, corner, (255, 255, 255))
    _, data = cv2.imencode(".png", cv2.cvtColor(view, cv2.COLOR_RGB2BGR))
    return replace(reading, picture=data.tobytes())
