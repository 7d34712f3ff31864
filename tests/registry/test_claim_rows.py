from dataclasses import replace
from datetime import timedelta

import pytest
from registry.samples import NOW, claim, item, photo
from stores import originals_of

from evidence.errors import NotFoundError
from evidence.registry.records import Parcel


@pytest.mark.parametrize(
    "changes",
    [{}, {"item_id": None, "residence": None, "ship_to": "JP", "delivered_at": NOW}],
    ids=["by item", "by order"],
)
def test_a_claim_comes_back_as_it_was_put(registry, changes):
    assert registry.put_claim(claim(**changes)) is True
    assert registry.claim("claim") == claim(**changes)


def test_putting_again_replaces(registry):
    registry.put_claim(claim())
    later = claim(delivered_at=NOW + timedelta(days=2))
    assert registry.put_claim(later) is False
    assert registry.claim("claim") == replace(later, version=2)
    assert registry.put_claim(later) is False
    assert registry.claim("claim").version == 2  # the same once more is no change


def test_where_a_claim_stands_is_not_taken_from_what_is_told(registry):
    registry.put_claim(claim(state="closed", version=9))
    assert (registry.claim("claim").state, registry.claim("claim").version) == ("opened", 1)


def test_the_deadline_is_told_with_the_facts_that_it_follows_from(registry):
    registry.put_claim(claim(deadline=NOW))
    assert registry.claim("claim").deadline == NOW
    registry.put_claim(claim(deadline=None))
    assert (registry.claim("claim").deadline, registry.claim("claim").version) == (None, 2)


def test_parcels_come_back(registry):
    parcels = (Parcel("one", NOW), Parcel("two", None))
    registry.put_claim(claim(parcels=parcels))
    assert registry.claim("claim").parcels == parcels


def test_photos_hang_on_a_claim_in_the_order_of_adding_and_once(registry):
    registry.put_claim(claim())
    added = [photo(b"two", role="parcel"), photo(b"one")]
    assert registry.add_claim_photo("claim", added[0], b"two", b"r") is True
    assert registry.add_claim_photo("claim", added[1], b"one", b"r") is True
    assert registry.add_claim_photo("claim", added[0], b"two", b"r") is False
    assert registry.claim_photos("claim") == added


def test_the_same_bytes_may_hang_on_an_item_and_on_a_claim(registry):
    registry.put_item(item())
    registry.put_claim(claim())
    assert registry.add_item_photo("item", photo(b"one"), b"one", b"r") is True
    assert registry.add_claim_photo("claim", photo(b"one", view="back"), b"one", b"r") is True
    assert registry.item_photos("item") == [photo(b"one")]
    assert registry.claim_photos("claim") == [photo(b"one", view="back")]


@pytest.mark.parametrize(
    "ask",
    [
        lambda registry: registry.claim("?"),
        lambda registry: registry.claim_photos("?"),
        lambda registry: registry.add_claim_photo("?", photo(b"one"), b"one", b"r"),
    ],
    ids=["claim", "claim_photos", "add_claim_photo"],
)
def test_an_unknown_claim_is_not_found(registry, home, ask):
    with pytest.raises(NotFoundError, match=r"claim \? is not known"):
        ask(registry)
    assert not originals_of(home)
