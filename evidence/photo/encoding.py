"""Encode pixels as JPEG, with nothing in the file but the picture."""

import cv2
import numpy as np
from numpy.typing import NDArray


def encode_jpeg(pixels: NDArray[np.uint8], quality: int, *, full_colour: bool) -> bytes:
    """Return (H, W, 3) uint8 RGB as a JPEG file without any metadata.

    Args:
        pixels: sRGB.
        quality: 1 to 100, as libjpeg means it.
        full_colour: keep colour at every pixel (4:4:4), else at every fourth (4:2:0).
    """
    options = [
        cv2.IMWRITE_JPEG_QUALITY,
        quality,
        cv2.IMWRITE_JPEG_SAMPLING_FACTOR,
        cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444
        if full_colour
        else cv2.IMWRITE_JPEG_SAMPLING_FACTOR_420,
    ]
    _, data = cv2.imencode(".jpg", cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), options)
    return data.tobytes()


def shrink_picture(drawn: bytes, width: int, quality: int) -> bytes:
    """Return a picture that we drew ourselves as a JPEG, at most so wide; colours stay sharp.

    Args:
        drawn: PNG, of our own making.
        width: in pixels.
        quality: 1 to 100, as libjpeg means it.
    """
    pixels = np.asarray(cv2.imdecode(np.frombuffer(drawn, np.uint8), cv2.IMREAD_COLOR_RGB))
    height = round(pixels.shape[0] * width / pixels.shape[1])
    if pixels.shape[1] > width:
        pixels = cv2.resize(pixels, (width, max(1, height)), interpolation=cv2.INTER_AREA)
    return encode_jpeg(np.asarray(pixels, np.uint8), quality, full_colour=True)
