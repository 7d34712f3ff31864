import threading

import pytest

from evidence.bulk.flight import fly, patiently
from evidence.errors import BusyError, QueueFullError


def test_no_more_are_taken_than_may_be_in_flight_and_all_come_back():
    taken, done = 0, 0

    def tasks():
        nonlocal taken
        for number in range(50):
            taken += 1
            assert taken - done <= 4  # three in flight, and the one that is just taken
            yield number

    found = []
    for one in fly(tasks(), lambda n: n * n, at_once=3, stop=threading.Event()):
        done += 1
        found.append(one)
    assert sorted(found) == [n * n for n in range(50)]


def test_who_is_asked_to_stop_begins_no_more_and_ends_what_is_in_flight():
    stop, begun = threading.Event(), []

    def work(number):
        begun.append(number)
        if number == 5:
            stop.set()
        return number

    found = list(fly(range(1000), work, at_once=2, stop=stop))
    assert sorted(found) == sorted(begun)
    assert 5 in found
    assert len(found) <= 8


def test_a_fault_ends_it_after_the_others_have_ended():
    ended, stop = [], threading.Event()

    def work(number):
        if number == 0:
            raise RuntimeError("broken")
        ended.append(stop.wait(5))  # which a fault cuts short

    with pytest.raises(RuntimeError, match="broken"):
        list(fly(range(2), work, at_once=2, stop=stop))
    assert ended == [True]


class Full(QueueFullError):
    wait = 0


def test_who_finds_no_worker_tries_again_until_one_is_free():
    tries = []

    def work():
        tries.append(1)
        if len(tries) < 3:
            raise Full("full")
        return "done"

    assert patiently(work, threading.Event()) == "done"


def test_patience_ends_and_a_stop_ends_it_at_once():
    tries = []

    def work():
        tries.append(1)
        raise BusyError("nobody there")

    with pytest.raises(BusyError):
        patiently(work, threading.Event(), patience=0)
    stop = threading.Event()
    stop.set()
    with pytest.raises(BusyError):
        patiently(work, stop)
    assert len(tries) == 2
