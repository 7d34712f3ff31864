"""Compare two readings: the whole way of the data, in order, on one page."""

from functools import cache
from importlib.metadata import version

import cv2
import numpy as np

from evidence.comparison.alignment import Alignment
from evidence.comparison.appearance import Appearance, compare_appearance
from evidence.comparison.differencing import find_differences, find_hidden
from evidence.comparison.fusion import fuse
from evidence.comparison.item_alignment import align_items
from evidence.comparison.laying import lay_items
from evidence.comparison.verdict import Provenance, Region, Verdict, Weight
from evidence.photo.hashing import hash_distance
from evidence.photo.reading import Reading
from evidence.settings import Settings, fingerprint

LIBRARIES = ("imagehash", "numpy", "opencv-python-headless", "photo-evidence", "pillow")


def compare(reference: Reading, query: Reading, *, settings: Settings) -> Verdict:
    """Say what two photos show about each other; reads and writes nothing.

    Args:
        reference: the pre-shipment photo.
        query: the photo in question.
        settings: every threshold.

    Returns:
        The verdict; the same readings, settings and libraries give the same one.
    """
    aligned = align_items(reference, query, settings=settings.matching)
    appearance = see_appearance(reference, query, aligned.found, settings=settings)
    fused = fuse(
        aligned,
        appearance,
        (reference.quality, query.quality),
        hash_distance(reference.hashes, query.hashes),
        settings=settings.fusion,
        parts=settings.appearance,
    )
    same = fused.verdict == "same_design"
    differences, hidden = _regions(reference, appearance if same else None, settings)
    return Verdict(
        verdict=fused.verdict,
        design=fused.design,
        copy=Weight(None, 0.0),
        regions=differences,
        hidden=hidden,
        shortfalls=(*query.shortfalls, *fused.shortfalls),
        findings=fused.findings,
        provenance=Provenance(fingerprint(settings), library_versions()),
    )


def see_appearance(
    reference: Reading, query: Reading, found: object, *, settings: Settings
) -> Appearance | None:
    """Compare the items' appearance along the map that was found, None without one."""
    if not isinstance(found, Alignment):
        return None
    laid = lay_items(reference, query, found)
    wanted = settings.appearance
    return compare_appearance(
        np.asarray(cv2.cvtColor(laid.reference, cv2.COLOR_RGB2GRAY), np.uint8),
        np.asarray(cv2.cvtColor(laid.query, cv2.COLOR_RGB2GRAY), np.uint8),
        laid.seen,
        window=wanted.window,
        reach=wanted.reach,
        noise=wanted.noise,
        full_contrast=wanted.full_contrast,
        dark=wanted.dark,
        bright=wanted.bright,
    )


@cache
def library_versions() -> dict[str, str]:
    """Return the version of every library that a verdict depends on."""
    return {name: version(name) for name in LIBRARIES}


def _regions(
    reference: Reading, appearance: Appearance | None, settings: Settings
) -> tuple[tuple[Region, ...], tuple[Region, ...]]:
    """Return where the same design differs and where it is hidden; nothing for another."""
    if appearance is None:
        return (), ()
    wanted, frame = settings.appearance, reference.frame
    differences = find_differences(
        appearance,
        frame,
        differs=wanted.differs,
        least_weight=wanted.least_weight,
        least_mm=wanted.least_region,
    )
    return differences, find_hidden(appearance, frame, least_mm=wanted.least_region)
