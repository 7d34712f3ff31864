"""``python -m bench.cluster [FOLDER]``: what a second worker brings, here and on a Dask cluster.

FOLDER holds photos; without one they are made up. Each is read and held against the one before it.
One and two workers take turns, since others may use the machine; the load is printed beside.
"""

import argparse
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from bench.hostile import picture
from evidence.cluster.executor import Cluster
from evidence.comparison.compare import compare
from evidence.service.comparisons import _on_readings
from evidence.service.parts import MODULES, edition
from evidence.service.uploads import _read
from evidence.settings import Settings
from evidence.workers import Executor, Workers

PHOTOS, ROUNDS, TRIVIAL = 24, 3, 200
SETTINGS = Settings()
KINDS = ("local", "dask")


def work(executor: Executor, photos: Sequence[bytes], at_once: int) -> float:
    """Return the seconds that reading all and comparing each with the one before it takes."""

    def one(number: int) -> None:
        pair = [
            executor.run(_read, data, SETTINGS, None, "card", seconds=60)
            for data in (photos[number - 1], photos[number])
        ]
        executor.run(_on_readings, compare, *pair, SETTINGS, seconds=120)

    start = time.perf_counter()
    with ThreadPoolExecutor(2 * at_once) as threads:  # one more each waits, so that none is idle
        list(threads.map(one, range(len(photos))))
    return time.perf_counter() - start


@contextmanager
def part(*arguments: str) -> Iterator[str]:
    """Run a scheduler or a worker; the block gets what it said when it was ready."""
    with subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", "evidence", *arguments], stdout=subprocess.PIPE, text=True, bufsize=1
    ) as process:
        try:
            yield (process.stdout or sys.stdin).readline()
        finally:
            process.terminate()


@contextmanager
def executor_of(kind: str, count: int) -> Iterator[Executor]:
    """Start so many workers of a kind, each of which has done something already."""
    with ExitStack() as parts:
        executor: Executor
        if kind == "local":
            executor = Workers(
                count=count, waiting=16, memory=SETTINGS.limits.worker_memory, modules=MODULES
            )
        else:
            told = parts.enter_context(part("scheduler", "--port", "0"))
            address = next(word for word in told.split() if word.startswith("dask://"))
            for _ in range(count):
                parts.enter_context(part("worker", address, "--count", "1"))
            place = address.removeprefix("dask://")
            executor = Cluster(place, count=count, waiting=16, edition=edition())
        with closing(executor):
            work(executor, [picture(n) for n in range(2 * count)], count)
            yield executor


def measure(photos: Sequence[bytes], rounds: int) -> None:
    """Print what two workers do in the time of one, and what carrying costs."""
    seconds: dict[tuple[str, int], list[float]] = {}
    for number in range(rounds):
        for kind in KINDS:
            for count in (1, 2):
                with executor_of(kind, count) as executor:
                    took = work(executor, photos, count)
                    seconds.setdefault((kind, count), []).append(took)
                    load = os.getloadavg()[0]
                    print(f"round {number + 1}, {kind}, {count}: {took:.1f} s, load {load:.1f}")
    for kind in KINDS:
        ratios = [a / b for a, b in zip(seconds[kind, 1], seconds[kind, 2], strict=True)]
        told = ", ".join(f"{ratio:.2f}" for ratio in ratios)
        print(f"{kind}: two workers do {statistics.median(ratios):.2f} x the work of one ({told})")
    carried = statistics.median(seconds["dask", 2]) / statistics.median(seconds["local", 2])
    print(f"two workers on a cluster take {carried:.2f} x the time of two here")
    for kind in KINDS:
        with executor_of(kind, 1) as executor:
            start = time.perf_counter()
            for _ in range(TRIVIAL):
                executor.run(pow, 2, 10, seconds=60)
            each = (time.perf_counter() - start) / TRIVIAL
            print(f"{kind}: a run of nothing takes {1000 * each:.1f} ms")


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what was measured."""
    parser = argparse.ArgumentParser(prog="python -m bench.cluster", description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", help="with photos; else some are made up")
    parser.add_argument("--photos", type=int, default=PHOTOS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    chosen = parser.parse_args(arguments)
    if chosen.folder is None:
        photos = [picture(seed) for seed in range(chosen.photos)]
    else:
        files = sorted(path for path in chosen.folder.iterdir() if path.is_file())
        photos = [path.read_bytes() for path in files[: chosen.photos]]
    measure(photos, chosen.rounds)
    return 0


if __name__ == "__main__":
    sys.exit(main())
