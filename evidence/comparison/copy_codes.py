"""Read the bar and QR codes that tell one copy from another: a slab's repeat its certificate."""

from dataclasses import dataclass

import cv2
import numpy as np
import zxingcpp
from numpy.typing import NDArray

from evidence.comparison.number_text import Agreement
from evidence.comparison.text_finding import Boxes
from evidence.settings import NumberSettings

KINDS = zxingcpp.BarcodeFormats(
    [
        zxingcpp.BarcodeFormat.Code128,
        zxingcpp.BarcodeFormat.Code39,
        zxingcpp.BarcodeFormat.ITF,
        zxingcpp.BarcodeFormat.DataMatrix,
        zxingcpp.BarcodeFormat.QRCode,
    ]
)
"""What graders print; codes of products (EAN, UPC) are alike on every copy."""


@dataclass(frozen=True, slots=True, eq=False)
class Code:
    """One code of an item.

    Attributes:
        text: what it says.
        box: (4,) left, top, right, bottom around it, pixels.
        steady: it says the same where the picture is softer; the bars of some kinds carry no check
            digit.
    """

    text: str
    box: Boxes
    steady: bool


def find_codes(picture: NDArray[np.uint8], *, settings: NumberSettings) -> list[Code]:
    """Return the codes that can be read, in no order; any way up.

    Args:
        picture: (H, W, 3) uint8 RGB, the item in its plane.
        settings: thresholds of this stage.
    """
    gray = np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.uint8)
    read = _read(gray, settings)
    if not read:
        return []
    softer = np.asarray(cv2.GaussianBlur(gray, (0, 0), settings.code_softer), np.uint8)
    again = {text for text, _ in _read(softer, settings)}
    return [Code(text, box, text in again) for text, box in read]


def agree_codes(reference: Code, query: Code) -> Agreement:
    """Say whether two codes are one; another one has to be read twice in both photos.

    A code that says a part of the other was read in part.
    """
    if reference.text == query.text:
        return "equal"
    part = reference.text in query.text or query.text in reference.text
    return "different" if reference.steady and query.steady and not part else "doubtful"


def code_there(codes: list[Code], box: Boxes) -> Code | None:
    """Return the code that lies nearest to a place, None where none is near.

    Args:
        codes: of the query, in the same plane.
        box: (4,) around the reference's code; labels slide in their case.
    """
    reach = float((box[2:] - box[:2]).max()) / 2
    away = [float(np.abs(code.box - box).max()) for code in codes]
    near = [pair for pair in zip(away, codes, strict=True) if pair[0] <= reach]
    return min(near, key=lambda pair: pair[0])[1] if near else None


def _read(gray: NDArray[np.uint8], settings: NumberSettings) -> list[tuple[str, Boxes]]:
    found = []
    for code in zxingcpp.read_barcodes(gray, formats=KINDS):
        if not (code.text.isprintable() and 0 < len(code.text) <= settings.most_code):
            continue
        at = code.position
        corners = np.array(
            [[p.x, p.y] for p in (at.top_left, at.top_right, at.bottom_right, at.bottom_left)],
            np.float64,
        )
        found.append((code.text, np.concatenate([corners.min(axis=0), corners.max(axis=0)])))
    return found
