"""Cards drawn to a hundredth of a millimetre: where the print and the cut lie is known."""

from dataclasses import replace

import cv2
import numpy as np
from photo.shots import encode, read

from evidence.photo.frame import Frame

CARD = 63.0, 88.0
SCALE, MARGIN = 12.0, 6.0  # pixels a millimetre of a view, and mm of ground around the outline
FRAME = 8.0  # pixels a millimetre of the frame
GROUND, PAPER, WALL = (62, 66, 72), (228, 224, 212), (150, 146, 138)


def scaling(px_per_mm, margin=0.0):
    """Return (3, 3): mm, of which the first pixel's corner is ``-margin``, to pixels."""
    shift = margin * px_per_mm - 0.5
    return np.array([[px_per_mm, 0, shift], [0, px_per_mm, shift], [0, 0, 1]])


VIEW_FROM_MM = scaling(SCALE, MARGIN)


def placed(points):
    """Say where points in mm appear in a drawn view."""
    return np.asarray(points) * SCALE + VIEW_FROM_MM[0, 2]


def as_reading(view, *, view_from_mm=VIEW_FROM_MM, size_mm=CARD, px_per_mm=FRAME):
    """Return a reading of a view whose outline is known; lossless, and with no other truth."""
    size = round(size_mm[0] * FRAME), round(size_mm[1] * FRAME)
    frame = Frame(scaling(FRAME) @ np.linalg.inv(view_from_mm), *size, px_per_mm)
    blank = read(encode(np.full((300, 200, 3), 90, np.uint8)))
    return replace(blank, picture=encode(view, compress_level=1), frame=frame)


def texture(seed=0):
    """Return (H, W, 3) float32 of a card's size, 20 pixels a millimetre, detailed everywhere."""
    rng = np.random.default_rng(seed)
    size = round(CARD[0] * 20), round(CARD[1] * 20)
    fine = rng.uniform(0, 255, (size[1] // 10, size[0] // 10, 3)).astype(np.float32)
    return cv2.GaussianBlur(cv2.resize(fine, size, interpolation=cv2.INTER_NEAREST), (0, 0), 2.0)


def sample(picture, points):
    """Return the texture's colours at (..., 2) points in mm."""
    x, y = np.moveaxis((points * 20 - 0.5).astype(np.float32), -1, 0)
    return cv2.remap(picture, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)


def grid(size_mm=CARD):
    """Return (H, W, 2) mm at each pixel of a drawn view."""
    width, height = (round((side + 2 * MARGIN) * SCALE) for side in size_mm)
    x, y = np.meshgrid(np.arange(width), np.arange(height))
    return (np.stack([x, y], axis=-1) + 0.5) / SCALE - MARGIN


def rectangle(points, box, *, radii=(3.0,) * 4, degrees=0.0):
    """Return how far outside of a box (left, top, right, bottom) points lie, mm; negative inside.

    The box is turned clockwise about its middle; radii are of its corners, clockwise from top left.
    """
    left, top, right, bottom = box
    cos, sin = np.cos(np.deg2rad(degrees)), np.sin(np.deg2rad(degrees))
    away = points - [(left + right) / 2, (top + bottom) / 2]
    x, y = cos * away[..., 0] + sin * away[..., 1], cos * away[..., 1] - sin * away[..., 0]
    upper, lower = np.where(x < 0, radii[0], radii[1]), np.where(x < 0, radii[3], radii[2])
    radius = np.where(y < 0, upper, lower)
    x, y = np.abs(x) - (right - left) / 2 + radius, np.abs(y) - (bottom - top) / 2 + radius
    inner = np.minimum(np.maximum(x, y), 0)
    return np.hypot(np.maximum(x, 0), np.maximum(y, 0)) + inner - radius


def paint(picture, outside, colour, *, soft=1.0):
    """Paint what lies inside, its edge ``soft`` pixels wide: (H, W, 3) float."""
    share = np.clip(0.5 - outside * SCALE / soft, 0, 1)[..., None]
    return picture * (1 - share) + np.asarray(colour) * share


def card(
    *,
    right=0.0,
    down=0.0,
    degrees=0.0,
    grown=0.0,
    radii=(3.0,) * 4,
    wall=0.0,
    paper=PAPER,
    seed=0,
    noise=2.0,
):
    """Draw a card whose print always lies in one place and whose cut is moved, turned and grown.

    Its right side may show a wall, as many mm wide.
    """
    points = grid()
    rng = np.random.default_rng(seed)
    box = (
        right - grown / 2,
        down - grown / 2,
        CARD[0] + right + grown / 2,
        CARD[1] + down + grown / 2,
    )
    view = np.full((*points.shape[:2], 3), GROUND, float)
    if wall:
        beside = (*box[:2], box[2] + wall, box[3])
        view = paint(view, rectangle(points, beside, radii=radii, degrees=degrees), WALL)
    view = paint(view, rectangle(points, box, radii=radii, degrees=degrees), paper)
    inside = rectangle(points, (4, 4, CARD[0] - 4, CARD[1] - 4), radii=(0.0,) * 4)
    view = paint(view, inside, sample(texture(), points))
    return as_pixels(view + rng.normal(0, noise, view.shape))


def as_pixels(picture):
    return np.clip(np.rint(picture), 0, 255).astype(np.uint8)
