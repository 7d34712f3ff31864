"""Who works here: the parts that signing in needs, beside those of the service."""

import secrets
from contextlib import suppress
from dataclasses import dataclass, field

from evidence.errors import StorageError
from evidence.service.keys import sha256_of
from evidence.service.parts import Service
from evidence.service.passwords import Passwords
from evidence.service.throttle import Throttle
from evidence.service.watch import Watch
from evidence.settings import SignInSettings

_CODE_BYTES = 16  # 128 random bits


@dataclass(frozen=True, slots=True, eq=False)
class People:
    """The parts, safe to share among threads.

    Attributes:
        service: whose registry keeps accounts and sessions.
        settings: how staff sign in.
        passwords: hashes and checks them.
        throttle: failed attempts.
        watch: writes down what is refused and looked at.
        set_up_code: lets the first owner in, also where another process on the store is asked; new
            with each start, None if there is an owner.
    """

    service: Service
    settings: SignInSettings
    passwords: Passwords
    throttle: Throttle
    watch: Watch
    set_up_code: str | None = field(repr=False)

    @classmethod
    def of(cls, service: Service, settings: SignInSettings | None = None) -> "People":
        """Put them together."""
        settings = settings or SignInSettings()
        code = None if service.registry.has_owner() else secrets.token_urlsafe(_CODE_BYTES)
        if code is not None:
            with suppress(StorageError):  # on a full disk it counts in this process alone
                service.registry.add_set_up_code(sha256_of(code))
        throttle, watch = Throttle(settings, service.registry), Watch(service)
        return cls(service, settings, Passwords(settings), throttle, watch, code)
