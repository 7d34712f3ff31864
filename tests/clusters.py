"""Schedulers and workers in processes of their own, on loopback, for the tests of clusters."""

import atexit
import os
import subprocess
import sys
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from evidence.cluster.executor import Cluster
from evidence.service.parts import edition

ROOT = Path(__file__).parents[1]


@dataclass
class Part:
    """A scheduler or a worker."""

    process: subprocess.Popen
    line: str  # what it said when it was ready

    @property
    def address(self) -> str:
        """Where a scheduler is."""
        return next(word for word in self.line.split() if word.startswith("dask://"))

    def kill(self) -> None:
        """End it as a power cut would; its sandboxed children end with their pipes."""
        self.process.kill()
        self.process.wait()


@contextmanager
def part(*arguments: str, **settings: str):
    """Run ``evidence scheduler`` or ``evidence worker``; the block gets it once it is ready."""
    others = {name: value for name, value in os.environ.items() if "EVIDENCE_" not in name}
    process = subprocess.Popen(
        [sys.executable, "-m", "evidence", *arguments],
        cwd=ROOT,
        env={**others, "PYTHONPATH": "tests", "PYTHONUNBUFFERED": "1", **settings},
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            yield Part(process, process.stdout.readline())
        finally:
            process.terminate()


def scheduler(port: int = 0, **settings: str):
    """Run a scheduler."""
    return part("scheduler", "--port", str(port), **settings)


def worker(address: str, count: int = 1, **settings: str):
    """Run a worker of so many processes."""
    return part("worker", address, "--count", str(count), **settings)


def join(address: str, *, count: int, waiting: int, **options) -> Cluster:
    """Return the executor of a service that uses a cluster."""
    options = {"edition": edition()} | options
    return Cluster(address.removeprefix("dask://"), count=count, waiting=waiting, **options)


@cache
def of_this_session() -> str:
    """Return the address of a scheduler with two workers, which end with this process."""
    parts = ExitStack()
    atexit.register(parts.close)
    address = parts.enter_context(scheduler()).address
    for _ in range(2):
        parts.enter_context(worker(address))
    return address
