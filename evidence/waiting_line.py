"""Room for so many at work and so many who wait; whoever finds none is told when to come again."""

import math
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from evidence.errors import QueueFullError

_FIRST_GUESS = 2.0  # seconds a piece of work takes, before any was measured
_NEWEST = 0.2  # weight of the newest measurement; about the last five count
_MOST = 60  # seconds; nobody is sent away for longer, since the estimate is one


class WaitingLine:
    """Counts who is in; safe to share among threads."""

    def __init__(self, at_once: int, waiting: int) -> None:
        """Let ``at_once`` work and ``waiting`` more wait."""
        self._at_once, self._most = at_once, at_once + waiting
        self._inside = 0
        self._seconds = _FIRST_GUESS  # that one piece of work takes
        self._changing = threading.Lock()

    @property
    def free(self) -> int:
        """How many places are left."""
        return self._most - self._inside

    @contextmanager
    def place(self) -> Iterator[None]:
        """Hold a place while the block runs.

        Raises:
            QueueFullError: none is left; ``wait`` is how long all who are in will take.
        """
        with self._changing:
            if self._inside == self._most:
                raise self._refusal()
            self._inside += 1
            turns = math.ceil(self._inside / self._at_once)
        begun = time.monotonic()
        try:
            yield
        finally:
            took = (time.monotonic() - begun) / turns
            with self._changing:
                self._inside -= 1
                self._seconds += _NEWEST * (took - self._seconds)

    def _refusal(self) -> QueueFullError:
        turns = math.ceil(self._most / self._at_once)
        wait = min(_MOST, max(1, math.ceil(turns * self._seconds)))
        error = QueueFullError(
            f"every worker is taken and the queue is full; try again in {wait} seconds",
            f"処理が混み合い、順番待ちもいっぱいです。{wait}秒後にもう一度お試しください。",
        )
        error.wait = wait
        return error
