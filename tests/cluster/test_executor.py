"""A real scheduler and a real worker on loopback: what is promised of local workers holds there."""

import os
import signal
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import clusters
import pytest
import running

from evidence.cluster import executor as executor_module
from evidence.comparison.compare import compare
from evidence.errors import BusyError, QueueFullError, UnsupportedPhotoError
from evidence.service.comparisons import _on_readings
from evidence.service.uploads import _read
from evidence.settings import Settings
from evidence.workers import Executor, Unfinished


@pytest.fixture(scope="module")
def scheduler():
    with clusters.scheduler() as started:
        yield started


@pytest.fixture(scope="module")
def worker(scheduler):
    with clusters.worker(scheduler.address) as started:
        yield started


@pytest.fixture(scope="module")
def cluster(scheduler, worker):
    with closing(clusters.join(scheduler.address, count=1, waiting=4)) as cluster:
        yield cluster


def read(executor: Executor, data: bytes):
    return executor.run(_read, data, Settings(), None, "card", seconds=60)


def test_readings_and_comparisons_are_those_of_this_machine(cluster):
    one, other = read(cluster, running.photo()), read(cluster, running.photo(1))
    assert one == _read(running.photo(), Settings(), None, "card")
    verdict = cluster.run(_on_readings, compare, one, other, Settings(), seconds=60)
    assert verdict == _on_readings(compare, one, other, Settings())


def test_a_file_that_is_no_photo_is_refused_in_the_same_words(cluster):
    with pytest.raises(UnsupportedPhotoError, match="JPEG, PNG"):
        read(cluster, b"nothing")


def test_what_kills_its_process_harms_neither_the_machine_nor_the_next(cluster, worker):
    assert cluster.run(os.abort, seconds=60) == Unfinished("died")
    assert cluster.run(time.sleep, 60, seconds=0.5) == Unfinished("too slow")
    assert cluster.run(bytearray, 10**12, seconds=60) == Unfinished("out of memory")
    assert cluster.run(pow, 2, "x", seconds=60) == Unfinished("failed")
    assert cluster.run(pow, 2, 10, seconds=60) == 1024
    assert worker.process.poll() is None


def test_untrusted_bytes_are_read_where_there_is_no_network_and_no_file(cluster):
    for call, *args in ((socket.socket,), (os.fork,), (Path.read_bytes, Path("/etc/hostname"))):
        assert cluster.run(call, *args, seconds=60) == Unfinished("failed"), call


@pytest.mark.torture
def test_work_goes_to_workers_of_the_same_edition_alone(scheduler, worker):
    newer = clusters.join(scheduler.address, count=1, waiting=0, edition="x")
    with closing(newer), ThreadPoolExecutor(1) as thread:
        asked = thread.submit(newer.run, pow, 2, 10, seconds=60)
        with pytest.raises(TimeoutError):
            asked.result(timeout=1)
        with pytest.raises(BusyError, match="no worker of this version"):
            asked.result(timeout=60)


def test_refuses_more_than_may_wait(scheduler, worker):
    with closing(clusters.join(scheduler.address, count=1, waiting=0)) as cluster:
        with ThreadPoolExecutor(1) as thread:
            taken = thread.submit(cluster.run, time.sleep, 3, seconds=60)
            while cluster._line.free:
                time.sleep(0.01)
            with pytest.raises(QueueFullError):
                cluster.run(pow, 2, 10, seconds=60)
            assert taken.result() is None


def test_a_closed_cluster_refuses_and_gives_up_what_runs(scheduler, worker):
    cluster = clusters.join(scheduler.address, count=1, waiting=0)
    assert cluster.run(pow, 2, 10, seconds=60) == 1024
    with ThreadPoolExecutor(1) as thread:
        taken = thread.submit(cluster.run, time.sleep, 2, seconds=60)
        time.sleep(0.5)
        cluster.close()
        with pytest.raises(BusyError, match="stopping"):
            taken.result(timeout=60)
    with pytest.raises(BusyError):
        cluster.run(pow, 2, 10, seconds=60)


@pytest.mark.torture
def test_a_run_whose_machine_is_lost_is_done_by_another():
    with clusters.scheduler() as scheduler, clusters.worker(scheduler.address) as first:
        with closing(clusters.join(scheduler.address, count=2, waiting=0)) as cluster:
            with ThreadPoolExecutor(1) as thread:
                asked = thread.submit(cluster.run, time.sleep, 2, seconds=60)
                time.sleep(1)
                first.kill()
                with clusters.worker(scheduler.address):
                    assert asked.result(timeout=60) is None


@pytest.mark.torture
def test_a_run_that_takes_three_machines_with_it_is_given_up():
    with clusters.scheduler() as scheduler:
        with closing(clusters.join(scheduler.address, count=1, waiting=0)) as cluster:
            with ThreadPoolExecutor(1) as thread:
                asked = thread.submit(cluster.run, time.sleep, 30, seconds=60)
                for _ in range(3):
                    with clusters.worker(scheduler.address) as worker:
                        wait_until_busy(worker.process.pid)
                        worker.kill()
                assert asked.result(timeout=60) == Unfinished("died")


def wait_until_busy(pid: int) -> None:
    """Wait until a worker has begun: its pool starts with the first run."""
    until = time.monotonic() + 60
    while not any(file.read_text() for file in Path(f"/proc/{pid}/task").glob("*/children")):
        assert time.monotonic() < until
        time.sleep(0.05)


@pytest.mark.torture
def test_what_runs_when_the_scheduler_starts_again_is_handed_in_again():
    with clusters.scheduler() as before, clusters.worker(before.address):
        with closing(clusters.join(before.address, count=1, waiting=2)) as cluster:
            with ThreadPoolExecutor(2) as threads:
                asked = [threads.submit(cluster.run, pow, 2, n, seconds=60) for n in (10, 11)]
                asked.append(threads.submit(cluster.run, time.sleep, 3, seconds=60))
                time.sleep(1)
                before.kill()
                with clusters.scheduler(int(before.address.rpartition(":")[2])):
                    done = [one.result(timeout=90) for one in asked]
                    assert done == [1024, 2048, None]


def test_without_a_scheduler_the_caller_is_told_to_come_again(monkeypatch):
    monkeypatch.setattr(executor_module, "_CONNECTING", 0.5)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and does not listen
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        with closing(clusters.join(address, count=4, waiting=4)) as cluster:
            with ThreadPoolExecutor(8) as threads:
                asked = [threads.submit(cluster.run, pow, 2, 10, seconds=60) for _ in range(8)]
                for one in asked:
                    with pytest.raises(BusyError, match="scheduler cannot be reached"):
                        one.result(timeout=60)


@pytest.mark.parametrize("wrong", [{"count": 0}, {"waiting": -1}], ids=str)
def test_rejects_a_number_out_of_range(wrong):
    with pytest.raises(ValueError, match="out of range"):
        clusters.join("127.0.0.1:1", **{"count": 1, "waiting": 0} | wrong)


def test_a_worker_that_is_asked_to_stop_stops(scheduler):
    with clusters.worker(scheduler.address) as leaving:
        leaving.process.send_signal(signal.SIGTERM)
        assert leaving.process.wait(timeout=60) == 0
