"""An item and a claim on it; texts of it try to be markup."""

from datetime import UTC, datetime
from decimal import Decimal

from evidence.registry.records import Claim, Item

ITEM = Item(
    item_id="item-1",
    order_id="order-1",
    sku="LIL-1",
    title='<script>alert("x")</script> リリアナ #panic("run") *bold* $x^2$',
    kind="card",
    declared_value=Decimal("120000"),
    currency="JPY",
    high_value=False,
    size_mm=None,
    catalogue_photo=None,
    sealed_at=None,
)
CLAIM = Claim(
    claim_id="claim-1",
    item_id="item-1",
    order_id=None,
    reason="damage",
    residence="JP",
    ship_to=None,
    ordered_at=datetime(2025, 3, 1, 3, tzinfo=UTC),
    delivered_at=datetime(2025, 3, 5, 1, tzinfo=UTC),
    notified_at=datetime(2025, 3, 7, tzinfo=UTC),
)
