"""Examples of searches that the OpenAPI shows; a test checks each against its model."""

from api.examples import PHOTO_ID, TAKEN_PHOTO, Example

SEARCH_FORM: Example = {"file": "(the photo's bytes)", "exclude_order": "order-1"}
CATALOGUE_FORM: Example = {"file": "(the photo's bytes)"}
HIT: Example = {
    "photo_id": PHOTO_ID,
    "owner": "item",
    "owner_id": "item-2",
    "order_id": "order-2",
    "view": "front",
    "distance": 22,
    "identical": None,
    "verdict": "same_design",
    "design": {"llr": 2.6, "bound": 3.1},
}
SEARCH: Example = {
    "found": [HIT],
    "looked_at": [
        {
            **HIT,
            "owner_id": "item-7",
            "order_id": "order-5",
            "distance": 84,
            "verdict": "different_product",
            "design": {"llr": -2.4, "bound": 3.1},
        }
    ],
}
PACKED: Example = {
    "verdict": "same_design",
    "en": "The pre-shipment photos show what the catalogue's picture shows.",
    "ja": "発送前の写真は、カタログの画像と同じ商品を示しています。",
}
TAKEN: Example = {**TAKEN_PHOTO, "packed_as_ordered": PACKED}
THREE_WAY: Example = {
    "packed_as_ordered": "same_design",
    "received_as_ordered": "different_product",
    "found_elsewhere": [{"item_id": "item-2", "order_id": "order-2"}],
}
