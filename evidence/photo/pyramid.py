"""Deep Zoom tiles of one photo: from a single pixel down to every pixel of the original.

A level halves the next one, each pixel the mean of four, so that no detail that a screen cannot
show turns into a pattern. The last row or column of an odd level is repeated: pixel k of a level
always covers 2k and 2k + 1 of the next, and places agree on all levels.
"""

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from evidence.photo.decode import decode_photo
from evidence.photo.encoding import encode_jpeg
from evidence.settings import LimitSettings, PictureSettings

_DESCRIPTOR = """<?xml version="1.0" encoding="UTF-8"?>
<Image xmlns="http://schemas.microsoft.com/deepzoom/2008" Format="jpg" \
Overlap="{overlap}" TileSize="{tile}"><Size Width="{width}" Height="{height}"/></Image>
"""


def describe_tiles(width: int, height: int, *, settings: PictureSettings) -> str:
    """Return the Deep Zoom descriptor (XML) of a photo of that size in pixels."""
    return _DESCRIPTOR.format(
        overlap=settings.overlap, tile=settings.tile, width=width, height=height
    )


def tile_name(level: int, column: int, row: int) -> str:
    """Return the name of a tile among those of its photo."""
    return f"{level}/{column}_{row}"


def draw_tiles(
    data: bytes, *, limits: LimitSettings, settings: PictureSettings
) -> dict[str, bytes]:
    """Decode a photo once and cut all its levels into tiles.

    Returns:
        JPEG files by ``tile_name``; level 0 is one pixel, the last level the original's size.

    Raises:
        PhotoError: the bytes are no usable photo any more.
    """
    level = decode_photo(data, side=limits.max_side, limits=limits).pixels
    last = (max(level.shape[:2]) - 1).bit_length()
    tiles = {}
    for number in range(last, -1, -1):
        full = number == last
        quality = settings.full_quality if full else settings.quality
        for column, row, part in _cut(level, settings):
            tile = encode_jpeg(part, quality, full_colour=full)
            tiles[tile_name(number, column, row)] = tile
        level = _halve(level)
    return tiles


def _cut(
    level: NDArray[np.uint8], settings: PictureSettings
) -> Iterator[tuple[int, int, NDArray[np.uint8]]]:
    """Yield column, row and pixels of each tile, with what it shares with its neighbours."""
    height, width = level.shape[:2]
    tile, more = settings.tile, settings.overlap
    for row, y in enumerate(range(0, height, tile)):
        for column, x in enumerate(range(0, width, tile)):
            part = level[max(0, y - more) : y + tile + more, max(0, x - more) : x + tile + more]
            yield column, row, part


def _halve(level: NDArray[np.uint8]) -> NDArray[np.uint8]:
    height, width = level.shape[:2]
    even = cv2.copyMakeBorder(level, 0, height % 2, 0, width % 2, cv2.BORDER_REPLICATE)
    size = (width + 1) // 2, (height + 1) // 2
    return np.asarray(cv2.resize(even, size, interpolation=cv2.INTER_AREA), np.uint8)
