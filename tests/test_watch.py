from datetime import timedelta

import pytest
import running
from sqlalchemy import text

from evidence.service.watch import Sight, Watch
from evidence.settings import WatchSettings

MINUTE = timedelta(minutes=1)


class NoWorkers:
    count = 1


@pytest.fixture
def service(tmp_path):
    service = running.open_service(tmp_path / "home", NoWorkers())
    yield service
    service.registry.close()


@pytest.fixture
def watch(service):
    return Watch(service)


def told(service, kind=None):
    events = service.registry.events(after=0, limit=1000)
    return [(e.kind, e.subject_id, e.actor, e.body) for e in events if kind in (None, e.kind)]


def refuse(watch, place="address-1", **more):
    watch.refused("access.unknown", subject="address", subject_id=place, **more)


def test_a_refusal_is_written_at_once_and_the_like_once_a_minute_with_their_count(service, watch):
    for _ in range(1000):
        refuse(watch)
    assert told(service) == [("access.unknown", "address-1", "stranger", {"count": 1})]
    assert not watch.owes()
    service.now.now += MINUTE
    assert watch.owes()
    refuse(watch)
    assert [body for *_, body in told(service)] == [{"count": 1}, {"count": 999}]
    service.now.now += MINUTE
    watch.tell_counts()
    assert [body["count"] for *_, body in told(service)] == [1, 999, 1]
    service.now.now += MINUTE
    watch.tell_counts()
    assert len(told(service)) == 3


def test_what_differs_is_told_apart(service, watch):
    for place, more in [("a", {}), ("b", {}), ("a", {"actor": "Ada"}), ("a", {"facts": {"x": 1}})]:
        refuse(watch, place, **more)
    assert len(told(service)) == 4


def test_a_thousand_addresses_are_few_entries(service, watch):
    most = WatchSettings().refusals_at_once
    for number in range(1000):
        refuse(watch, f"address-{number}")
    assert len(told(service)) == most + 1
    assert told(service)[-1][:2] == ("access.unknown", "others")
    assert len(watch._runs) == most + 1
    watch.tell_counts(all_of_them=True)
    assert sum(body["count"] for *_, body in told(service)) == 1000


def test_counts_are_told_at_the_end(service, watch):
    for _ in range(5):
        refuse(watch)
    watch.tell_counts(all_of_them=True)
    assert [body["count"] for *_, body in told(service)] == [1, 4]


def test_a_view_counts_once_in_a_while_by_each(service, watch):
    ann = Sight("claim.viewed", "claim", "claim-1", "Ann")
    bob = Sight("claim.viewed", "claim", "claim-1", "Bob")
    assert [watch.is_new(one) for one in (ann, ann, bob, ann)] == [True, False, True, False]
    service.now.now += timedelta(seconds=WatchSettings().view_seconds)
    assert watch.is_new(ann)


def test_views_are_remembered_in_bounded_memory(service):
    watch = Watch(service, WatchSettings(views_memory=10))
    for number in range(100):
        watch.is_new(Sight("claim.viewed", "claim", str(number), "Ann"))
    assert len(watch._seen) == 10


def test_an_address_has_one_pseudonym_in_every_process_until_the_key_is_deleted(service, watch):
    place = watch.place("192.0.2.7")
    assert place.startswith("address-")
    assert "192.0.2.7" not in place
    assert Watch(service).place("192.0.2.7") == place
    assert watch.place("192.0.2.8") != place
    assert watch.place("2001:db8::1") == watch.place("2001:db8::2")
    with service.registry._database.writing() as connection:
        connection.execute(text("DELETE FROM pseudonym_keys"))
    assert Watch(service).place("192.0.2.7") != place


def test_a_log_that_cannot_be_written_stops_nobody(service, watch, caplog):
    with service.registry._database.writing() as connection:
        connection.execute(text("DROP TABLE pseudonym_keys"))
        connection.execute(text("ALTER TABLE events RENAME TO gone"))
    assert watch.place("192.0.2.7") == "address-unknown"
    refuse(watch)
    watch.viewed(Sight("claim.viewed", "claim", "claim-1", "Ann"))
    assert "did not take access.unknown" in caplog.text
    assert "did not take claim.viewed" in caplog.text
