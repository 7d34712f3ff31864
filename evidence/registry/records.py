"""What the registry keeps, as plain values; instants are aware and stored in UTC."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Item:
    """One valuable item of one order.

    Attributes:
        size_mm: (width, height) of the card, slab or box, None for the kind's standard.
        catalogue_photo: sha256 of the catalogue's picture, if one is registered.
        sealed_at: when its reference set was declared complete, None before.
        version: counts up with each change; the registry gives it.
    """

    item_id: str
    order_id: str
    sku: str
    title: str
    kind: str
    declared_value: Decimal
    currency: str
    high_value: bool
    size_mm: tuple[float, float] | None
    catalogue_photo: str | None
    sealed_at: datetime | None
    version: int = 1


@dataclass(frozen=True, slots=True)
class PhotoHashes:
    """What a photo is found by.

    Attributes:
        outlines: perceptual hashes of the item seen straight on by each of its outlines, the best
            first: ``UPRIGHT/TURNED`` in hexadecimal, with a space between outlines.
        pixels_sha256: of its kept picture: upright, in sRGB, 64 hexadecimal digits.
    """

    outlines: str
    pixels_sha256: str


@dataclass(frozen=True, slots=True)
class OwnedPhoto:
    """A photo as it is found: on an item, before shipping, or on a claim.

    Attributes:
        owner: ``item`` or ``claim``.
        owner_id: its id.
        order_id: of the item's order or the claim's; None if unknown.
    """

    photo_id: str
    owner: Literal["item", "claim"]
    owner_id: str
    order_id: str | None
    view: str
    role: str


@dataclass(frozen=True, slots=True)
class KeptPhoto:
    """A photo as it hangs on an item or a claim; its bytes lie under ``photo_id``.

    Attributes:
        photo_id: sha256 of the original bytes, 64 hexadecimal digits.
        role: ``product``, ``delivery_note`` or ``parcel``; always ``product`` on an item.
        media_type: decided from the bytes.
        hashes: to be kept with a new photo; None on a photo that is read back.
        damaged_at: since when its original or its reading is known to be damaged; None if not.
    """

    photo_id: str
    view: str
    role: str
    media_type: str
    captured_at: datetime | None
    station: str | None
    added_at: datetime
    hashes: PhotoHashes | None = field(default=None, compare=False)
    damaged_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Parcel:
    """One parcel that may have held the disputed line, and when it was handed over."""

    parcel_id: str
    delivered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Claim:
    """What a customer told the shop about one line of an order, and where the claim stands.

    Attributes:
        parcels: those that may have held the line, where the order was split.
        notice_sent_at: when the first contact was sent, if the shop can tell.
        ship_to_zone: IANA zone of the delivery address, if known.
        photos_declined: how often the customer was asked for photos and declined.
        value_milli: thousandths of the item's declared value, to sort by.
        state: where it stands; only ``move_claim`` changes it.
        deadline: end of the window as last reckoned, when its facts were told or a recommendation
            was made; None if unknown.
        return_by: until when the item is asked back, from when the return is authorised to the
            next decision; None if the policy names no day.
        version: counts up with each change; the registry gives it.
    """

    claim_id: str
    item_id: str | None
    order_id: str | None
    reason: str
    residence: str | None
    ship_to: str | None
    ordered_at: datetime
    delivered_at: datetime | None
    notified_at: datetime
    parcels: tuple[Parcel, ...] = ()
    notice_sent_at: datetime | None = None
    ship_to_zone: str | None = None
    photos_declined: int = 0
    value_milli: int = 0
    state: str = "opened"
    deadline: datetime | None = None
    return_by: datetime | None = None
    version: int = 1


@dataclass(frozen=True, slots=True)
class Decision:
    """What a named person decided; kept for ever, never changed."""

    decision_id: int
    claim_id: str
    decision: str
    decided_by: str
    reason: str
    recommendation: str
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class Event:
    """One change, as the feed tells it.

    Attributes:
        number: counts up; a reader goes on after the last one that it has seen.
        kind: what happened, such as ``claim.decided``.
        subject, subject_id: what it happened to.
        actor: who did it.
        body: facts as JSON values.
    """

    number: int
    at: datetime
    kind: str
    subject: str
    subject_id: str
    actor: str
    body: dict[str, Any]
