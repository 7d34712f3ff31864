import pytest
from registry.samples import item, photo
from sqlalchemy import text
from stores import ON_SERVERS, originals_of, path_of, rows_of

from evidence.errors import DamagedOriginalError, NotFoundError

ID = photo(b"one").photo_id


def test_a_loose_photo_hangs_on_nothing_and_is_kept_once(registry):
    assert registry.keep_loose_photo(photo(b"one"), b"one", b"reading") is True
    assert registry.keep_loose_photo(photo(b"one"), b"one", b"newer") is False
    assert registry.original(ID) == b"one"
    assert registry.reading(ID) == b"reading"


def test_a_loose_photo_may_be_hung_later(registry):
    registry.put_item(item())
    registry.keep_loose_photo(photo(b"one"), b"one", b"reading")
    assert registry.add_item_photo("item", photo(b"one"), b"one", b"reading") is True


def test_a_newer_reading_replaces_the_old_one(registry):
    registry.keep_loose_photo(photo(b"one"), b"one", b"reading")
    registry.put_reading(ID, b"\x00newer\xff")
    assert registry.reading(ID) == b"\x00newer\xff"


def test_a_photo_under_another_id_is_misuse_and_leaves_nothing(registry, home):
    with pytest.raises(ValueError, match="is not the sha256"):
        registry.keep_loose_photo(photo(b"one"), b"two", b"r")
    assert not originals_of(home)


@pytest.mark.parametrize("photo_id", [ID, "../evidence.sqlite3", ""], ids=["id", "path", "empty"])
def test_an_unknown_photo_is_not_found(registry, photo_id):
    for ask in (registry.original, registry.reading, lambda i: registry.put_reading(i, b"r")):
        with pytest.raises(NotFoundError):
            ask(photo_id)


def test_bytes_without_a_row_were_never_acknowledged(registry):
    registry._files.keep(ID, b"one")  # as if the power went before the row
    with pytest.raises(NotFoundError):
        registry.original(ID)


@pytest.mark.parametrize("damage", [b"onf", b"", b"one!", None], ids=repr)
def test_a_damaged_original_is_refused_and_healed_by_the_same_bytes(registry, home, damage):
    registry.put_item(item())
    registry.add_item_photo("item", photo(b"one"), b"one", b"r")
    path = path_of(home, ID)
    path.unlink()
    if damage is not None:
        path.write_bytes(damage)
    with pytest.raises(DamagedOriginalError, match=ID):
        registry.original(ID)
    assert registry.add_item_photo("item", photo(b"one"), b"one", b"r") is False
    assert registry.original(ID) == b"one"
    assert ON_SERVERS or path.stat().st_mode & 0o777 == 0o400


def test_a_damaged_reading_is_refused_and_healed_by_a_new_one(registry, home):
    registry.keep_loose_photo(photo(b"one"), b"one", b"reading")
    with rows_of(home) as connection:
        connection.execute(text("UPDATE photos SET reading = :read"), {"read": bytes(1)})
    with pytest.raises(DamagedOriginalError, match=f"reading of photo {ID}"):
        registry.reading(ID)
    registry.put_reading(ID, b"reading")
    assert registry.reading(ID) == b"reading"
