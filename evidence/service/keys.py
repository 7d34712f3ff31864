"""API keys: random, kept as their sha256 only."""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from evidence.errors import ConflictError, StorageError, UnacceptableError
from evidence.registry.expectations import PROGRAM
from evidence.registry.staff_records import ApiKey, Scope, fold_name
from evidence.service.parts import Service
from evidence.service.watch import STRANGER

OPERATOR = "operator"  # whoever starts the service, and may set a key from outside
FIRST = "first"  # the name of the key that the first start makes
# Who acts in the feed without an account or a key of its own: nobody is to be taken for them.
PROGRAMS = frozenset({PROGRAM, OPERATOR, FIRST, STRANGER, "command line"})
_BYTES = 32  # 256 random bits; OWASP ASVS 5.0, 11.5.1 asks for 128 at least


@dataclass(frozen=True, slots=True)
class Program:
    """Who calls with an API key, and what for."""

    name: str
    scopes: frozenset[Scope]


@dataclass(frozen=True, slots=True)
class Keys:
    """Who may call.

    A key is looked up anew with every call, unless nothing at all was committed since the last
    one: what one process revokes, the next call is refused for, whichever process it comes to.

    Attributes:
        service: whose registry knows the keys that were made here.
        given_sha256: of the key that the operator set from outside; it counts only as long as
            it is set. None if there is none.
    """

    service: Service
    given_sha256: str | None = field(default=None, repr=False)
    # By a key's sha256: the registry's stamp from before it was looked up, and what was found.
    _found: dict[str, tuple[str, ApiKey]] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, service: Service, given: str | None) -> "Keys":
        """Return the keys; ``given`` is the operator's own, if any."""
        return cls(service, None if given is None else sha256_of(given))

    def make_first(self) -> str | None:
        """Make the first key and return it, the only time it is ever seen; None if not needed."""
        if self.given_sha256 is not None or self.service.registry.has_api_keys():
            return None
        try:
            return self._make(FIRST, actor=OPERATOR)[1]
        except ConflictError:  # another process that starts just now made it
            return None

    def add(
        self,
        name: str,
        *,
        actor: str,
        scopes: Sequence[Scope] = ("everything",),
        days: int | None = None,
    ) -> tuple[ApiKey, str]:
        """Make a key for a program; the second value is it, the only time it is ever seen.

        Args:
            name: in lower case, written beside what the program does.
            actor: who adds it.
            scopes: what it may call.
            days: that it is good for; None for until it is revoked.

        Raises:
            ConflictError: the name is taken, or was.
            UnacceptableError: the name is that of a program that comes with the product.
        """
        refuse_program(name)
        end = None if days is None else self.service.now() + timedelta(days=days)
        return self._make(name, actor=actor, scopes=scopes, expires_at=end)

    def rotate(self, name: str, *, grace: timedelta, actor: str) -> tuple[ApiKey, str]:
        """Make another secret for a key; the second value is it, the only time it is ever seen.

        Args:
            name: of the key.
            grace: how long the secret until now counts too.
            actor: who does it.

        Raises:
            NotFoundError: no key has that name.
            ConflictError: it was revoked, or has come to its end.
        """
        key, now = secrets.token_urlsafe(_BYTES), self.service.now()
        rotated = self.service.registry.rotate_api_key(
            name, sha256_of(key), now, old_until=now + grace, actor=actor
        )
        return rotated, key

    def _make(
        self,
        name: str,
        *,
        actor: str,
        scopes: Sequence[Scope] = ("everything",),
        expires_at: datetime | None = None,
    ) -> tuple[ApiKey, str]:
        key = secrets.token_urlsafe(_BYTES)
        added = self.service.registry.add_api_key(
            name,
            sha256_of(key),
            self.service.now(),
            actor=actor,
            scopes=scopes,
            expires_at=expires_at,
        )
        return added, key

    def program_at_once(self, key: str) -> Program | None:
        """Return whose key it is, if that takes microseconds; None says nothing of it."""
        if not self.service.registry.is_here:
            return None
        found, now = self._recall(sha256_of(key)), self.service.now()
        if found is None or found.last_used_on != now.date() or _is_over(found, now):
            return None
        return Program(found.name, frozenset(found.scopes))

    def program_of(self, key: str) -> Program | None:
        """Return whose key it is, None for one that is unknown, revoked or at its end."""
        digest, now = sha256_of(key), self.service.now()
        if self.given_sha256 is not None and hmac.compare_digest(digest, self.given_sha256):
            return Program(OPERATOR, frozenset({"everything"}))
        known = self._look_up(digest, now)
        if known is None:
            return None
        if known.last_used_on != now.date():  # the clock is UTC's
            with suppress(StorageError):  # a full disk locks nobody out
                self.service.registry.use_api_key(digest, now.date())
        return Program(known.name, frozenset(known.scopes))

    def _look_up(self, digest: str, now: datetime) -> ApiKey | None:
        found = self._recall(digest)
        if found is None:
            stamp = self.service.registry.stamp()  # before it is read
            found = self.service.registry.api_key(digest, now)
            if found is None:
                self._found.pop(digest, None)
            else:
                self._found[digest] = stamp, found
        return None if found is None or _is_over(found, now) else found

    def _recall(self, digest: str) -> ApiKey | None:
        """Return what was found of a key, if nothing was committed since."""
        before, found = self._found.get(digest, ("", None))
        return found if found is not None and before == self.service.registry.stamp() else None


def _is_over(key: ApiKey, now: datetime) -> bool:
    return key.expires_at is not None and key.expires_at <= now


def sha256_of(key: str) -> str:
    """Return the form that a key is kept in, 64 hexadecimal digits."""
    return hashlib.sha256(key.encode()).hexdigest()


def refuse_program(name: str) -> None:
    """Refuse a name under which a program acts that comes with the product.

    Raises:
        UnacceptableError: it is such a name, however it is written.
    """
    if fold_name(name) in PROGRAMS:
        raise UnacceptableError(
            f"{name} stands for a program in the history: choose another name",
            f"{name} は記録の中でプログラムを表す名前です。別の名前にしてください。",
        )
