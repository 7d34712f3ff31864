"""What work takes, told by the process that does it and carried back beside its result."""

import resource
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import update_wrapper
from typing import Any


@dataclass(frozen=True, slots=True)
class Stretch:
    """One stage's way through the work.

    Attributes:
        stage: its name.
        began: nanoseconds since 1970, by the clock of the machine that did it.
        ended: the same.
    """

    stage: str
    began: int
    ended: int

    @property
    def seconds(self) -> float:
        """How long it took, by the clock."""
        return (self.ended - self.began) / 1e9


@dataclass(frozen=True, slots=True)
class Measured:
    """A result and what it took.

    Attributes:
        value: what the function returned.
        stretches: the whole, last; before it the parts that the function marked.
        peak: bytes of memory that the process held at most, if this work raised it; else 0.
    """

    value: Any
    stretches: tuple[Stretch, ...]
    peak: int


_stretches: ContextVar[list[Stretch] | None] = ContextVar("stretches", default=None)


class Measuring:
    """A function that can be sent to another process, and returns ``Measured`` there."""

    __wrapped__: Callable[..., Any]

    def __init__(self, function: Callable[..., Any], stage: str) -> None:
        """Measure ``function``, which is importable by name, as ``stage``."""
        update_wrapper(self, function)  # whoever tells of it names the function
        self._stage = stage

    def __call__(self, *args: Any) -> Measured:
        """Call the function; what it raises is not measured."""
        found: list[Stretch] = []
        token, before = _stretches.set(found), peak_memory()
        try:
            with marked(self._stage):
                value = self.__wrapped__(*args)
        finally:
            _stretches.reset(token)
        peak = peak_memory()
        return Measured(value, tuple(found), peak if peak > before else 0)


@contextmanager
def marked(stage: str) -> Iterator[None]:
    """Mark the block as a stage of what is measured around it; elsewhere it costs nothing."""
    found = _stretches.get()
    if found is None:
        yield
        return
    began, clock = time.time_ns(), time.perf_counter_ns()  # a clock that is set back is no time
    yield
    found.append(Stretch(stage, began, began + time.perf_counter_ns() - clock))


def peak_memory() -> int:
    """Return the most memory that this process has held at once, in bytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
