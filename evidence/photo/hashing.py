"""Perceptual hashes of the item seen straight on."""

from dataclasses import dataclass

import imagehash
import numpy as np
from numpy.typing import NDArray
from PIL import Image


@dataclass(frozen=True, slots=True)
class Hashes:
    """Perceptual hashes of the rectified item, as hexadecimal text.

    Attributes:
        upright: pHash of the item as it lies.
        turned: the same after half a turn, since a photo can be upside down.
    """

    upright: str
    turned: str


def hash_item(rectified: NDArray[np.uint8], *, size: int) -> Hashes:
    """Hash the rectified item both ways up.

    Args:
        rectified: (H, W, 3) uint8 RGB.
        size: bits a side; the hash has size x size bits.

    Source:
        pHash: Zauner, 2010, as imagehash computes it.
    """
    return Hashes(*(_hash(picture, size) for picture in (rectified, rectified[::-1, ::-1])))


def hash_distance(reference: Hashes, query: Hashes) -> int:
    """Return the smaller distance in bits, whichever way up the query lies."""
    upright = imagehash.hex_to_hash(reference.upright)
    return int(min(upright - imagehash.hex_to_hash(q) for q in (query.upright, query.turned)))


def _hash(picture: NDArray[np.uint8], size: int) -> str:
    return str(imagehash.phash(Image.fromarray(picture), hash_size=size))
