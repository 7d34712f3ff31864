"""All photos of a claim against all photos of its item: the likeliest pairs first."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from evidence.comparison.combine import AGREEING, combine, discount_view
from evidence.comparison.verdict import Compared, Verdict
from evidence.registry.records import KeptPhoto, PhotoHashes
from evidence.service.comparing import compare_in_turn
from evidence.service.comparisons import find_keys
from evidence.service.gallery import distance_between
from evidence.service.kept_hashes import kept_hashes
from evidence.service.parts import Service

Pair = tuple[KeptPhoto, KeptPhoto]  # reference and query


@dataclass(frozen=True, slots=True)
class JudgedPhoto:
    """A photo of the product and what it shows against the item's photos, the likeliest first."""

    photo: KeptPhoto
    verdicts: tuple[Verdict, ...]


def judge_photos(
    service: Service,
    references: Sequence[KeptPhoto],
    queries: Sequence[KeptPhoto],
    *,
    differing: Callable[[JudgedPhoto], None] | None = None,
) -> list[JudgedPhoto]:
    """Hold each photo of the product against the item's photos.

    A photo is compared with the item's photos until one agrees. A view may be named wrongly, and
    an honest photo must not differ for that: so before a photo speaks against, it has been held
    against every photo of the item. As many comparisons run at once as there are workers.

    Args:
        service: the parts.
        references: the item's photos.
        queries: the photos in question.
        differing: told of a photo that agrees with none, while others are still compared; not of
            one that was held against all of them before.

    Returns:
        One for each photo of the product; none where the item has no photos.

    Raises:
        BusyError: no worker came free, or the work did not end in time.
    """
    products = [query for query in queries if query.role == "product"]
    if not references or not products:
        return []
    questions = _likeliest_first(service, references, products)
    ids = [[(reference.photo_id, query.photo_id) for reference, query in one] for one in questions]

    def judged(number: int, verdicts: Sequence[Verdict]) -> JudgedPhoto:
        keys = find_keys(service, ids[number])
        told = map(partial(_discounted, keys), questions[number], verdicts)  # as many as it took
        return JudgedPhoto(products[number], tuple(told))

    found = compare_in_turn(
        service,
        ids,
        lambda verdict: verdict.verdict in AGREEING,
        unsettled=differing and (lambda number, verdicts: differing(judged(number, verdicts))),
    )
    return [judged(number, verdicts) for number, verdicts in enumerate(found)]


def join(judged: Sequence[JudgedPhoto]) -> Verdict | None:
    """Join what photos say into one verdict; None where there is nothing to join."""
    return combine([one.verdicts for one in judged]) if judged else None


def judge_claim(
    service: Service, references: Sequence[KeptPhoto], queries: Sequence[KeptPhoto]
) -> Verdict | None:
    """Say what all photos of the product together show; None where nothing can be compared.

    Raises:
        BusyError: no worker came free, or the work did not end in time.
    """
    return join(judge_photos(service, references, queries))


def _discounted(keys: Mapping[tuple[str, str], str], pair: Pair, verdict: Verdict) -> Verdict:
    """Return the verdict as the views support it, and which photos it comes from."""
    reference, query = pair
    ids = reference.photo_id, query.photo_id
    told = replace(verdict, compared=Compared(keys[ids], *ids))
    return discount_view(told, reference_view=reference.view, query_view=query.view)


def _likeliest_first(
    service: Service, references: Sequence[KeptPhoto], queries: Sequence[KeptPhoto]
) -> list[list[Pair]]:
    """Order by the view's name, then by the perceptual hashes, which cost next to nothing."""
    if len(references) < 2:
        return [[(reference, query) for reference in references] for query in queries]
    hashes = {
        photo.photo_id: kept_hashes(service, photo.photo_id) for photo in (*references, *queries)
    }
    orders = []
    for query in queries:
        pairs = [(reference, query) for reference in references]
        orders.append(sorted(pairs, key=lambda pair: _unlikeness(pair, hashes)))
    return orders


def _unlikeness(pair: Pair, hashes: Mapping[str, PhotoHashes]) -> tuple[bool, int]:
    reference, query = pair
    distance = distance_between(hashes[reference.photo_id], hashes[query.photo_id])
    return reference.view != query.view, distance
