"""What the registry keeps, as plain values; instants are aware and stored in UTC."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Item:
    """One valuable item of one order.

    Attributes:
        size_mm: (width, height) of the card, slab or box, None for the kind's standard.
        catalogue_photo: sha256 of the catalogue's picture, if one is registered.
        sealed_at: when its reference set was declared complete, None before.
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


@dataclass(frozen=True, slots=True)
class KeptPhoto:
    """A photo as it hangs on an item or a claim; its bytes lie under ``photo_id``.

    Attributes:
        photo_id: sha256 of the original bytes, 64 hexadecimal digits.
        role: ``product``, ``delivery_note`` or ``parcel``; always ``product`` on an item.
        media_type: decided from the bytes.
    """

    photo_id: str
    view: str
    role: str
    media_type: str
    captured_at: datetime | None
    station: str | None
    added_at: datetime


@dataclass(frozen=True, slots=True)
class Claim:
    """What a customer told the shop about one line of an order."""

    claim_id: str
    item_id: str | None
    order_id: str | None
    reason: str
    residence: str | None
    ship_to: str | None
    ordered_at: datetime
    delivered_at: datetime | None
    notified_at: datetime


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
