"""Pictures of one photo for screens: upright, sRGB, without metadata, never enlarged."""

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from evidence.photo.decode import decode_photo
from evidence.photo.encoding import encode_jpeg
from evidence.photo.reading import Reading
from evidence.settings import LimitSettings, PictureSettings


def draw_small(reading: Reading, *, settings: PictureSettings) -> dict[str, bytes]:
    """Draw each width that the reading's view is large enough for; the original is not needed.

    Returns:
        JPEG files by their width, in digits: as asked, although a small photo is not enlarged.
    """
    view = reading.view()
    drawn = {}
    for width in settings.widths:
        size = _size(reading.width, reading.height, width)
        if size[0] <= view.shape[1]:
            drawn[str(width)] = _draw(view, size, settings)
    return drawn


def draw_large(
    reading: Reading,
    data: bytes,
    width: int,
    *,
    limits: LimitSettings,
    settings: PictureSettings,
) -> dict[str, bytes]:
    """Draw one width from the photo's original bytes, decoded no larger than that needs.

    Raises:
        PhotoError: the bytes are no usable photo any more.
    """
    size = _size(reading.width, reading.height, width)
    side = math.ceil(max(reading.width, reading.height) * size[0] / reading.width)
    photo = decode_photo(data, side=side, limits=limits)
    return {str(width): _draw(photo.pixels, size, settings)}


def _size(width: int, height: int, wanted: int) -> tuple[int, int]:
    """Return (width, height) of the picture that is at most as wide as wanted."""
    scale = min(1.0, wanted / width)
    return max(1, round(width * scale)), max(1, round(height * scale))


def _draw(pixels: NDArray[np.uint8], size: tuple[int, int], settings: PictureSettings) -> bytes:
    if (pixels.shape[1], pixels.shape[0]) != size:
        pixels = np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
    return encode_jpeg(pixels, settings.quality, full_colour=False)
