"""The decided claims whose photos persons told apart, with the photos that were looked at."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from evidence.policy.second_reading import is_same_person
from evidence.policy.settling import Label, Source, Unsettled, settle
from evidence.registry.life_records import SecondReading, ShownPhoto
from evidence.registry.records import KeptPhoto
from evidence.registry.registry import Registry
from evidence.service.grounds import Decided, find_decided

WHOLE = "front"  # all cards of a game share their back, and a close-up shows no whole item


@dataclass(frozen=True, slots=True)
class SettledCase:
    """A claim whose photos show what persons established.

    Attributes:
        pairs: ids of a photo before shipping and of one of the customer's, both of the front;
            never the same photo twice.
    """

    claim_id: str
    item_id: str
    label: Label
    source: Source
    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class SettledCases:
    """All of them, by their claims' ids.

    Attributes:
        left_out: claims that settle nothing, by reason.
    """

    cases: tuple[SettledCase, ...]
    left_out: dict[str, int]


def list_settled(registry: Registry) -> SettledCases:
    """List the claims whose photos persons told apart, by ``evidence.policy.settling``.

    They are no fair sample. Only disputed items are in it, and of these the clearer ones; who
    inspected or decided may have seen the verdict.
    """
    cases: list[SettledCase] = []
    left_out: Counter[str] = Counter()
    for claim_id in registry.claim_ids():
        found = _settle(registry, claim_id)
        if isinstance(found, SettledCase):
            cases.append(found)
        else:
            left_out[found.reason] += 1
    return SettledCases(tuple(cases), dict(sorted(left_out.items())))


def _settle(registry: Registry, claim_id: str) -> SettledCase | Unsettled:
    decided = find_decided(registry, claim_id)
    if decided is None:
        return Unsettled("not decided")
    if not decided.stands:
        return Unsettled("something was done after the decision")
    readings = [one for one in registry.second_readings(claim_id) if _counts(one, decided)]
    found = settle(decided.ground, [one.answered.answer for one in readings if one.answered])
    if isinstance(found, Unsettled):
        return found
    item_id = str(registry.claim(claim_id).item_id)
    references = [photo.photo_id for photo in registry.item_photos(item_id) if photo.view == WHOLE]
    pairs: dict[tuple[str, str], None] = {}  # in order, each once
    if found.source == "inspection":
        pairs |= _pairs(references, _seen_by_inspection(registry, decided, claim_id))
    else:
        for one in readings:
            looked_at = {photo.photo_id for photo in one.references}
            pairs |= _pairs([photo for photo in references if photo in looked_at], one.queries)
    if not pairs:
        return Unsettled("no two photos of the front that were looked at")
    return SettledCase(claim_id, item_id, found.label, found.source, tuple(pairs))


def _counts(reading: SecondReading, decided: Decided) -> bool:
    """Whether a second person gave an answer to build on: not whoever decided or inspected."""
    given = reading.answered
    if given is None or given.confidence == "unsure":
        return False
    others = [decided.decision.decided_by]
    if decided.inspection is not None:
        others.append(decided.inspection.inspected_by)
    return not any(is_same_person(reading.reader, other) for other in others)


def _pairs(
    references: Sequence[str], queries: Sequence[KeptPhoto | ShownPhoto]
) -> dict[tuple[str, str], None]:
    fronts = [photo.photo_id for photo in queries if photo.view == WHOLE]
    return dict.fromkeys((one, other) for one in references for other in fronts if one != other)


def _seen_by_inspection(registry: Registry, decided: Decided, claim_id: str) -> list[KeptPhoto]:
    """Return the customer's photos of the product that were there when it was inspected."""
    inspection = decided.inspection
    if inspection is None or inspection.item_id != registry.claim(claim_id).item_id:
        return []  # the claim is about another item now
    return [
        photo
        for photo in registry.claim_photos(claim_id)
        if photo.role == "product" and photo.added_at <= inspection.inspected_at
    ]
