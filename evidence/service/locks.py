"""Locks by name, so that the same work is not done twice at once."""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager


class Locks:
    """One lock a name, which exists only while somebody holds it or waits for it."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._locks: dict[str, threading.Lock] = {}
        self._users: Counter[str] = Counter()

    @contextmanager
    def holding(self, name: str) -> Iterator[None]:
        """Wait for the name, and keep it until the block is left."""
        with self._guard:
            lock = self._locks.setdefault(name, threading.Lock())
            self._users[name] += 1
        try:
            with lock:
                yield
        finally:
            with self._guard:
                self._users[name] -= 1
                if not self._users[name]:
                    del self._users[name], self._locks[name]
