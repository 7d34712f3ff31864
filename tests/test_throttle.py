from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest
import running
from sqlalchemy import select

from evidence.registry.tables import attempts
from evidence.service.throttle import Throttle
from evidence.settings import SignInSettings

NOW = running.NOW
HERE = "192.0.2.1"


@pytest.fixture
def registry(tmp_path):
    with closing(running.open_registry(tmp_path / "home")) as registry:
        yield registry


@pytest.fixture
def throttle(registry):
    return Throttle(SignInSettings(), registry)


def kept(registry):
    """Return the names that are kept."""
    with registry.reading_rows() as rows:
        return [name for (name,) in rows.execute(select(attempts.c.name))]


def fail(throttle, times, name="ada", address=HERE, at=NOW):
    for _ in range(times):
        assert throttle.attempt(name, address, at) == 0


def test_the_sixth_attempt_at_a_name_from_one_address_waits_until_the_quarter_is_over(throttle):
    fail(throttle, 5)
    assert throttle.attempt("ada", HERE, NOW) == 900
    late = NOW + timedelta(minutes=14, seconds=59.5)
    assert throttle.attempt("ada", HERE, late) == 1
    fail(throttle, 5, at=NOW + timedelta(minutes=15))


def test_others_are_not_kept_waiting(throttle):
    fail(throttle, 5)
    assert throttle.attempt("ben", HERE, NOW) == 0
    assert throttle.attempt("ada", "192.0.2.2", NOW) == 0


def test_waiting_makes_the_wait_no_longer(throttle):
    fail(throttle, 5)
    for minute in range(15):
        assert throttle.attempt("ada", HERE, NOW + timedelta(minutes=minute)) > 0
    assert throttle.attempt("ada", HERE, NOW + timedelta(minutes=15)) == 0


def test_an_address_that_tries_many_names_waits(throttle):
    for number in range(30):
        fail(throttle, 1, name=f"name-{number}")
    assert throttle.attempt("another", HERE, NOW) == 900
    assert throttle.attempt("another", "192.0.2.2", NOW) == 0


def test_a_name_that_is_tried_from_many_addresses_waits(throttle):
    for number in range(100):
        fail(throttle, 1, address=f"198.51.100.{number}")
    assert throttle.attempt("ada", HERE, NOW) == 900
    assert throttle.attempt("ben", HERE, NOW) == 0


@pytest.mark.parametrize(
    ("address", "wait"),
    [
        ("2001:db8:0:1::2", 900),  # a subscriber has a net of 64 bits
        ("2001:db8:0:1:ffff::", 900),
        ("2001:db8:0:2::1", 0),
        ("not an address", 0),
    ],
)
def test_a_subscribers_addresses_are_one(throttle, address, wait):
    fail(throttle, 5, address="2001:db8:0:1::1")
    assert throttle.attempt("ada", address, NOW) == wait


def test_a_right_one_forgives_the_name_here_and_itself_but_not_what_others_tried(throttle):
    fail(throttle, 4)
    fail(throttle, 1)
    throttle.forgive("ada", HERE)
    fail(throttle, 5)
    assert throttle.attempt("ada", HERE, NOW) == 900
    for number in range(30 - 9):  # 4 failed before the right one, 5 after it
        fail(throttle, 1, name=f"name-{number}")
    assert throttle.attempt("another", HERE, NOW) == 900


def test_attempts_at_the_same_time_have_no_more_tries(throttle):
    with ThreadPoolExecutor(8) as threads:
        waits = list(threads.map(lambda _: throttle.attempt("ada", HERE, NOW), range(40)))
    assert waits.count(0) == 5


def test_another_process_is_no_further_try(throttle, tmp_path):
    fail(throttle, 3)
    with closing(running.open_registry(tmp_path / "home")) as other:
        again = Throttle(SignInSettings(), other)
        fail(again, 2)
        assert again.attempt("ada", HERE, NOW) == throttle.attempt("ada", HERE, NOW) == 900
        again.forgive("ada", HERE)
    fail(throttle, 5)


def test_what_is_kept_tells_no_name_and_no_address_and_goes_with_the_quarter(throttle, registry):
    fail(throttle, 1, name="my password")
    assert [len(name) for name in kept(registry)] == [64] * 3
    assert "192.0.2" not in str(kept(registry))
    fail(throttle, 1, name="another", at=NOW + timedelta(minutes=15))
    assert len(kept(registry)) == 3


def test_its_memory_is_bounded_and_the_longest_untouched_goes_first(registry):
    settings = replace(SignInSettings(), throttle_memory=12, address_failures=1000)
    throttle = Throttle(settings, registry)
    fail(throttle, 5)
    at = NOW
    for number in range(100):
        at += timedelta(seconds=1)
        fail(throttle, 1, name=f"name-{number}", at=at)
        assert throttle.attempt("ada", HERE, at) > 0  # touched, so it stays
    assert len(kept(registry)) == 12
    for number in range(10):
        at += timedelta(seconds=1)
        fail(throttle, 1, name=f"more-{number}", at=at)
    assert throttle.attempt("ada", HERE, at) == 0
