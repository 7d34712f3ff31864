"""Pictures of print whose words are known."""

from dataclasses import replace
from functools import cache

import cv2
import numpy as np
from photo.shots import encode, read

from evidence.comparison.alignment import Alignment
from evidence.comparison.matching import Matches
from evidence.photo.reading import Reading
from fixtures.canvas import PX_PER_MM, Canvas, blank, fill, write
from fixtures.design import draw_design, make_design
from fixtures.game import CARD_MM, SHEET

INK, PAPER = (24, 20, 28), (236, 230, 214)
SPACING = 5.2  # mm from line to line
SCAN, MARGIN = 10.0, 60  # pixels a millimetre of a scan, and of its table around the card
NONE = np.zeros((0, 2), np.float32)
IN_PLACE = Alignment(np.eye(3), Matches(NONE, NONE), 0.0)


def page(*lines, width=62.0, height=None, left=2.0, top=3.0, size=3.2):
    """Write lines on paper: (H, W, 3) uint8, 12.5 pixels a millimetre."""
    tall = height or 2 * top + SPACING * len(lines)
    canvas = blank((0.0, 0.0, width * 12.5 / PX_PER_MM, tall * 12.5 / PX_PER_MM), PAPER)
    for i, line in enumerate(lines):
        at = left * 12.5 / PX_PER_MM, (top + SPACING * (i + 0.5)) * 12.5 / PX_PER_MM
        write(canvas, at, line, INK, height_mm=size * 12.5 / PX_PER_MM)
    return canvas.pixels


@cache
def scan(*lines: str, blots: tuple[tuple[float, float, float], ...] = ()) -> Reading:
    """Read a card that carries these lines, lying flat and always in the same place.

    Args:
        lines: in its text box, one below the other.
        blots: (line, left, right) that are white, from the left of the card in mm.
    """
    design = make_design(1, 21)
    silent = replace(design, title="", kind="", rules="", flavour="", number="", power="")
    canvas, box = Canvas(draw_design(silent).copy(), SHEET[:2]), design.game.text
    fill(canvas, box, PAPER)
    rows = [box[1] + 3.0 + SPACING * i for i in range(len(lines))]
    for row, line in zip(rows, lines, strict=True):
        write(canvas, (box[0] + 2, row), line, INK, height_mm=3.0)
    for line, left, right in blots:
        fill(canvas, (left, rows[int(line)] - 2.2, right, rows[int(line)] + 2.2), (255, 255, 255))
    rows, columns = canvas.window((0.0, 0.0, *CARD_MM))
    size = round(CARD_MM[0] * SCAN), round(CARD_MM[1] * SCAN)
    card = cv2.resize(canvas.pixels[rows, columns], size, interpolation=cv2.INTER_AREA)
    table = np.full((size[1] + 2 * MARGIN, size[0] + 2 * MARGIN, 3), (52, 60, 66), np.uint8)
    table[MARGIN:-MARGIN, MARGIN:-MARGIN] = card
    return read(encode(table, "JPEG", quality=93))
