"""Many pieces of work, so many in flight and no more, which end in order when they are asked to."""

import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from threading import Event
from typing import TypeVar

from evidence.errors import BusyError, QueueFullError
from evidence.service.parts import Service

Task = TypeVar("Task")
Done = TypeVar("Done")

PATIENCE = 300.0  # seconds for a worker to come free; a cluster's scheduler starts again in 2
AGAIN = 1.0  # seconds before work is tried again


def in_flight(service: Service) -> int:
    """Return how many pieces keep all workers busy: one waits while one is worked on."""
    return 2 * service.workers.count


def fly(
    tasks: Iterable[Task], work: Callable[[Task], Done], *, at_once: int, stop: Event
) -> Iterator[Done]:
    """Work on each task and yield what came of it, in the order of ending.

    Args:
        tasks: taken one by one, as room comes free.
        work: called from several threads.
        at_once: how many are in flight, at least 1.
        stop: once it is set no further task is begun; those in flight end, and are yielded.

    Raises:
        Exception: what a piece of work raised, after the others in flight have ended.
    """
    flying: set[Future[Done]] = set()
    with ThreadPoolExecutor(at_once) as threads:
        try:
            for task in tasks:
                if stop.is_set():
                    break
                flying.add(threads.submit(work, task))
                if len(flying) == at_once:
                    yield from _land(flying)
            while flying:
                yield from _land(flying)
        except BaseException:
            stop.set()  # nobody in flight waits for a worker any longer
            raise


def patiently(work: Callable[[], Done], stop: Event, *, patience: float = PATIENCE) -> Done:
    """Do work, and again where no worker was free for it.

    Args:
        work: has no effect where it raises BusyError.
        stop: once it is set nothing is tried again.
        patience: seconds after which nothing is tried again, either.

    Raises:
        BusyError: no worker came free.
    """
    until = time.monotonic() + patience
    while True:
        try:
            return work()
        except BusyError as error:
            pause = error.wait if isinstance(error, QueueFullError) else AGAIN
            if time.monotonic() + pause > until or stop.wait(pause):
                raise


def _land(flying: set[Future[Done]]) -> Iterator[Done]:
    """Wait for one or more to end, take them out, and yield what came of them."""
    landed, _ = wait(flying, return_when=FIRST_COMPLETED)
    flying.difference_update(landed)
    for one in landed:
        yield one.result()
