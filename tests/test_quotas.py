from dataclasses import replace
from datetime import timedelta

from running import NOW

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
