"""Slow down whoever guesses passwords: by sign-in name and address, in bounded memory."""

import math
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

from evidence.service.addresses import net_of
from evidence.settings import SignInSettings


@dataclass(slots=True)
class _Count:
    since: datetime
    failures: int = 0


class Throttle:
    """Failed attempts of the last minutes; safe to share among threads.

    An attempt counts as failed from its beginning until it is forgiven, so that attempts at the
    same time have no more tries than attempts one by one. It forgets with the process.
    """

    def __init__(self, settings: SignInSettings) -> None:
        self._settings = settings
        self._counts: OrderedDict[str, _Count] = OrderedDict()
        self._lock = Lock()

    def attempt(self, name: str, address: str, now: datetime) -> int:
        """Count an attempt; return how many seconds it has to wait instead, 0 if it may be made.

        Args:
            name: the sign-in name, known or not.
            address: IP address of the client; others count as they are.
            now: aware.
        """
        window = timedelta(minutes=self._settings.throttle_minutes)
        limits = self._limits(name, address)
        with self._lock:
            wait = 0
            for key, limit in limits.items():
                count = self._counts.get(key)
                if count is None or now >= count.since + window:
                    self._counts[key] = count = _Count(now)
                if count.failures >= limit:
                    left = count.since + window - now
                    wait = max(wait, math.ceil(left.total_seconds()))
                self._counts.move_to_end(key)
            if not wait:
                for key in limits:
                    self._counts[key].failures += 1
            while len(self._counts) > self._settings.throttle_memory:
                self._counts.popitem(last=False)
            return wait

    def forgive(self, name: str, address: str) -> None:
        """Take an attempt back that was right; what others tried from elsewhere still counts."""
        limits = self._limits(name, address)
        with self._lock:
            for key in limits:
                if key in self._counts:
                    self._counts[key].failures -= 1
            self._counts.pop(next(iter(limits)), None)

    def __len__(self) -> int:
        """Return how many names and addresses are remembered."""
        return len(self._counts)

    def _limits(self, name: str, address: str) -> Mapping[str, int]:
        """Return the failures that each key may have, that of the name from there first."""
        net = net_of(address)
        return {
            f"both {net} {name}": self._settings.name_here_failures,
            f"address {net}": self._settings.address_failures,
            f"name {name}": self._settings.name_failures,
        }
