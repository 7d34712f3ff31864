import os
import resource
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import cv2
import pytest
import running

from evidence.errors import BusyError, DamagedPhotoError, QueueFullError
from evidence.workers import Unfinished, Workers

MEMORY = 2_000_000_000


class PickyError(Exception):
    """Cannot be rebuilt from its pickle."""

    def __init__(self, *, reason):
        super().__init__(reason)


def double(number):
    return 2 * number


def spin():
    while True:
        pass


def sleep_deaf():
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    time.sleep(600)


def swell(size):
    return len(bytearray(size))


def crash():
    os.kill(os.getpid(), signal.SIGSEGV)


def refuse():
    raise DamagedPhotoError("cut short", "途中で切れています。")


def fail():
    raise PickyError(reason="secret")


def processor_seconds():
    """Return how much more processor time the kernel lets this task have."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return resource.getrlimit(resource.RLIMIT_CPU)[0] - used.ru_utime - used.ru_stime


def limits():
    return resource.getrlimit(resource.RLIMIT_CORE)[0], cv2.getNumThreads()


def wait_for(path):
    while not path.exists():
        time.sleep(0.01)
    return os.getpid()


@pytest.fixture(scope="module")
def workers():
    workers = running.open_workers(count=1, waiting=2, memory=MEMORY)
    yield workers
    workers.close()


def test_returns_what_the_function_returns(workers):
    assert workers.run(double, 21, seconds=60) == 42


@pytest.mark.parametrize("work", [spin, sleep_deaf])
def test_kills_what_takes_too_long_and_works_on(workers, work):
    assert workers.run(work, seconds=0.5) == Unfinished("too slow")
    assert workers.run(double, 21, seconds=60) == 42


def test_bounds_the_memory_of_a_worker(workers):
    assert workers.run(swell, MEMORY // 4, seconds=60) == MEMORY // 4
    assert workers.run(swell, 2 * MEMORY, seconds=60) == Unfinished("out of memory")


def test_replaces_a_worker_that_died_at_work(workers):
    assert workers.run(crash, seconds=60) == Unfinished("died")
    assert workers.run(double, 21, seconds=60) == 42


def test_replaces_a_worker_that_died_idle(workers):
    for _ in range(3):
        os.kill(workers.run(os.getpid, seconds=60), signal.SIGKILL)
        assert workers.run(double, 21, seconds=60) == 42


def test_our_errors_come_back_as_themselves(workers):
    with pytest.raises(DamagedPhotoError, match="cut short") as caught:
        workers.run(refuse, seconds=60)
    assert caught.value.ja == "途中で切れています。"


def test_foreign_errors_are_logged_and_stay_inside(workers, caplog):
    assert workers.run(fail, seconds=60) == Unfinished("failed")
    if not running.ON_CLUSTER:  # else the log of the machine that did it has it
        assert "PickyError: secret" in caplog.text
    assert workers.run(double, 21, seconds=60) == 42


def test_each_task_has_its_processor_time(workers):
    cores = len(os.sched_getaffinity(0))
    for seconds in (5.0, 1.0, 60.0):
        left = workers.run(processor_seconds, seconds=seconds)
        assert seconds * cores <= left <= seconds * cores + 2


ORPHAN = """
import os, sys
sys.path[:0] = ["tests", "."]
import test_workers as tasks
from evidence.workers import Workers
if __name__ == "__main__":
    workers = Workers(count=1, waiting=0, memory=tasks.MEMORY)
    print(workers.run(os.getpid, seconds=60), flush=True)
    workers.run(tasks.spin, seconds=1.0)
"""


def test_a_worker_ends_when_its_parent_was_killed_at_work():
    with subprocess.Popen(
        [sys.executable, "-c", ORPHAN], cwd=running.ROOT, stdout=subprocess.PIPE, text=True
    ) as parent:
        worker = int(parent.stdout.readline())
        busy = processor_time(worker)
        while processor_time(worker) < busy + 0.2:  # it is at work
            time.sleep(0.01)
        parent.kill()
    until = time.monotonic() + 60
    while os.path.exists(f"/proc/{worker}") and time.monotonic() < until:
        time.sleep(0.05)
    assert not os.path.exists(f"/proc/{worker}")


def processor_time(pid):
    """Seconds of processor time of a process."""
    with open(f"/proc/{pid}/stat") as file:
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def test_a_worker_leaves_no_core_and_starts_no_threads(workers):
    assert workers.run(limits, seconds=60) == (0, 1)


def test_refuses_more_than_may_wait(workers, tmp_path):
    free = tmp_path / "free"
    with ThreadPoolExecutor(3) as threads:
        taken = [threads.submit(workers.run, wait_for, free, seconds=60) for _ in range(3)]
        while workers._line.free:  # the only way to know that all three are in
            time.sleep(0.01)
        with pytest.raises(QueueFullError):
            workers.run(double, 21, seconds=60)
        free.touch()
        done = {future.result() for future in taken}
        assert running.ON_CLUSTER or len(done) == 1  # one process did it all
    assert workers.run(double, 21, seconds=60) == 42


def test_what_waits_is_done_by_the_new_worker_when_the_old_one_is_killed(workers):
    with ThreadPoolExecutor(2) as threads:
        slow = threads.submit(workers.run, spin, seconds=1.0)
        quick = threads.submit(workers.run, double, 21, seconds=60)
        assert (slow.result(), quick.result()) == (Unfinished("too slow"), 42)


def test_closed_workers_refuse_and_end_what_runs(tmp_path):
    workers = running.open_workers(count=1, waiting=0, memory=MEMORY)
    refused = threading.Event()

    def work():
        with pytest.raises(BusyError):
            workers.run(wait_for, tmp_path / "never", seconds=60)
        refused.set()

    pid = workers.run(os.getpid, seconds=60)
    thread = threading.Thread(target=work)
    thread.start()
    while workers._line.free:
        time.sleep(0.01)
    workers.close()
    thread.join(60)
    assert refused.is_set()
    if not running.ON_CLUSTER:  # a machine of a cluster serves others, and ends it in its time
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
    with pytest.raises(BusyError):
        workers.run(double, 21, seconds=60)


@pytest.mark.parametrize("wrong", [{"count": 0}, {"waiting": -1}, {"memory": 0}], ids=str)
def test_rejects_a_number_out_of_range(wrong):
    with pytest.raises(ValueError, match="out of range"):
        Workers(**{"count": 1, "waiting": 0, "memory": MEMORY} | wrong)
