"""Perceptual hashes of the item seen straight on."""

from dataclasses import dataclass

import imagehash
import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PIL.Image import Resampling, Transpose


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
    # imagehash shrinks to this size first of all: done once, it finds nothing left to shrink.
    small = Image.fromarray(rectified).convert("L").resize((4 * size, 4 * size), Resampling.LANCZOS)
    turned = small.transpose(Transpose.ROTATE_180)
    return Hashes(*(str(imagehash.phash(way, hash_size=size)) for way in (small, turned)))


def hash_distance(reference: Hashes, query: Hashes) -> int:
    """Return the smaller distance in bits, whichever way up the query lies."""
    upright = imagehash.hex_to_hash(reference.upright)
    return int(min(upright - imagehash.hex_to_hash(q) for q in (query.upright, query.turned)))
