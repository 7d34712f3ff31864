import pytest
from registry.samples import claim, item, photo

from evidence.errors import NotFoundError
from evidence.registry.records import OwnedPhoto, PhotoHashes

FIRST, SECOND = (PhotoHashes(f"{n}f/{n}e", str(n) * 64) for n in (1, 2))


def keep(registry, data, hashes):
    kept = photo(data, hashes=hashes)
    registry.keep_loose_photo(kept, data, b"reading")
    return kept.photo_id


def test_hashes_are_kept_with_the_photo_and_listed_once(registry):
    photo_id = keep(registry, b"one", FIRST)
    ((number, outlines),) = registry.hashes_after(0, limit=9)
    assert outlines == FIRST.outlines
    assert registry.photos_by_number([number, number + 1]) == {number: photo_id}
    assert registry.hashes(photo_id) == FIRST
    keep(registry, b"one", SECOND)  # the same bytes are one photo
    assert registry.hashes_after(number, limit=9) == []


def test_hashes_are_listed_in_parts(registry):
    for data in (b"one", b"two", b"three"):
        keep(registry, data, FIRST)
    first = registry.hashes_after(0, limit=2)
    rest = registry.hashes_after(first[-1][0], limit=2)
    numbers = [number for number, _ in (*first, *rest)]
    assert len(first) == 2
    assert numbers == sorted(set(numbers))
    assert len(numbers) == 3


def test_a_photo_read_anew_is_listed_again_and_found_by_its_new_hashes_alone(registry):
    photo_id = keep(registry, b"one", FIRST)
    ((old, _),) = registry.hashes_after(0, limit=9)
    registry.put_reading(photo_id, b"newer", SECOND)
    ((new, outlines),) = registry.hashes_after(old, limit=9)
    assert outlines == SECOND.outlines
    assert registry.photos_by_number([old, new]) == {new: photo_id}
    assert registry.photos_of_pixels(FIRST.pixels_sha256) == []
    assert registry.photos_of_pixels(SECOND.pixels_sha256) == [photo_id]


def test_photos_without_hashes_are_named_until_they_have_some(registry):
    photo_id = keep(registry, b"one", None)
    keep(registry, b"two", SECOND)
    assert registry.photos_without_hashes() == [photo_id]
    assert registry.hashes(photo_id) is None
    registry.put_hashes(photo_id, FIRST)
    assert registry.photos_without_hashes() == []
    with pytest.raises(NotFoundError):
        registry.put_hashes("0" * 64, FIRST)


def test_a_photo_is_owned_by_all_that_it_hangs_on(registry):
    registry.put_item(item("item", order_id="order"))
    registry.put_claim(claim("claim", item_id="item", order_id=None))
    registry.put_claim(claim("other", item_id="never registered", order_id="order-9"))
    kept = photo(b"one")
    registry.add_item_photo("item", kept, b"one", b"reading")
    for owner in ("claim", "other"):
        registry.add_claim_photo(owner, photo(b"one", view="label"), b"one", b"reading")
    loose = keep(registry, b"two", None)
    assert registry.owners([kept.photo_id, loose, "0" * 64]) == [
        OwnedPhoto(kept.photo_id, "item", "item", "order", "front", "product"),
        OwnedPhoto(kept.photo_id, "claim", "claim", "order", "label", "product"),
        OwnedPhoto(kept.photo_id, "claim", "other", "order-9", "label", "product"),
    ]


def test_what_a_file_tells_is_kept_once(registry):
    photo_id = keep(registry, b"one", None)
    assert registry.photo_facts(photo_id) is None
    for body in ('{"a": 1}', '{"a": 2}'):
        registry.put_photo_facts(photo_id, body)
    assert registry.photo_facts(photo_id) == '{"a": 1}'
    with pytest.raises(NotFoundError):
        registry.put_photo_facts("0" * 64, "{}")


def test_items_are_found_by_their_catalogue_picture(registry):
    registry.put_item(item("a", catalogue_photo="1" * 64))
    registry.put_item(item("b", catalogue_photo="2" * 64))
    assert registry.catalogue_items(["1" * 64, "3" * 64]) == [("1" * 64, "a")]
