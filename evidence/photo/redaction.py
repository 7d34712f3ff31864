"""A copy of a photo that may be shown around: parts covered, no metadata."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from evidence.errors import UnacceptableError
from evidence.photo.decode import decode_photo
from evidence.photo.encoding import encode_jpeg
from evidence.settings import PICTURES, LimitSettings


@dataclass(frozen=True, slots=True)
class Box:
    """A part of the upright photo, in its pixels, from the upper left corner."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Redacted:
    """JPEG files without metadata: the upright photo in full size, and small, for a report."""

    copy: bytes
    small: bytes


def redact_photo(
    data: bytes, boxes: Sequence[Box], *, width: int, limits: LimitSettings
) -> Redacted:
    """Paint the boxes over in black; whatever is drawn and packed afterwards never saw them.

    Args:
        data: the original.
        boxes: to be covered; may be none.
        width: of the small picture, in pixels, at most.
        limits: what the file may cost.

    Raises:
        PhotoError: the bytes are no usable photo.
        UnacceptableError: a box is empty or lies outside of the picture, at least in part.
    """
    photo = decode_photo(data, side=limits.max_side, limits=limits)
    pixels = photo.pixels.copy()
    for box in boxes:
        right, lower = box.x + box.width, box.y + box.height
        inside = 0 <= box.x < right <= photo.width and 0 <= box.y < lower <= photo.height
        if not inside:
            raise UnacceptableError(
                f"photo {photo.sha256}: the picture is {photo.width} x {photo.height} pixels; "
                f"{box.width} x {box.height} at ({box.x}, {box.y}) is not inside of it",
                f"写真 {photo.sha256}：画像は {photo.width} x {photo.height} ピクセルです。"
                f"({box.x}, {box.y}) からの {box.width} x {box.height} は画像に収まりません。",
            )
        pixels[box.y : lower, box.x : right] = 0
    copy = encode_jpeg(pixels, PICTURES.full_quality, full_colour=True)
    scale = min(1.0, width / photo.width)
    if scale < 1:
        size = width, math.ceil(photo.height * scale)
        pixels = np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
    return Redacted(copy, encode_jpeg(pixels, PICTURES.quality, full_colour=False))
