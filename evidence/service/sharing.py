"""Tell the other processes on a store what callers used here, every second while they do."""

import logging
import threading
from collections.abc import Callable
from datetime import datetime

from evidence.errors import StorageError
from evidence.service.quotas import Quotas

_log = logging.getLogger(__name__)


class Sharing:
    """One thread that keeps quotas in step with the registry; no request waits for it.

    Where the registry cannot be written each process counts for itself, and nobody is refused.
    """

    def __init__(self, quotas: Quotas, now: Callable[[], datetime], *, seconds: float) -> None:
        """Begin.

        Args:
            quotas: of this process.
            now: the clock; gives an aware datetime.
            seconds: between two looks at whether anything was used.
        """
        self._quotas, self._now, self._seconds = quotas, now, seconds
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sharing", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Tell a last time, and end."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        stopped = False
        while not stopped:
            stopped = self._stop.wait(self._seconds)
            try:
                self._quotas.share(self._now())
            except StorageError:
                _log.exception("quotas were not shared")
