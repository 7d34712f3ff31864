"""Who works here: the parts that signing in needs, beside those of the service."""

import secrets
from dataclasses import dataclass, field

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
        set_up_code: lets the first owner in; new with each start, None if there is an owner.
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
        throttle, watch = Throttle(settings), Watch(service)
        return cls(service, settings, Passwords(settings), throttle, watch, code)
