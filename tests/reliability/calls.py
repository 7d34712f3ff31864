"""Requests that several of the tests send to a service in a process of its own."""

ITEM = {
    "order_id": "order-1",
    "sku": "LIL-1",
    "title": "Liliana",
    "kind": "other",
    "declared_value": {"amount": "120000", "currency": "JPY"},
}
CLAIM = {
    "reason": "damage",
    "residence": "JP",
    "ordered_at": "2025-03-01T12:00:00+09:00",
    "delivered_at": "2025-03-05T10:00:00+09:00",
    "notified_at": "2025-03-07T09:00:00+09:00",
}
APPROVE = {"decision": "approve", "decided_by": "support-1", "reason": "dented in transit"}


def upload_to(service, item_id, data, **headers):
    """Send a photo of an item."""
    fields, files = {"view": "front"}, {"file": data}
    path = f"/v1/items/{item_id}/photos"
    return service.call("POST", path, fields=fields, files=files, headers=headers)
