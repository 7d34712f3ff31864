"""Holds and erasures: what goes, what is left, and what the database itself refuses."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest
import running
from registry.planting import path_of
from registry.samples import NOW, claim, item, photo
from sqlalchemy import text
from stores import ON_SERVERS

from evidence.errors import ConflictError, ErasedError, NotFoundError, StorageError
from evidence.policy.retention import packaged_retention
from evidence.registry.life_records import Told
from evidence.registry.records import PhotoHashes
from evidence.registry.stores import DATABASE

RULES = packaged_retention()
LATER = NOW + timedelta(days=999)
ONE = photo(b"one")
READING = b"what was read of it, and nobody else's: " + bytes(range(256)) * 40


def erase(registry, photo_id=ONE.photo_id, **how):
    told = {"ground": "retention", "of_claim": None, "reason": "due", "by": "Ada", "at": LATER}
    return registry.erase(photo_id, RULES, **told | how)


def close(registry, claim_id="claim"):
    registry.move_claim(claim_id, "close", Told("Ada", NOW, role="owner", note="done"))


@pytest.fixture
def kept(registry):
    registry.put_item(item())
    registry.add_item_photo("item", ONE, b"one", READING)
    return registry


def test_nothing_is_left_of_an_erased_photo_but_its_tombstone(home, kept):
    other = photo(b"other")
    hashed = replace(ONE, hashes=PhotoHashes("ab" * 32 + "/" + "cd" * 32, "ef" * 32))
    kept.put_hashes(ONE.photo_id, hashed.hashes)
    kept.put_photo_facts(ONE.photo_id, '{"edited_with": "a program of note"}')
    kept.add_item_photo("item", other, b"other", b"r")
    kept.put_comparison("key", ONE.photo_id, other.photo_id, "the verdict's very text")
    assert erase(kept) is None
    kept.scrub_free_pages()
    assert not path_of(home, ONE.photo_id).exists()
    [stone] = kept.tombstones()
    assert (stone.photo_id, stone.size, stone.views) == (ONE.photo_id, 3, ("front",))
    assert (stone.added_at, stone.erased_at, stone.erased_by) == (NOW, LATER, "Ada")
    assert kept.tombstones_of("item", "item") == [stone]
    assert kept.tombstones_of("claim", "claim") == []
    [event] = [one for one in kept.events(after=0, limit=99) if one.kind == "photo.erased"]
    assert (event.subject, event.subject_id, event.actor) == ("photo", ONE.photo_id, "Ada")
    assert event.body == {
        "sha256": ONE.photo_id, "size": 3, "views": ["front"], "added_at": NOW.isoformat(),
        "ground": "retention", "reason": "due",
    }  # fmt: skip
    assert [one.photo_id for one in kept.item_photos("item")] == [other.photo_id]
    names = () if ON_SERVERS else (DATABASE, f"{DATABASE}-wal")  # a server has its own times
    stored = b"".join((home / name).read_bytes() for name in names)
    for gone in (READING[:40], READING[-300:], b"ab" * 32, b"program of note", b"very text"):
        assert gone not in stored
    assert erase(kept) is None  # again changes nothing
    assert len(kept.tombstones()) == 1


def test_an_erased_photo_answers_with_words_and_is_not_taken_again(home, kept):
    kept.put_comparison("key", ONE.photo_id, ONE.photo_id, "{}")
    erase(kept)
    for ask in (
        lambda: kept.original(ONE.photo_id),
        lambda: kept.reading(ONE.photo_id),
        lambda: kept.confirm(ONE.photo_id),
        lambda: kept.media_type(ONE.photo_id),
        lambda: kept.reading_sha256(ONE.photo_id),
        lambda: kept.readings_sha256([ONE.photo_id]),
        lambda: kept.hashes(ONE.photo_id),
        lambda: kept.photo_facts(ONE.photo_id),
        lambda: kept.put_reading(ONE.photo_id, b"r"),
        lambda: kept.put_comparison("other", ONE.photo_id, ONE.photo_id, "{}"),
        lambda: kept.heal(ONE.photo_id, b"one", b"r"),
        lambda: kept.add_item_photo("item", ONE, b"one", READING),
        lambda: kept.keep_loose_photo(ONE, b"one", READING),
    ):
        with pytest.raises(ErasedError, match="was erased on 20"):
            ask()
    assert kept.comparison("key") is None
    assert kept.comparisons_of(["key"]) == {}
    assert not path_of(home, ONE.photo_id).exists()
    assert not kept.has_photo(ONE.photo_id)
    assert kept.photos_without_hashes() == []
    assert kept.owners([ONE.photo_id]) == []


def test_a_photo_that_is_uploaded_while_it_is_erased_does_not_come_back(home, kept):
    keep = kept.files.keep

    def slow(photo_id, data):
        keep(photo_id, data)
        assert erase(kept) is None
        keep(photo_id, data)  # the slowest way: its bytes are written after they were removed

    kept.put_claim(claim())
    kept.files.keep = slow
    close(kept)
    with pytest.raises(ErasedError):
        kept.add_claim_photo("claim", ONE, b"one", READING)
    assert not path_of(home, ONE.photo_id).exists()


def test_a_power_cut_between_tombstone_and_file_is_mended_at_the_next_opening(home, kept):
    kept.files.remove = lambda photo_id: None  # the power went
    erase(kept)
    assert path_of(home, ONE.photo_id).exists()
    kept.close()
    with closing(running.open_registry(home)):
        assert not path_of(home, ONE.photo_id).exists()


def test_holds_win_until_the_last_is_lifted(kept):
    kept.put_claim(claim())
    close(kept)
    for subject, name in (("item", "item"), ("claim", "claim")):
        one = kept.place_hold(subject, name, reason="court", by="Ada", at=NOW)
        two = kept.place_hold(subject, name, reason="bank", by="Ada", at=NOW)
        assert erase(kept) == "held"
        kept.lift_hold(one.hold_id, because="over", by="Bea", at=NOW)
        assert erase(kept) == "held"
        with pytest.raises(ConflictError, match="lifted by Bea"):
            kept.lift_hold(one.hold_id, because="over", by="Bea", at=NOW)
        kept.lift_hold(two.hold_id, because="over", by="Bea", at=NOW)
    assert erase(kept) is None
    with pytest.raises(NotFoundError):
        kept.place_hold("item", "none", reason="court", by="Ada", at=NOW)
    with pytest.raises(NotFoundError):
        kept.lift_hold(99, because="over", by="Ada", at=NOW)
    kinds = [one.kind for one in kept.events(after=0, limit=99)]
    assert kinds.count("hold.placed") == kinds.count("hold.lifted") == 4


def test_what_hangs_elsewhere_stays_until_all_are_due(kept):
    kept.put_claim(claim("claim", item_id="item"))
    kept.put_claim(claim("other", item_id=None))
    kept.add_claim_photo("other", ONE, b"one", READING)
    close(kept)
    assert erase(kept) == "open claim"
    close(kept, "other")
    assert erase(kept, at=NOW + timedelta(days=100)) == "not due"
    assert erase(kept) is None


def test_the_catalogues_picture_stays_as_long_as_its_item(registry):
    loose = photo(b"picture")
    registry.keep_loose_photo(loose, b"picture", b"r")
    registry.put_item(item(catalogue_photo=loose.photo_id, sealed_at=None))
    registry.place_hold("item", "item", reason="court", by="Ada", at=NOW)
    assert erase(registry, loose.photo_id) == "held"


def test_erasing_and_hanging_elsewhere_at_once_never_loses_a_held_photo(registry):
    """Either the photo was erased first and is not taken, or it hangs there and stays."""
    registry.put_claim(claim("other", item_id=None))
    for number in range(12):
        data = bytes([number]) * 50
        loose = photo(data)
        registry.keep_loose_photo(loose, data, b"r")
        with ThreadPoolExecutor(2) as pool:
            erasing = pool.submit(erase, registry, loose.photo_id)
            hanging = pool.submit(registry.add_claim_photo, "other", loose, data, b"r")
            refusal = erasing.result()
            if refusal is None:
                with pytest.raises(ErasedError):
                    hanging.result()
                assert not registry.files.has_file(loose.photo_id)
            else:
                assert refusal == "open claim"
                assert hanging.result()
                assert registry.original(loose.photo_id) == data


REPLACE = "TRUNCATE {0} CASCADE" if ON_SERVERS else "REPLACE INTO {0} SELECT * FROM {0}"


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM photos",
        "UPDATE photos SET size = 0",
        "UPDATE photos SET photo_id = 'x'",
        REPLACE.format("photos"),
        "DELETE FROM item_photos",
        "DELETE FROM holds",
        "UPDATE holds SET reason = 'x'",
        "UPDATE holds SET subject_id = 'x', lifted_at = '2026-01-01 00:00:00'",
        REPLACE.format("holds"),
        "DELETE FROM erasures",
        "UPDATE erasures SET reason = 'x'",
        REPLACE.format("erasures"),
        "UPDATE photos SET reading = 'x' WHERE photo_id IN (SELECT photo_id FROM erasures)",
    ],
)
def test_the_database_itself_refuses(kept, change):
    loose = photo(b"loose")
    kept.keep_loose_photo(loose, b"loose", b"r")
    erase(kept, loose.photo_id)
    kept.place_hold("item", "item", reason="court", by="Ada", at=NOW)
    with pytest.raises(StorageError), kept._database.writing() as connection:
        connection.execute(text(change))
    assert kept.original(ONE.photo_id) == b"one"
    assert len(kept.all_holds()) == len(kept.tombstones()) == 1


def test_a_loose_photo_that_is_erased_while_it_comes_does_not_come_back(home, kept):
    put = kept._keep

    def slow(photo, data, reading):
        put(photo, data, reading)
        assert erase(kept) is None
        kept.files.keep(photo.photo_id, data)

    kept._keep = slow
    with pytest.raises(ErasedError):
        kept.keep_loose_photo(ONE, b"one", READING)
    assert not path_of(home, ONE.photo_id).exists()
