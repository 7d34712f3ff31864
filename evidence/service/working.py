"""Work sent to workers, and what it took told."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from typing import TypeVar, cast

from evidence.errors import BusyError
from evidence.measured import Measuring
from evidence.service.parts import Service
from evidence.service.telemetry import Stage
from evidence.workers import Unfinished

T = TypeVar("T")
_turns: ContextVar[AbstractContextManager[object] | None] = ContextVar("turns", default=None)


@contextmanager
def taking_turns(service: Service) -> Iterator[None]:
    """Let the block have as many runs at once as one request may: it never fills the queue itself.

    Also those of its threads, if they run in the block's context.
    """
    before = _turns.set(threading.Semaphore(service.at_once))
    try:
        yield
    finally:
        _turns.reset(before)


def work(
    service: Service, stage: Stage, function: Callable[..., T], *args: object, seconds: float
) -> T | Unfinished:
    """Call ``function(*args)`` in a worker, wait for its result, and tell what it took.

    Args:
        service: the parts.
        stage: what it is, for those who look at times.
        function: importable by name; arguments and result can be pickled.
        args: its arguments.
        seconds: the worker is killed when the call takes longer.

    Raises:
        BusyError: too many runs wait already.
        EvidenceError: raised by the function.
    """
    telemetry, since = service.telemetry, time.perf_counter()
    with _turns.get() or nullcontext(), telemetry.waiting(stage):
        try:
            done = service.workers.run(Measuring(function, stage), *args, seconds=seconds)
        except BusyError:
            telemetry.refused.inc()
            raise
        if isinstance(done, Unfinished):
            telemetry.unfinished.labels(done.reason).inc()
            return done
        telemetry.tell(done, since=since)
        return cast(T, done.value)
