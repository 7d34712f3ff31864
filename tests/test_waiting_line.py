import threading
import time
from contextlib import ExitStack

import pytest

from evidence.errors import QueueFullError
from evidence.waiting_line import WaitingLine


def test_there_is_room_for_so_many_and_a_place_comes_free_again():
    line = WaitingLine(1, 2)
    with ExitStack() as inside:
        for _ in range(3):
            inside.enter_context(line.place())
        assert line.free == 0
        with pytest.raises(QueueFullError, match="try again in 6 seconds") as full, line.place():
            pass
        assert full.value.wait == 6  # three, one after another, at two seconds for want of better
    assert line.free == 3


def test_a_place_comes_free_when_its_work_fails():
    line = WaitingLine(1, 0)
    with pytest.raises(ValueError, match="broken"), line.place():
        raise ValueError("broken")
    assert line.free == 1


def test_the_wait_follows_what_the_work_takes():
    line = WaitingLine(2, 8)
    for _ in range(50):
        with line.place():
            pass
    with ExitStack() as inside:
        for _ in range(10):
            inside.enter_context(line.place())
        with pytest.raises(QueueFullError) as full, line.place():
            pass
        assert full.value.wait == 1
    slow = WaitingLine(1, 0)
    with ExitStack() as inside:
        slow._seconds = 1000.0
        inside.enter_context(slow.place())
        with pytest.raises(QueueFullError) as full, slow.place():
            pass
        assert full.value.wait == 60


def test_no_two_threads_take_one_place():
    line, taken, refused = WaitingLine(4, 4), [], []
    ready, done = threading.Barrier(32), threading.Event()

    def enter():
        ready.wait()
        try:
            with line.place():
                taken.append(1)
                done.wait()
        except QueueFullError:
            refused.append(1)

    threads = [threading.Thread(target=enter) for _ in range(32)]
    for thread in threads:
        thread.start()
    while len(taken) + len(refused) < 32:
        time.sleep(0.001)
    done.set()
    for thread in threads:
        thread.join()
    assert (len(taken), len(refused), line.free) == (8, 24, 8)
