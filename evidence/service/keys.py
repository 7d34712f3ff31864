"""API keys: random, kept as their sha256 only."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass

from evidence.errors import ConflictError, UnacceptableError
from evidence.registry.expectations import PROGRAM
from evidence.registry.staff_records import ApiKey, fold_name
from evidence.service.parts import Service

OPERATOR = "operator"  # whoever starts the service, and may set a key from outside
FIRST = "first"  # the name of the key that the first start makes
# Who acts in the feed without an account or a key of its own: nobody is to be taken for them.
PROGRAMS = frozenset({PROGRAM, OPERATOR, FIRST, "command line"})
_BYTES = 32  # 256 random bits; OWASP ASVS 5.0 asks for 128 at least


@dataclass(frozen=True, slots=True)
class Keys:
    """Who may call.

    Attributes:
        service: whose registry knows the keys that were made here.
        given_sha256: of the key that the operator set from outside; it counts only as long as
            it is set. None if there is none.
    """

    service: Service
    given_sha256: str | None = None

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

    def add(self, name: str, *, actor: str) -> tuple[ApiKey, str]:
        """Make a key for a program; the second value is it, the only time it is ever seen.

        Args:
            name: in lower case, written beside what the program does.
            actor: who adds it.

        Raises:
            ConflictError: the name is taken, or was.
            UnacceptableError: the name is that of a program that comes with the product.
        """
        refuse_program(name)
        return self._make(name, actor=actor)

    def _make(self, name: str, *, actor: str) -> tuple[ApiKey, str]:
        key = secrets.token_urlsafe(_BYTES)
        added = self.service.registry.add_api_key(
            name, sha256_of(key), self.service.now(), actor=actor
        )
        return added, key

    def name_of(self, key: str) -> str | None:
        """Return whose key it is, None for an unknown one."""
        digest = sha256_of(key)
        if self.given_sha256 is not None and hmac.compare_digest(digest, self.given_sha256):
            return OPERATOR
        return self.service.registry.api_key_name(digest)


def sha256_of(key: str) -> str:
    """Return the form that a key is kept in, 64 hexadecimal digits."""
    return hashlib.sha256(key.encode()).hexdigest()


def refuse_program(name: str) -> None:
    """Refuse a name under which a program acts that comes with the product.

    Raises:
        UnacceptableError: it is such a name, however it is written.
    """
    if fold_name(name) in PROGRAMS:
        raise UnacceptableError(f"{name} stands for a program in the history: choose another name")
