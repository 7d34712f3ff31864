"""A card of coloured squares and what happened to it, laid on each other place by place."""

import numpy as np

from evidence.comparison.cells import Cells
from evidence.comparison.fine_laying import FineItems, _channels
from evidence.photo.frame import Frame

SIZE = (630, 880)  # of a card at ten pixels a millimetre
PIXELS = np.random.default_rng(3).integers(60, 230, (22, 16, 3)).astype(np.float32)
PRINT = np.kron(PIXELS, np.ones((40, 40, 1), np.float32))[: SIZE[1], : SIZE[0]]


def laid(query, shown=True):
    """Lay a query, (880, 630, 3) levels, on the card; ``shown`` is where both show it."""
    cells = Cells(SIZE, (88, 63), 1.0)
    seen = np.broadcast_to(shown, SIZE[::-1])
    ours, theirs = (
        _channels(np.clip(np.rint(pixels), 0, 255).astype(np.uint8)) for pixels in (PRINT, query)
    )
    frame = Frame(*SIZE, np.eye(3), 10.0)
    across, down = (np.minimum(np.arange(n) + 0.5, n - 0.5 - np.arange(n)) / 10 for n in SIZE)
    depth = np.minimum(across[None, :], down[:, None]).astype(np.float32)
    return FineItems(frame, cells, ours, theirs, seen, seen, seen, depth)


def rounded_depth(size, radius):
    """Return how deep each pixel lies in a card with round corners, in pixels; (H, W)."""
    width, height = size
    rows, columns = np.mgrid[0:height, 0:width] + 0.5
    across, down = np.minimum(columns, width - columns), np.minimum(rows, height - rows)
    beyond = np.hypot(np.maximum(radius - across, 0), np.maximum(radius - down, 0))
    at_corner = (across < radius) & (down < radius)
    return np.where(at_corner, radius - beyond, np.minimum(across, down))
