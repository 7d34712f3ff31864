"""API keys: random, kept as their sha256 only."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass

from evidence.service.parts import Service

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
        key = secrets.token_urlsafe(_BYTES)
        self.service.registry.add_api_key("first", sha256_of(key), self.service.now())
        return key

    def name_of(self, key: str) -> str | None:
        """Return whose key it is, None for an unknown one."""
        digest = sha256_of(key)
        if self.given_sha256 is not None and hmac.compare_digest(digest, self.given_sha256):
            return "operator"
        return self.service.registry.api_key_name(digest)


def sha256_of(key: str) -> str:
    """Return the form that a key is kept in, 64 hexadecimal digits."""
    return hashlib.sha256(key.encode()).hexdigest()
