"""Slow down whoever guesses passwords, by sign-in name and address, in all processes together."""

import hashlib
import hmac
import math
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cached_property

from evidence.registry.registry import Registry
from evidence.service.addresses import net_of
from evidence.settings import SignInSettings


class Throttle:
    """Failed attempts of the last minutes; safe to share among threads, and among processes.

    An attempt counts as failed from its beginning until it is forgiven, so that attempts at the
    same time have no more tries than attempts one by one. It is kept in the registry: a process
    more is no try more. What is kept tells neither names, one of which may be a password that was
    typed in the wrong place, nor addresses.
    """

    def __init__(self, settings: SignInSettings, registry: Registry) -> None:
        self._settings = settings
        self._registry = registry

    def attempt(self, name: str, address: str, now: datetime) -> int:
        """Count an attempt; return how many seconds it has to wait instead, 0 if it may be made.

        Args:
            name: the sign-in name, known or not.
            address: IP address of the client; others count as they are.
            now: aware.
        """
        until = self._registry.count_attempt(
            self._limits(name, address),
            now,
            window=timedelta(minutes=self._settings.throttle_minutes),
            memory=self._settings.throttle_memory,
        )
        return 0 if until is None else math.ceil((until - now).total_seconds())

    def forgive(self, name: str, address: str) -> None:
        """Take an attempt back that was right; what others tried from elsewhere still counts."""
        self._registry.forgive_attempt(list(self._limits(name, address)))

    def _limits(self, name: str, address: str) -> Mapping[str, int]:
        """Return the failures that each key may have, that of the name from there first."""
        net = net_of(address)
        limits = {
            f"both {net} {name}": self._settings.name_here_failures,
            f"address {net}": self._settings.address_failures,
            f"name {name}": self._settings.name_failures,
        }
        return {self._pseudonym(key): most for key, most in limits.items()}

    def _pseudonym(self, key: str) -> str:
        return hmac.new(self._secret, key.encode(), hashlib.sha256).hexdigest()

    @cached_property
    def _secret(self) -> bytes:
        return self._registry.pseudonym_key()
