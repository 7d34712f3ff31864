"""Perceptual hashes of 256 bits, of the whole photo and of the rectified item."""

import cv2
import imagehash
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from bench.rule import SETTINGS, Features, view
from evidence.photo.frame import frame_item, rectify
from evidence.photo.hashing import Hashes, hash_distance, hash_item
from evidence.photo.outline import find_outlines


class WholePhash:
    """Perceptual hash of the whole photo."""

    name = "phash"
    title = "whole-photo pHash"
    source = "Zauner, 2010; imagehash.phash with 16 x 16 bits"

    def prepare(self, data: bytes) -> Features:
        """Hash the photo."""
        return {"bits": imagehash.phash(Image.fromarray(view(data)), hash_size=16).hash}

    def score(self, reference: Features, query: Features) -> float:
        """Return minus the distance in bits."""
        return -float(np.count_nonzero(reference["bits"] != query["bits"]))


class WholePdq(WholePhash):
    """PDQ of the whole photo."""

    name = "pdq"
    title = "whole-photo PDQ"
    source = "Facebook, The TMK+PDQF Video-Hashing Algorithm and the PDQ Image-Hashing Algorithm"

    def prepare(self, data: bytes) -> Features:
        """Hash the photo."""
        return {"bits": pdq(view(data))}


class RectifiedPhash:
    """Perceptual hash of the item seen straight on, either way up: the reading's hashes."""

    name = "rectified-phash"
    title = "rectified pHash"
    source = "own outline, then as whole-photo pHash"

    def prepare(self, data: bytes) -> Features:
        """Find the item and hash it."""
        pixels, wanted = view(data), SETTINGS.reading
        sizes = (wanted.card_mm, wanted.slab_mm)
        aspects = tuple(min(size) / max(size) for size in sizes)
        outlines = find_outlines(pixels, aspects=aspects, settings=SETTINGS.outline)
        outline = outlines[0] if outlines else None
        size = (pixels.shape[1], pixels.shape[0])
        frame = frame_item(outline, size, sizes_mm=sizes, height=wanted.frame_height)
        hashes = hash_item(rectify(pixels, frame), size=wanted.hash_size)
        return {"hashes": np.array([hashes.upright, hashes.turned])}

    def score(self, reference: Features, query: Features) -> float:
        """Return minus the distance in bits."""
        return -float(hash_distance(*(Hashes(*map(str, f["hashes"])) for f in (reference, query))))


def pdq(pixels: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Return the 256 bits of PDQ, as (16, 16) bool.

    The lightness is blurred twice by boxes of one 128th of each side, sampled at 64 x 64 places,
    and the 16 x 16 lowest frequencies but the constant are compared with their median.
    """
    luma = pixels.astype(np.float32) @ np.array([0.299, 0.587, 0.114], np.float32)
    height, width = luma.shape
    box = ((width + 127) // 128, (height + 127) // 128)
    anchor = ((box[0] - 1) // 2, (box[1] - 1) // 2)
    sides, border = np.ones_like(luma), cv2.BORDER_CONSTANT
    for _ in range(2):
        total, count = (
            cv2.boxFilter(picture, cv2.CV_32F, box, None, anchor, False, border)
            for picture in (luma, sides)
        )
        luma = np.asarray(total / count, np.float32)
    rows, columns = (((np.arange(64) + 0.5) * side / 64).astype(int) for side in (height, width))
    frequency, place = np.arange(1, 17)[:, None], 2 * np.arange(64) + 1
    waves = np.cos(np.pi / 128 * frequency * place)
    spectrum = waves @ luma[np.ix_(rows, columns)] @ waves.T
    return np.asarray(spectrum > np.median(spectrum))
