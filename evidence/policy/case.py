"""The facts of one disputed line, as the rules read them; no clock, no store."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from evidence.comparison.verdict import Finding, Verdict, VerdictName

TWICE = 2  # requests for photos; then an inspection is offered

Kind = Literal["card", "slab", "sealed", "other"]
Reason = Literal[
    "incorrect_item", "shortage", "damage", "defect", "customer_reason", "cancellation"
]
Role = Literal["product", "delivery_note", "parcel"]


@dataclass(frozen=True, slots=True)
class Case:
    """What is known when a recommendation is asked for.

    Attributes:
        reason: what the customer claims.
        residence: ISO 3166 alpha-2 country the customer declared, if known.
        ship_to: ISO 3166 alpha-2 country of the delivery address, if known.
        ship_to_zone: IANA zone of the delivery address, if known.
        ordered_at: when the order was placed; chooses the policy's version. Aware.
        delivered_at: the carrier's "delivered to recipient" event, None if unknown. Aware.
        notified_at: when the first contact reached the shop. Aware.
        kind: kind of the disputed item.
        declared_value, currency: price paid for the disputed line.
        marked_high_value: the manual flag, stored with the item.
        sealed: the pre-shipment set is complete and sealed.
        reference_photos: how many pre-shipment photos the item has.
        claim_photos: roles of the customer's photos, one entry a photo.
        verdict: what the photos show, None where there was nothing to compare.
        notice_sent_at: when that first contact was sent, if the shop can tell. Aware.
        parcels: when each parcel that may have held the line was delivered, None if unknown;
            empty where there was one parcel, which ``delivered_at`` tells of. Aware.
        photos_declined: how often the customer was asked for photos and declined.
        packed_as_ordered: what the pre-shipment photos show against the catalogue's picture;
            None where there is no such picture.
        received_as_ordered: the same of the customer's photos.
        found_elsewhere: items of other orders whose pre-shipment photos show what the customer's
            photos show; None where that was not searched.
        signals: what the files themselves tell, such as a photo that is the shop's own; each
            with its false-alarm rate and its innocent explanations, none able to deny.
    """

    reason: Reason
    residence: str | None
    ship_to: str | None
    ship_to_zone: str | None
    ordered_at: datetime
    delivered_at: datetime | None
    notified_at: datetime
    kind: Kind
    declared_value: Decimal
    currency: str
    marked_high_value: bool
    sealed: bool
    reference_photos: int
    claim_photos: tuple[Role, ...]
    verdict: Verdict | None
    notice_sent_at: datetime | None = None
    parcels: tuple[datetime | None, ...] = ()
    photos_declined: int = 0
    packed_as_ordered: VerdictName | None = None
    received_as_ordered: VerdictName | None = None
    found_elsewhere: tuple[str, ...] | None = None
    signals: tuple[Finding, ...] = ()

    @property
    def received_at(self) -> datetime | None:
        """When the line was received (readings 2, 3 and 27): of parcels, the last counts.

        None while a parcel that may have held the line is not known to be delivered.
        """
        if not self.parcels:
            return self.delivered_at
        known = [instant for instant in self.parcels if instant is not None]
        return max(known) if len(known) == len(self.parcels) else None

    @property
    def declined_photos(self) -> bool:
        """Was the customer asked twice for photos and declined (reading 29)?"""
        return self.photos_declined >= TWICE and "product" not in self.claim_photos
