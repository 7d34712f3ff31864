"""Lay the query's item on the reference's.

Maps are proposed, matches grow along each of them, and the best is kept. The background
never votes: wherever the reference's outline is known, only matches on the item count.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from evidence.comparison.alignment import Alignment, Unaligned, align, is_flat_item
from evidence.comparison.matching import (
    Homography,
    Matches,
    Similarity,
    compare_descriptors,
    match_features,
    match_near,
)
from evidence.comparison.outline_alignment import outline_map
from evidence.photo.features import Features
from evidence.photo.placing import inside_outline
from evidence.photo.reading import Reading
from evidence.settings import MatchingSettings


@dataclass(frozen=True, slots=True, eq=False)
class ItemAlignment:
    """How the query's item lies on the reference's.

    Attributes:
        matches: matches that stand out over the whole photos and lie on the reference's item.
        found: the map with its inliers, all on the item, or why there is none.
    """

    matches: Matches
    found: Alignment | Unaligned


def align_items(reference: Reading, query: Reading, *, settings: MatchingSettings) -> ItemAlignment:
    """Find the map from the query's view to the reference's on which most of the item agrees.

    Maps are proposed by the matches on both items, by all matches, and by laying outline
    on outline, either way up. Matches that each map brings close are gathered and the map
    is fitted again; the map with the most inliers on the item wins.

    Args:
        reference: what the pre-shipment photo is.
        query: what the photo in question is.
        settings: thresholds of this stage.
    """
    similarity, matches = _match(reference.features, query.features, settings.max_ratio)
    best: Alignment | Unaligned = Unaligned("too few matches")
    for proposed in _by_matches(reference, query, matches, settings):
        grown = _grow(reference, query, similarity, proposed, settings.near_radius, settings)
        best = _better(best, grown)
        if count_inliers(best) >= settings.enough_inliers:
            break
    if count_inliers(best) < settings.sure_inliers:
        for proposed in _by_outlines(reference, query):
            grown = _grow(reference, query, similarity, proposed, settings.far_radius, settings)
            best = _better(best, grown)
    on_item = inside_outline(reference.outline, matches.reference, margin=settings.item_margin)
    return ItemAlignment(matches.where(on_item), best)


def share_a_map(reference: Reading, query: Reading, *, settings: MatchingSettings) -> bool:
    """Say whether the matches that stand out agree on any map at all; no more is looked for.

    Args:
        reference: one photo.
        query: another one.
        settings: thresholds of this stage.
    """
    _, matches = _match(reference.features, query.features, settings.max_ratio)
    return isinstance(_fit(matches, settings), Alignment)


def count_inliers(found: Alignment | Unaligned) -> int:
    """Return how many matches the map explains, 0 without one."""
    return len(found.inliers) if isinstance(found, Alignment) else 0


def _better(best: Alignment | Unaligned, grown: Alignment | Unaligned) -> Alignment | Unaligned:
    if isinstance(grown, Unaligned):
        return grown if isinstance(best, Unaligned) else best
    return grown if count_inliers(grown) > count_inliers(best) else best


def _by_matches(
    reference: Reading, query: Reading, matches: Matches, settings: MatchingSettings
) -> Iterator[Homography]:
    """Yield the maps that matches propose, those on both items first."""
    on_reference = inside_outline(reference.outline, matches.reference, margin=settings.item_margin)
    on_both = on_reference & inside_outline(
        query.outline, matches.query, margin=settings.item_margin
    )
    for keep in (on_both, on_reference, np.ones(len(matches), bool)):
        found = _fit(matches.where(keep), settings)
        if isinstance(found, Alignment):
            yield found.reference_from_query


def _by_outlines(reference: Reading, query: Reading) -> Iterator[Homography]:
    """Yield the maps that lay outline on outline, either way up."""
    if reference.outline is not None and query.outline is not None:
        for turned in (False, True):
            yield outline_map(reference.outline, query.outline, turned=turned)


def _grow(
    reference: Reading,
    query: Reading,
    similarity: Similarity,
    proposed: Homography,
    radius: float,
    settings: MatchingSettings,
) -> Alignment | Unaligned:
    """Gather matches along a map and fit it again while that finds more of them."""
    best: Alignment | Unaligned = Unaligned("too few inliers")
    along = proposed
    for _ in range(settings.rounds):
        near = match_near(
            reference.features,
            query.features,
            similarity,
            along,
            radius=radius,
            min_similarity=settings.min_similarity,
        )
        on_item = inside_outline(reference.outline, near.reference, margin=settings.item_margin)
        found = _fit(near.where(on_item), settings)
        if isinstance(found, Unaligned):
            break
        if reference.outline is not None and not is_flat_item(
            found.reference_from_query, reference.outline.corners, settings.item_stretch
        ):
            return best if isinstance(best, Alignment) else Unaligned("not a flat item")
        if isinstance(best, Alignment) and len(found.inliers) <= len(best.inliers):
            break
        best, along, radius = found, found.reference_from_query, settings.near_radius
    return best


@lru_cache(maxsize=1)  # whoever asked for a map alone may go on
def _match(reference: Features, query: Features, max_ratio: float) -> tuple[Similarity, Matches]:
    similarity = compare_descriptors(reference, query)
    return similarity, match_features(reference, query, similarity, max_ratio=max_ratio)


def _fit(matches: Matches, settings: MatchingSettings) -> Alignment | Unaligned:
    return _fit_points(matches.query.tobytes(), matches.reference.tobytes(), settings)


@lru_cache(maxsize=32)  # a third of the ways lead to matches that were fitted before
def _fit_points(
    query: bytes, reference: bytes, settings: MatchingSettings
) -> Alignment | Unaligned:
    points = (np.frombuffer(part, np.float32).reshape(-1, 2) for part in (query, reference))
    return align(
        Matches(*points),
        max_error=settings.max_error,
        min_inliers=settings.min_inliers,
        max_stretch=settings.max_stretch,
    )
