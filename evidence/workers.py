"""Run work in processes that can be killed; ``Executor`` is the seam that a cluster fits too."""

import ctypes
import importlib
import logging
import math
import multiprocessing
import os
import resource
import signal
import threading
import traceback
from collections.abc import Callable, Sequence
from concurrent.futures import wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol, TypeVar, cast

import cv2
from pebble import ProcessExpired, ProcessPool

from evidence.errors import BusyError, EvidenceError
from evidence.sandbox import shut_in
from evidence.waiting_line import WaitingLine

T = TypeVar("T")
Reason = Literal["too slow", "out of memory", "died", "failed"]
_log = logging.getLogger(__name__)

_OPEN_FILES = 64  # a worker needs its pipes and what its libraries hold open
_GLANCE = 1.0  # seconds between looks at whether the pool still lives while we wait
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3  # malloc.h
_LARGE = 16_000_000  # bytes; a larger array goes back at once, such as a whole photo's pixels
_KEPT = 128_000_000  # bytes that a worker keeps at most; a comparison's arrays
_ATTEMPTS = 3  # a pool can break under our hands only while another one breaks it


@dataclass(frozen=True, slots=True)
class Unfinished:
    """Work that ended without a result; what that means is for the caller to say.

    Attributes:
        reason: ``failed`` is a fault that the work did not foresee; it is logged here.
    """

    reason: Reason


@dataclass(frozen=True, slots=True)
class _Fault:
    """An exception that is not ours: only its text crosses the process boundary."""

    report: str


class Executor(Protocol):
    """Runs pure functions where they harm nobody: ``Workers`` here, ``Cluster`` on many machines.

    What it runs may run twice where a machine was lost; nothing but its result is ever seen.
    """

    @property
    def count(self) -> int:
        """How many runs are worked on at once."""

    def run(self, function: Callable[..., T], *args: Any, seconds: float) -> T | Unfinished:
        """Call ``function(*args)`` elsewhere and wait for its result; see ``Workers.run``."""

    def close(self) -> None:
        """End what runs; further runs are refused."""


class Workers:
    """A fixed number of processes, shut in, each replaced when it is killed or dies."""

    def __init__(
        self,
        *,
        count: int,
        waiting: int,
        memory: int,
        modules: Sequence[str] = (),
        readable: Sequence[Path] = (),
    ) -> None:
        """Start nothing yet; the first run does.

        Args:
            count: processes, at least 1.
            waiting: runs that may wait for a free process, at least 0.
            memory: bytes of address space that a worker may add to what it starts with.
            modules: imported before the first task, so that none pays for it.
            readable: places whose files the functions may read, beside the program's own.

        Raises:
            ValueError: a number is out of range.
        """
        if count < 1 or waiting < 0 or memory < 1:
            raise ValueError(f"out of range: {count=}, {waiting=}, {memory=}")
        self._count = count
        self._preparation = memory, tuple(modules), tuple(readable)
        self._line = WaitingLine(count, waiting)
        # Forked from a clean, single-threaded server that holds the imports: as quick as
        # a fork of this process, without the locks that its threads may hold.
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload([__name__, *modules])
        self._changing = threading.Lock()
        self._pool: ProcessPool | None = None
        self._closed = False

    @property
    def count(self) -> int:
        """How many processes work at once."""
        return self._count

    def run(self, function: Callable[..., T], *args: Any, seconds: float) -> T | Unfinished:
        """Call ``function(*args)`` in a worker and wait for its result.

        Args:
            function: importable by name; arguments and result can be pickled.
            args: its arguments.
            seconds: the worker is killed when the call takes longer.

        Raises:
            QueueFullError: too many runs wait already.
            BusyError: the workers are closed, or broke.
            EvidenceError: raised by the function; its other exceptions are ``failed``.
        """
        with self._line.place():
            outcome = self._outcome(function, args, seconds)
        if isinstance(outcome, EvidenceError):
            raise outcome
        if isinstance(outcome, _Fault):
            _log.error("%s failed in its worker\n%s", function.__qualname__, outcome.report)
            return Unfinished("failed")
        return cast(T | Unfinished, outcome)

    def close(self) -> None:
        """Kill the workers; further runs are refused."""
        with self._changing:
            self._closed = True
            pool, self._pool = self._pool, None
        if pool is not None:
            _stop(pool)

    def _outcome(self, function: Callable[..., T], args: tuple[Any, ...], seconds: float) -> object:
        for _ in range(_ATTEMPTS):
            pool = self._running_pool()
            try:
                future = pool.schedule(_attempt, (function, args, seconds), timeout=seconds)
                while not future.done() and pool.active:
                    wait([future], timeout=_GLANCE)
                if future.done():
                    return future.result()
            except TimeoutError:
                return Unfinished("too slow")
            except ProcessExpired as end:
                return Unfinished("too slow" if end.exitcode == -signal.SIGXCPU else "died")
            except (BrokenProcessPool, RuntimeError):  # pebble's words for a dead pool
                _log.warning("the worker pool broke and is started again")
            self._discard(pool)
        raise BusyError(
            "the workers are starting again; try again in a moment",
            "処理プロセスを再起動しています。しばらくしてからもう一度お試しください。",
        )

    def _running_pool(self) -> ProcessPool:
        with self._changing:
            if self._closed:
                raise BusyError(
                    "the service is stopping",
                    "サービスを停止しています。しばらくしてからもう一度お試しください。",
                )
            if self._pool is None:
                self._pool = ProcessPool(
                    max_workers=self._count,
                    initializer=_prepare,
                    initargs=self._preparation,
                    context=self._context,
                )
            return self._pool

    def _discard(self, pool: ProcessPool) -> None:
        with self._changing:
            if self._pool is not pool:
                return
            self._pool = None
        _stop(pool)


def _stop(pool: ProcessPool) -> None:
    pool.stop()  # type: ignore[no-untyped-call]
    pool.join()


def _attempt(function: Callable[..., T], args: tuple[Any, ...], seconds: float) -> object:
    """Run in the worker; a foreign exception may not even survive pickling."""
    _bound_processor_time(seconds)
    try:
        return function(*args)
    except EvidenceError as error:
        return error
    except MemoryError:
        return Unfinished("out of memory")
    except Exception:
        return _Fault(traceback.format_exc())


def _bound_processor_time(seconds: float) -> None:
    """Let the kernel end a task whose parent is no longer there to do it, a moment later."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    most = used.ru_utime + used.ru_stime + seconds * len(os.sched_getaffinity(0)) + 1.0
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(most), hard))


def _keep_freed_memory() -> None:
    """Let freed memory be used again instead of going back to the kernel after each array.

    Else a tenth of a comparison is the kernel clearing the same pages. C libraries other than
    glibc have no such call.
    """
    with suppress(AttributeError):
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(_M_MMAP_THRESHOLD, _LARGE)
        mallopt(_M_TRIM_THRESHOLD, _KEPT)


def _prepare(memory: int, modules: tuple[str, ...], readable: tuple[Path, ...]) -> None:
    """Make this process a worker: imports first, then the limits that it dies by, then shut in."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # a decoder in C never returns to Python
    for module in modules:
        importlib.import_module(module)
    cv2.setNumThreads(1)
    _keep_freed_memory()
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    limits = {
        resource.RLIMIT_AS: pages * resource.getpagesize() + memory,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: _OPEN_FILES,
        resource.RLIMIT_FSIZE: 0,
    }
    for limit, value in limits.items():
        resource.setrlimit(limit, (value, value))
    shut_in(readable)
