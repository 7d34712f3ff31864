"""Both items in one fine frame, laid on each other to a part of a pixel."""

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from evidence.comparison.alignment import Alignment
from evidence.comparison.cells import Cells
from evidence.comparison.local_alignment import find_displacement
from evidence.comparison.print_map import PrintMap, Unmapped
from evidence.photo.frame import Frame, resize_frame
from evidence.photo.reading import Reading
from evidence.settings import ChangeSettings

FloatMap = NDArray[np.float32]

BLOWN, CRUSHED = 250, 6  # levels beyond which all channels say nothing
CLIPPED = 252  # level from which one channel says nothing about colour


@dataclass(frozen=True, slots=True, eq=False)
class FineItems:
    """Both items straight on, place by place.

    Attributes:
        frame: the reference's plane at the size of these pictures.
        cells: a grid of about one millimetre over it.
        reference, query: lightness and the colour axes Cr and Cb, each (H, W) float32 levels.
        on_reference, on_query: (H, W) bool, where each photo shows the item, neither blown nor
            crushed.
        coloured: (H, W) bool, where no channel of either is clipped.
        depth: (H, W) float32, millimetres from the item's edge.
    """

    frame: Frame
    cells: Cells
    reference: tuple[FloatMap, ...]
    query: tuple[FloatMap, ...]
    on_reference: NDArray[np.bool_]
    on_query: NDArray[np.bool_]
    coloured: NDArray[np.bool_]
    depth: FloatMap


def lay_finely(
    reference: Reading,
    query: Reading,
    alignment: Alignment,
    mapped: PrintMap | Unmapped,
    *,
    settings: ChangeSettings,
) -> FineItems:
    """Lay the query on the reference, and follow what a homography leaves over.

    Args:
        reference: whose item's size is known.
        query: the photo in question.
        alignment: how the query lies on the reference.
        mapped: the same by the print; without it the query is followed block by block.
        settings: thresholds of this stage.
    """
    px = settings.px_per_mm
    frame = resize_frame(reference.frame, px / (reference.frame.px_per_mm or px))
    size = frame.width, frame.height
    cells = Cells(size, (round(frame.height / px), round(frame.width / px)), 1.0)
    still = np.zeros((2, *cells.shape), np.float32)
    ours = _sample(reference.view(), frame.frame_from_view, cells, still)
    frame_from_query = frame.frame_from_view @ alignment.reference_from_query
    soft = _soften(query.view(), frame_from_query, frame)
    depth = _depth(size, settings)
    inside = depth >= settings.edge_mm
    if isinstance(mapped, PrintMap):
        found = _drift(mapped, cells)
    else:
        rough = _sample(soft, frame_from_query, cells, still)
        found = _follow(ours, rough, inside & _shows(ours) & _shows(rough), cells, settings)
    theirs = _sample(soft, frame_from_query, cells, found)
    coloured = inside & _unclipped(ours) & _unclipped(theirs)
    return FineItems(
        frame,
        cells,
        _channels(ours),
        _channels(theirs),
        inside & _shows(ours),
        inside & _shows(theirs),
        coloured,
        depth,
    )


def _drift(mapped: PrintMap, cells: Cells) -> FloatMap:
    """Return where in the laid query the print lies, (2, R, C) pixels."""
    rows, columns = cells.shape
    middles = np.meshgrid((np.arange(columns) + 0.5) / columns, (np.arange(rows) + 0.5) / rows)
    drift = mapped.drift_at(np.stack(middles, axis=-1) * mapped.size_mm)
    px = np.divide(cells.size, mapped.size_mm)
    return np.asarray(np.moveaxis(drift * px, -1, 0), np.float32)


def _follow(
    ours: NDArray[np.uint8],
    rough: NDArray[np.uint8],
    both: NDArray[np.bool_],
    cells: Cells,
    settings: ChangeSettings,
) -> FloatMap:
    """Return the same without a map of the print, as on a note or a bent card."""
    half = replace(cells, size=(cells.size[0] // 2, cells.size[1] // 2))
    seen = half.spread(cells.mean(both.astype(np.float32), 0.3))
    return 2 * find_displacement(
        _gray(ours, half), _gray(rough, half), seen, half, settings=settings
    )


def _soften(
    view: NDArray[np.uint8], frame_from_view: NDArray[np.float64], frame: Frame
) -> NDArray[np.uint8]:
    """Take away what the frame is too coarse for."""
    x, y, w = np.linalg.inv(frame_from_view) @ [
        [frame.width / 2, frame.width / 2 + 1],
        [frame.height / 2] * 2,
        [1, 1],
    ]
    step = float(np.hypot(x[1] / w[1] - x[0] / w[0], y[1] / w[1] - y[0] / w[0]))
    if step <= 0.8:
        return view
    return np.asarray(cv2.GaussianBlur(view, (0, 0), 0.45 * step), np.uint8)


def _sample(
    view: NDArray[np.uint8],
    frame_from_view: NDArray[np.float64],
    cells: Cells,
    displacement: FloatMap,
) -> NDArray[np.uint8]:
    """(H, W, 3) uint8, read where the map and the displacement say; black outside the view."""
    a = np.linalg.inv(frame_from_view)
    a = (a / a[2, 2]).astype(np.float32)
    x = cells.spread(displacement[0]) + np.arange(cells.size[0], dtype=np.float32)
    y = cells.spread(displacement[1]) + np.arange(cells.size[1], dtype=np.float32)[:, None]
    under = 1 / (a[2, 0] * x + a[2, 1] * y + a[2, 2])
    u = (a[0, 0] * x + a[0, 1] * y + a[0, 2]) * under
    v = (a[1, 0] * x + a[1, 1] * y + a[1, 2]) * under
    return np.asarray(cv2.remap(view, u, v, cv2.INTER_LINEAR), np.uint8)


def _shows(picture: NDArray[np.uint8]) -> NDArray[np.bool_]:
    blown = cv2.inRange(picture, np.full(3, float(BLOWN)), np.full(3, 255.0))
    crushed = cv2.inRange(picture, np.zeros(3), np.full(3, float(CRUSHED)))
    blown = cv2.dilate(blown, np.ones((7, 7), np.uint8))
    return np.asarray((blown == 0) & (crushed == 0))


def _unclipped(picture: NDArray[np.uint8]) -> NDArray[np.bool_]:
    return np.asarray(cv2.inRange(picture, np.zeros(3), np.full(3, CLIPPED - 1.0)) > 0)


def _gray(picture: NDArray[np.uint8], cells: Cells) -> FloatMap:
    gray = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    return np.asarray(cv2.resize(gray, cells.size, interpolation=cv2.INTER_AREA), np.float32)


def _channels(picture: NDArray[np.uint8]) -> tuple[FloatMap, ...]:
    split = cv2.split(cv2.cvtColor(picture, cv2.COLOR_RGB2YCrCb))
    return tuple(np.asarray(part, np.float32) for part in split)


def _depth(size: tuple[int, int], settings: ChangeSettings) -> FloatMap:
    """How deep each pixel lies inside the item, in mm; its corners are rounded as a card's."""
    radius = np.float32(settings.corner_mm)
    across, down = (
        (np.minimum(np.arange(n) + 0.5, n - 0.5 - np.arange(n)) / settings.px_per_mm).astype(
            np.float32
        )
        for n in size
    )
    x, y = np.maximum(radius - across, 0)[None, :], np.maximum(radius - down, 0)[:, None]
    straight = np.minimum(across[None, :], down[:, None])
    return np.asarray(np.where((x > 0) & (y > 0), radius - np.hypot(x, y), straight), np.float32)
