"""Records to keep, each valid; keyword arguments change what a test is about."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from evidence.registry.records import Claim, Decision, Item, KeptPhoto
from evidence.registry.staff_records import Staff

NOW = datetime(2026, 11, 22, 9, 30, 15, 123456, tzinfo=UTC)


def item(item_id="item", **changes):
    made = Item(
        item_id=item_id,
        order_id="order",
        sku="PSA-10",
        title="リザードン",
        kind="card",
        declared_value=Decimal("1250.10"),
        currency="EUR",
        high_value=True,
        size_mm=(63.0, 88.0),
        catalogue_photo=None,
        sealed_at=None,
    )
    return replace(made, **changes)


def claim(claim_id="claim", **changes):
    made = Claim(
        claim_id=claim_id,
        item_id="item",
        order_id="order",
        reason="damage",
        residence="DE",
        ship_to=None,
        ordered_at=NOW,
        delivered_at=None,
        notified_at=NOW,
    )
    return replace(made, **changes)


def photo(data, **changes):
    made = KeptPhoto(
        photo_id=hashlib.sha256(data).hexdigest(),
        view="front",
        role="product",
        media_type="image/jpeg",
        captured_at=None,
        station="bench 2",
        added_at=NOW,
    )
    return replace(made, **changes)


def decision(claim_id="claim", **changes):
    made = Decision(
        decision_id=-1,
        claim_id=claim_id,
        decision="refund",
        decided_by="Ada",
        reason="the corner is bent",
        recommendation='{"outcome": "refund"}',
        decided_at=NOW,
    )
    return replace(made, **changes)


def person(name="Ada", role="owner", **changes):
    made = Staff(
        staff_id=0,
        name=name,
        sign_in_name=name.lower(),
        role=role,
        active=True,
        password_hash=f"hash of {name}'s password",
        one_time=False,
        password_set_at=NOW,
        added_at=NOW,
    )
    return replace(made, **changes)
