from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest
import running
from running import NOW
from sqlalchemy import func, select

from evidence.registry.tables import meters
from evidence.service.quotas import Meter, Quotas
from evidence.settings import QuotaSettings


def test_so_much_at_once_then_one_by_one_as_it_fills_again():
    meter = Meter(6, 60.0, memory=10)
    assert [meter.take("ann", 1, NOW) for _ in range(7)] == [0] * 6 + [10]
    assert meter.take("ann", 1, NOW + timedelta(seconds=9)) == 1
    assert meter.take("ann", 1, NOW + timedelta(seconds=10)) == 0
    assert meter.take("ann", 1, NOW + timedelta(seconds=10)) == 10
    assert [meter.take("ann", 1, NOW + timedelta(minutes=9)) for _ in range(7)] == [0] * 6 + [10]


def test_each_has_a_share_of_its_own_and_a_refusal_costs_nothing():
    meter = Meter(1, 60.0, memory=10)
    assert meter.take("ann", 1, NOW) == 0
    assert [meter.take("ann", 1, NOW) for _ in range(99)] == [60] * 99
    assert meter.take("bob", 1, NOW) == 0


def test_the_last_unit_may_be_used_on_credit_and_is_waited_for():
    meter = Meter(100, 100.0, memory=10)
    assert meter.take("ann", 150, NOW) == 0
    assert meter.take("ann", 0, NOW) == 51
    assert meter.take("ann", 0, NOW + timedelta(seconds=51)) == 0


def test_a_clock_that_is_put_back_locks_nobody_out_for_long():
    meter = Meter(1, 60.0, memory=10)
    meter.take("ann", 1, NOW)
    assert meter.take("ann", 1, NOW - timedelta(days=365)) <= 120


def test_memory_is_bounded_and_whoever_came_last_stays():
    meter = Meter(1, 60.0, memory=3)
    for who in range(1000):
        meter.take(str(who), 1, NOW)
    assert len(meter) == 3
    assert meter.take("999", 1, NOW) == 60


def test_addresses_of_one_subscriber_are_one():
    quotas = Quotas(replace(QuotaSettings(), strangers=1))
    assert quotas.ask_unknown("2001:db8::1", NOW) is None
    over = quotas.ask_unknown("2001:db8::ffff", NOW)
    assert over.wait == 60
    assert over.text.en == "more than 1 requests a minute: try again in 60 seconds"
    assert "60秒後" in over.text.ja
    assert quotas.ask_unknown("2001:db8:0:1::1", NOW) is None


@pytest.fixture
def registry(tmp_path):
    with closing(running.open_registry(tmp_path / "home")) as registry:
        yield registry


@pytest.fixture
def two(registry, tmp_path):
    """Return the quotas of two processes on one store, six requests a minute each."""
    with closing(running.open_registry(tmp_path / "home")) as other:
        six = replace(QuotaSettings(), requests=6, photos=6)
        yield Quotas(six, registry), Quotas(six, other)


def asked(quotas, times, now=NOW):
    """Return how many of these requests may be made."""
    return [quotas.ask("ann", now) for _ in range(times)].count(None)


def test_what_was_used_in_one_process_is_used_in_the_other_a_moment_later(two):
    one, other = two
    assert asked(one, 5) == 5
    one.share(NOW)
    assert asked(other, 1) == 1  # it does not know yet
    other.share(NOW)
    assert asked(other, 9) == 0
    one.share(NOW)  # nothing new was used here
    assert asked(one, 9) == 1


def test_what_was_too_much_before_it_was_told_is_paid_back(two):
    one, other = two
    assert asked(one, 9) + asked(other, 9) == 12
    one.share(NOW)
    other.share(NOW)
    assert asked(other, 9, NOW + timedelta(seconds=60)) == 0
    assert asked(other, 9, NOW + timedelta(seconds=120)) == 6


def test_a_start_anew_forgets_no_day(two):
    one, other = two
    assert one.upload("ann", 6, NOW) is None
    one.share(NOW)
    assert other.upload("ann", 1, NOW) is None
    other.share(NOW)
    assert other.upload("ann", 1, NOW + timedelta(hours=3)).wait > 3600


def test_what_is_full_again_is_forgotten_and_strangers_are_never_told(two, registry):
    one, _ = two
    asked(one, 6)
    one.ask_unknown("192.0.2.1", NOW)
    one.share(NOW)
    count = select(func.count()).select_from(meters)
    with registry.reading_rows() as rows:
        assert rows.scalar(count) == 1
    one.receive("ben", 1, NOW + timedelta(days=2))
    one.share(NOW + timedelta(days=2))
    with registry.reading_rows() as rows:
        assert rows.scalars(select(meters.c.name)).all() == ["bytes ben"]
