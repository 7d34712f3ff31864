"""All photos of a claim against all photos of its item: the likeliest pairs first."""

from collections.abc import Mapping, Sequence

from evidence.comparison.combine import AGREEING, combine, discount_view
from evidence.comparison.verdict import Verdict
from evidence.photo.hashing import Hashes, hash_distance
from evidence.photo.reading import stored_hashes
from evidence.registry.records import KeptPhoto
from evidence.service.comparisons import compare_kept
from evidence.service.parts import Service
from evidence.service.trials import run_trials
from evidence.service.uploads import kept_reading

Pair = tuple[KeptPhoto, KeptPhoto]  # reference and query


def judge_claim(
    service: Service, references: Sequence[KeptPhoto], queries: Sequence[KeptPhoto]
) -> Verdict | None:
    """Join what each photo of the product says against the item's photos.

    A photo is compared with the item's photos until one agrees. A view may be named wrongly, and
    an honest photo must not differ for that: so before a photo speaks against, it has been held
    against every photo of the item. As many comparisons run at once as there are workers.

    Returns:
        The verdict, None where there is nothing to compare.

    Raises:
        BusyError: no worker came free, or the work did not end in time.
    """
    products = [query for query in queries if query.role == "product"]
    if not references or not products:
        return None
    found = run_trials(
        _likeliest_first(service, references, products),
        lambda pair: (pair, compare_kept(service, pair[0].photo_id, pair[1].photo_id).verdict),
        lambda judged: judged[1].verdict in AGREEING,
        at_once=service.workers.count,
    )
    return combine([[_discounted(*judged) for judged in verdicts] for verdicts in found])


def _discounted(pair: Pair, verdict: Verdict) -> Verdict:
    reference, query = pair
    return discount_view(verdict, reference_view=reference.view, query_view=query.view)


def _likeliest_first(
    service: Service, references: Sequence[KeptPhoto], queries: Sequence[KeptPhoto]
) -> list[list[Pair]]:
    """Order by the view's name, then by the perceptual hashes, which cost next to nothing."""
    if len(references) < 2:
        return [[(reference, query) for reference in references] for query in queries]
    hashes = {photo.photo_id: _hashes(service, photo) for photo in (*references, *queries)}
    orders = []
    for query in queries:
        pairs = [(reference, query) for reference in references]
        orders.append(sorted(pairs, key=lambda pair: _unlikeness(pair, hashes)))
    return orders


def _unlikeness(pair: Pair, hashes: Mapping[str, Hashes]) -> tuple[bool, int]:
    reference, query = pair
    distance = hash_distance(hashes[reference.photo_id], hashes[query.photo_id])
    return reference.view != query.view, distance


def _hashes(service: Service, photo: KeptPhoto) -> Hashes:
    return stored_hashes(kept_reading(service, photo.photo_id))
