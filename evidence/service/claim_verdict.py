"""All photos of a claim against all photos of its item: the likeliest pairs first."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from evidence.comparison.combine import AGREEING, combine, discount_view
from evidence.comparison.verdict import Verdict
from evidence.photo.hashing import hash_distance
from evidence.photo.reading import Reading
from evidence.registry.records import KeptPhoto
from evidence.service.comparisons import compare_kept
from evidence.service.parts import Service
from evidence.service.uploads import kept_reading


def judge_claim(
    service: Service, references: Sequence[KeptPhoto], queries: Sequence[KeptPhoto]
) -> Verdict | None:
    """Join what each photo of the product says against the item's photos.

    The photos of the claim are compared at the same time, as far as there are workers.

    Returns:
        The verdict, None where there is nothing to compare.

    Raises:
        BusyError: no worker came free, or the work did not end in time.
    """
    products = [query for query in queries if query.role == "product"]
    if not references or not products:
        return None
    against = partial(_against_all, service, references)
    with ThreadPoolExecutor(min(len(products), service.workers.count)) as threads:
        return combine(list(threads.map(against, products)))


def _against_all(
    service: Service, references: Sequence[KeptPhoto], query: KeptPhoto
) -> list[Verdict]:
    """Compare with the item's photos until one agrees.

    A view may be named wrongly, and an honest photo must not differ for that: so before a
    photo speaks against, it has been held against every photo of the item.
    """
    verdicts: list[Verdict] = []
    for reference in _likeliest_first(service, references, query):
        found = compare_kept(service, reference.photo_id, query.photo_id).verdict
        verdicts.append(discount_view(found, reference_view=reference.view, query_view=query.view))
        if found.verdict in AGREEING:
            break
    return verdicts


def _likeliest_first(
    service: Service, references: Sequence[KeptPhoto], query: KeptPhoto
) -> list[KeptPhoto]:
    """Order by the view's name, then by the perceptual hashes, which cost next to nothing."""
    if len(references) < 2:
        return list(references)
    hashes = _reading(service, query).hashes

    def unlikeness(reference: KeptPhoto) -> tuple[bool, int]:
        distance = hash_distance(_reading(service, reference).hashes, hashes)
        return reference.view != query.view, distance

    return sorted(references, key=unlikeness)


def _reading(service: Service, photo: KeptPhoto) -> Reading:
    return Reading.from_bytes(kept_reading(service, photo.photo_id))
