from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from registry.samples import NOW, item, photo
from stores import originals_of

from evidence.errors import NotFoundError, SealedError


@pytest.mark.parametrize(
    "changes",
    [{}, {"size_mm": None, "catalogue_photo": "0" * 64}, {"declared_value": Decimal("0.10")}],
    ids=["all", "no size", "trailing zero"],
)
def test_an_item_comes_back_as_it_was_put(registry, changes):
    assert registry.put_item(item(**changes)) is True
    assert registry.item("item") == item(**changes)
    assert str(registry.item("item").declared_value) == str(item(**changes).declared_value)


def test_putting_again_replaces(registry):
    registry.put_item(item())
    assert registry.put_item(item(title="another")) is False
    assert registry.item("item").title == "another"


def test_items_are_listed_by_id_and_by_order(registry):
    for item_id, order_id in (("b", "1"), ("a", "2"), ("c", "1")):
        registry.put_item(item(item_id, order_id=order_id))
    assert [i.item_id for i in registry.items()] == ["a", "b", "c"]
    assert [i.item_id for i in registry.items_of_order("1")] == ["b", "c"]
    assert registry.items_of_order("unknown") == []


def test_only_sealing_seals_and_the_first_instant_stays(registry):
    registry.put_item(item(sealed_at=NOW))
    assert registry.item("item").sealed_at is None
    assert registry.seal_item("item", NOW) == item(sealed_at=NOW, version=2)
    assert registry.seal_item("item", NOW + timedelta(days=1)).sealed_at == NOW
    assert registry.item("item").sealed_at == NOW


def test_a_sealed_item_is_not_replaced_but_may_be_put_again_unchanged(registry):
    registry.put_item(item())
    registry.seal_item("item", NOW)
    assert registry.put_item(item()) is False
    assert registry.item("item").sealed_at == NOW
    with pytest.raises(SealedError, match="item is sealed"):
        registry.put_item(item(title="another"))
    assert registry.item("item").title == item().title


def test_an_instant_of_another_zone_comes_back_in_utc(registry):
    registry.put_item(item())
    tokyo = datetime(2026, 11, 22, 18, tzinfo=timezone(timedelta(hours=9)))
    for sealed in (registry.seal_item("item", tokyo), registry.item("item")):
        assert sealed.sealed_at == tokyo
        assert sealed.sealed_at.tzinfo is UTC


def test_an_instant_without_a_zone_is_misuse(registry):
    registry.put_item(item())
    with pytest.raises(ValueError, match="needs its zone"):
        registry.seal_item("item", datetime(2026, 11, 22))
    assert registry.item("item").sealed_at is None


def test_photos_hang_on_an_item_in_the_order_of_adding(registry):
    registry.put_item(item())
    added = {
        data: photo(data, view="back", captured_at=NOW, station=None, media_type="image/png")
        for data in (b"6", b"5", b"1", b"3", b"2", b"4")
    }
    assert list(added.values()) != sorted(added.values(), key=lambda kept: kept.photo_id)
    for data, kept in added.items():
        assert registry.add_item_photo("item", kept, data, b"reading of " + data) is True
    assert registry.item_photos("item") == list(added.values())
    for data, kept in added.items():
        assert registry.original(kept.photo_id) == data
        assert registry.reading(kept.photo_id) == b"reading of " + data


def test_the_same_bytes_hang_on_an_item_once(registry):
    registry.put_item(item())
    registry.put_item(item("other"))
    assert registry.add_item_photo("item", photo(b"one"), b"one", b"r") is True
    assert registry.add_item_photo("item", photo(b"one", view="back"), b"one", b"r") is False
    assert registry.add_item_photo("other", photo(b"one", view="back"), b"one", b"r") is True
    assert registry.item_photos("item") == [photo(b"one")]
    assert registry.item_photos("other") == [photo(b"one", view="back")]


def test_a_sealed_set_takes_nothing_new_and_leaves_no_bytes_of_it(registry, home):
    registry.put_item(item())
    registry.add_item_photo("item", photo(b"one"), b"one", b"r")
    registry.seal_item("item", NOW)
    assert registry.add_item_photo("item", photo(b"one"), b"one", b"r") is False
    with pytest.raises(SealedError, match="takes no more photos"):
        registry.add_item_photo("item", photo(b"two"), b"two", b"r")
    assert registry.item_photos("item") == [photo(b"one")]
    assert list(originals_of(home)) == [photo(b"one").photo_id]


@pytest.mark.parametrize(
    "ask",
    [
        lambda registry: registry.item("?"),
        lambda registry: registry.seal_item("?", NOW),
        lambda registry: registry.item_photos("?"),
        lambda registry: registry.add_item_photo("?", photo(b"one"), b"one", b"r"),
    ],
    ids=["item", "seal_item", "item_photos", "add_item_photo"],
)
def test_an_unknown_item_is_not_found(registry, home, ask):
    with pytest.raises(NotFoundError, match=r"item \? is not known"):
        ask(registry)
    assert not originals_of(home)
