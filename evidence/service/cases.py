"""A claim as the rules read it."""

from collections.abc import Sequence
from typing import cast

from evidence.comparison.verdict import Verdict
from evidence.policy.case import Case, Kind, Reason, Role
from evidence.registry.records import Claim, Item, KeptPhoto


def make_case(
    claim: Claim,
    item: Item,
    references: Sequence[KeptPhoto],
    queries: Sequence[KeptPhoto],
    verdict: Verdict | None,
) -> Case:
    """Return the facts of the disputed line.

    Args:
        claim: what the customer told.
        item: the disputed one.
        references: its pre-shipment photos.
        queries: the customer's photos.
        verdict: what the photos show; None where there was nothing to compare.
    """
    return Case(
        reason=cast(Reason, claim.reason),
        residence=claim.residence,
        ship_to=claim.ship_to,
        ship_to_zone=claim.ship_to_zone,
        ordered_at=claim.ordered_at,
        delivered_at=claim.delivered_at,
        notified_at=claim.notified_at,
        notice_sent_at=claim.notice_sent_at,
        parcels=tuple(parcel.delivered_at for parcel in claim.parcels),
        photos_declined=claim.photos_declined,
        kind=cast(Kind, item.kind),
        declared_value=item.declared_value,
        currency=item.currency,
        marked_high_value=item.high_value,
        sealed=item.sealed_at is not None,
        reference_photos=len(references),
        claim_photos=tuple(cast(Role, photo.role) for photo in queries),
        verdict=verdict,
    )
