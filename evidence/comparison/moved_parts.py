"""What one map cannot hold: a part of the item that slid, an item that lies elsewhere."""

import cv2
import numpy as np
from numpy.typing import NDArray

from evidence.comparison.alignment import Alignment, align, project
from evidence.comparison.item_alignment import ItemAlignment
from evidence.comparison.matching import Matches
from evidence.photo.reading import Reading
from evidence.settings import Settings


def map_beside(reference: Reading, aligned: ItemAlignment, settings: Settings) -> Alignment | None:
    """Return the map of what lies a little beside the first map, None where nothing does.

    A card and its label slide in their case: each lies as it did, but not both on one map.
    """
    found, frame = aligned.found, reference.frame
    if not isinstance(found, Alignment) or not frame.is_case_of(settings.reading.card_mm):
        return None
    matches = aligned.matches
    ours = project(matches.reference, frame.frame_from_view)
    theirs = project(matches.query, frame.frame_from_view @ found.reference_from_query)
    away = np.hypot(*(theirs - ours).T) / max(frame.width, frame.height)
    beside = _misses(matches, found) > settings.matching.max_error
    return _second(matches.where(beside & (away < settings.matching.most_slid)), settings)


def holds_all(aligned: ItemAlignment, settings: Settings) -> bool:
    """Say whether one map holds many matches, and no second one so many that an item has moved."""
    found, matches, wanted = aligned.found, aligned.matches, settings.matching
    if not isinstance(found, Alignment) or len(found.inliers) < wanted.sure_inliers:
        return False
    return _second(matches.where(_misses(matches, found) > 3 * wanted.max_error), settings) is None


def hull_of(reference: Reading, found: Alignment) -> NDArray[np.float64]:
    """Return the (K, 2) corners around all matches of the map, in pixels of the frame.

    Where neither photo shows an outline, what disagrees may be the ground. Between many matches
    of one map there is none, so they stand in for the outline. Measured on the real pairs with
    all outlines taken away: of 185 of one design none weighs below 0.5, of 30 others 21 below -1.
    """
    hull = cv2.convexHull(found.inliers.reference).astype(np.float64)
    corners = cv2.perspectiveTransform(hull, reference.frame.frame_from_view)
    return np.asarray(corners[:, 0], np.float64)


def _misses(matches: Matches, found: Alignment) -> NDArray[np.float64]:
    """Return (M,) how far each match lies off the map, in pixels of the reference's view."""
    away = project(matches.query, found.reference_from_query) - matches.reference
    return np.asarray(np.hypot(away[:, 0], away[:, 1]), np.float64)


def _second(strays: Matches, settings: Settings) -> Alignment | None:
    """Return the map of what the first one leaves, None unless more than chance agrees on it."""
    found = align(
        strays,
        max_error=settings.matching.max_error,
        min_inliers=settings.fusion.by_chance,
        max_stretch=settings.matching.max_stretch,
    )
    return found if isinstance(found, Alignment) else None
