"""Each change writes one event, in its transaction; what changes nothing writes none."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from registry.samples import NOW, claim, decision, item, photo

from evidence.errors import SealedError, StaleError, StorageError
from evidence.registry import item_values
from evidence.registry.expectations import Expected

TOLD = json.dumps(
    {
        "outcome": "review",
        "verdict": {"verdict": "same_design"},
        "window": {"deadline": "2025-03-08T23:59:59.999999+09:00"},
    }
)
DEADLINE = datetime(2025, 3, 8, 14, 59, 59, 999999, UTC)


def told(registry):
    return [(one.kind, one.subject_id, one.actor) for one in registry.events(after=0, limit=1000)]


def test_every_change_is_told_once_with_who_did_it(registry):
    for _ in range(2):  # the second time nothing changes
        registry.put_item(item(), actor="ann", at=NOW)
        registry.add_item_photo("item", photo(b"1"), b"1", b"r", actor="ben")
        registry.put_claim(claim(deadline=DEADLINE), actor="cy", at=NOW)
        registry.add_claim_photo("claim", photo(b"2"), b"2", b"r", actor="dan")
        registry.add_recommendation("claim", TOLD, NOW, actor="eve")
    registry.put_item(item(title="another"), actor="flo", at=NOW)
    registry.put_claim(claim(residence="FR", deadline=DEADLINE), actor="guy", at=NOW)
    for _ in range(2):
        registry.seal_item("item", NOW, actor="hal")
    registry.add_decision(decision(decided_by="ida"))
    registry.note_export("claim", {"manifest_sha256": "ab"}, actor="jo", at=NOW)
    assert told(registry) == [
        ("item.registered", "item", "ann"),
        ("item.photo_added", "item", "ben"),
        ("claim.opened", "claim", "cy"),
        ("claim.photo_added", "claim", "dan"),
        ("claim.recommended", "claim", "eve"),
        ("item.changed", "item", "flo"),
        ("claim.changed", "claim", "guy"),
        ("item.sealed", "item", "hal"),
        ("claim.moved", "claim", "ida"),
        ("claim.decided", "claim", "ida"),
        ("bundle.exported", "claim", "jo"),
    ]
    bodies = {one.kind: one.body for one in registry.events(after=0, limit=99)}
    assert bodies["item.changed"]["fields"] == ["title"]
    assert bodies["claim.changed"]["fields"] == ["residence"]
    assert bodies["claim.recommended"] == {
        "recommendation_id": 1,
        "outcome": "review",
        "verdict": "same_design",
        "deadline": "2025-03-08T23:59:59.999999+09:00",
    }


def test_what_is_refused_is_not_told(registry):
    registry.put_item(item())
    registry.seal_item("item", NOW)
    before = told(registry)
    with pytest.raises(SealedError):
        registry.put_item(item(title="another"))
    with pytest.raises(StaleError):
        registry.put_item(item(), expected=Expected(there=False))
    assert told(registry) == before


def test_without_its_event_a_change_is_undone(registry, monkeypatch):
    def fail(*_, **__):
        raise StorageError("no room")

    monkeypatch.setattr(item_values, "add_events", fail)
    with pytest.raises(StorageError):
        registry.put_item(item())
    assert registry.items() == []


def test_a_reader_that_resumes_sees_each_event_once_while_many_write(registry):
    done, seen = threading.Event(), []

    def write(number):
        for turn in range(15):
            registry.put_item(item(f"{number}-{turn}"))

    def read():
        last = 0
        while True:
            ended = done.is_set()
            page = registry.events(after=last, limit=7)
            seen.extend(page)
            last = page[-1].number if page else last
            if ended and not page:
                return

    with ThreadPoolExecutor(7) as threads:
        reader = threads.submit(read)
        list(threads.map(write, range(6)))
        done.set()
        reader.result()
    assert sorted(one.subject_id for one in seen) == sorted(
        f"{number}-{turn}" for number in range(6) for turn in range(15)
    )
    numbers = [one.number for one in seen]
    assert numbers == sorted(set(numbers))


def test_the_deadline_and_the_value_follow(registry):
    registry.put_item(item())
    registry.put_claim(claim(value_milli=7))
    assert registry.claim("claim").value_milli == 1_250_100
    registry.add_recommendation("claim", TOLD, NOW)
    assert registry.claim("claim").deadline.isoformat() == "2025-03-08T14:59:59.999999+00:00"
    registry.put_item(item(declared_value=2 * item().declared_value))
    assert registry.claim("claim").value_milli == 2_500_200
    registry.add_recommendation("claim", "{}", NOW + timedelta(days=1))
    assert registry.claim("claim").deadline is None


def test_what_a_claim_is_shown_with_counts_its_version_up_and_a_recommendation_does_not(registry):
    registry.put_item(item())
    registry.put_claim(claim())
    versions = [registry.claim("claim").version]
    for change in (
        lambda: registry.add_claim_photo("claim", photo(b"1"), b"1", b"r"),
        lambda: registry.add_claim_photo("claim", photo(b"1"), b"1", b"r"),  # again
        lambda: registry.add_recommendation("claim", TOLD, NOW),
        lambda: registry.add_decision(decision()),
    ):
        change()
        versions.append(registry.claim("claim").version)
    assert versions == [1, 2, 2, 2, 3]


def test_of_many_writers_who_read_the_same_version_one_writes(registry):
    registry.put_claim(claim())
    seen = Expected(versions=frozenset({1}))

    def change(number):
        try:
            registry.put_claim(claim(residence=f"A{number}"), expected=seen)
        except StaleError:
            return 0
        return 1

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(change, range(8))) == 1
    assert registry.claim("claim").version == 2
    for late in (
        lambda: registry.add_decision(decision(), expected=seen),
        lambda: registry.add_claim_photo("claim", photo(b"1"), b"1", b"r", expected=seen),
    ):
        with pytest.raises(StaleError, match="changed in the meantime"):
            late()
    assert registry.decisions("claim") == registry.claim_photos("claim") == []
