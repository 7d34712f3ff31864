"""What refusals call the things that are kept, in both languages."""

from evidence.text import Text


def name_item(item_id: str) -> Text:
    """Return how an item is called."""
    return Text(f"item {item_id}", f"商品 {item_id}")


def name_claim(claim_id: str) -> Text:
    """Return how a claim is called."""
    return Text(f"claim {claim_id}", f"申し出 {claim_id}")


def name_photo(photo_id: str) -> Text:
    """Return how a photo is called."""
    return Text(f"photo {photo_id}", f"写真 {photo_id}")
