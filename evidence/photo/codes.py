"""Read the bar and QR codes on a picture: labels, order slips, whatever lies before the camera."""

from dataclasses import dataclass

import cv2
import numpy as np
import zxingcpp

from evidence.photo.decode import decode_photo
from evidence.settings import LimitSettings

SIDE = 1600  # longer side that codes are looked for at, pixels: the dock sends 1,280
MOST = 8  # codes that are told; chosen: a label has one, a carrier's slip about four
LONGEST = 300  # characters of one; chosen: ids have at most 128


@dataclass(frozen=True, slots=True)
class ReadCode:
    """What one code says, and the name of its kind, such as ``QRCode``."""

    text: str
    format: str


def read_codes(data: bytes, limits: LimitSettings) -> tuple[ReadCode, ...]:
    """Return the codes on a picture, the largest first; what cannot be printed is left out.

    Args:
        data: a picture's file, from anyone.
        limits: what it may cost.

    Raises:
        PhotoError: the bytes are no usable photo; the subclass says why.
    """
    photo = decode_photo(data, side=SIDE, limits=limits)
    gray = np.asarray(cv2.cvtColor(photo.pixels, cv2.COLOR_RGB2GRAY), np.uint8)
    found = zxingcpp.read_barcodes(gray, text_mode=zxingcpp.TextMode.Plain)  # as it was written
    read = sorted(found, key=_size, reverse=True)
    told = dict.fromkeys(
        ReadCode(code.text.strip(), code.format.name)
        for code in read
        if code.text.isprintable() and 0 < len(code.text.strip()) <= LONGEST
    )
    return tuple(told)[:MOST]


def _size(code: zxingcpp.Barcode) -> int:
    """Return how large a code is: the longer diagonal of its place, squared, in pixels."""
    at = code.position
    diagonals = ((at.top_left, at.bottom_right), (at.top_right, at.bottom_left))
    return max((a.x - b.x) ** 2 + (a.y - b.y) ** 2 for a, b in diagonals)
