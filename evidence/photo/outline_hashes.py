"""Hashes of a photo's item by each of its outlines, since the best one is not always the same."""

from math import isqrt

from evidence.photo.frame import frame_item, rectify
from evidence.photo.hashing import Hashes, hash_item
from evidence.photo.reading import Reading


def hash_outlines(reading: Reading) -> tuple[Hashes, ...]:
    """Hash what lies in each outline of a photo, the best one first.

    A card in a sleeve has two outlines or three, and which of them is the best changes with the
    light. So a search holds every one of the probe's against every one of a photo's.

    Returns:
        At least one; those of the reading itself come first.
    """
    size = isqrt(4 * len(reading.hashes.upright))  # four bits a hexadecimal digit
    found = [reading.hashes]
    if len(reading.outlines) > 1:
        view = reading.view()
        for outline in reading.outlines[1:]:
            # A hash has no proportions: the outline's own do.
            frame = frame_item(
                outline, (view.shape[1], view.shape[0]), sizes_mm=(), height=reading.frame.height
            )
            found.append(hash_item(rectify(view, frame), size=size))
    return tuple(found)
