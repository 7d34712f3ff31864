"""Draw the QR code of an id, to be printed on a label and scanned again."""

from dataclasses import dataclass

import numpy as np
import zxingcpp

LEVEL = "Q"  # a quarter of it may be scratched or lie under tape; chosen


@dataclass(frozen=True, slots=True)
class QR:
    """A code as a drawing: the side in modules, its quiet zone included, and an SVG path."""

    side: int
    path: str


def draw_qr(text: str) -> QR:
    """Return the code that says a text."""
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level=LEVEL)
    dark = np.asarray(code.to_image()) < 128
    runs = []
    for y, row in enumerate(dark):
        turns = np.flatnonzero(np.diff(np.concatenate([[False], row, [False]]).astype(np.int8)))
        runs += [f"M{a} {y}h{b - a}v1h{a - b}z" for a, b in turns.reshape(-1, 2)]
    return QR(len(dark), "".join(runs))
