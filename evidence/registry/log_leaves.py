"""What of an event stands in the log: its number, time and kind, and a digest of all the rest.

The leaf holds no personal data. What happened to whom, and who did it, is bound by a digest
over 32 random bytes and that text: without the random bytes nobody can guess the text back, so
that erasing both leaves the leaf, and every proof of it, as it was.
"""

import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

VERSION = 1  # of the leaf's form; a leaf is read by the version that it names
SALT_BYTES = 32


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One entry of the log, as its row has it.

    Attributes:
        number: from 1; its leaf has the index ``number - 1``.
        leaf: the leaf's data, canonical JSON in UTF-8.
        salt: 32 random bytes; None once erased.
        details: canonical JSON of ``subject``, ``subject_id``, ``actor`` and ``body``, which the
            leaf's ``details`` is the digest of, behind the salt; None once erased.
    """

    number: int
    leaf: bytes
    salt: bytes | None
    details: str | None


def write_canonical(value: Any) -> str:
    """Return JSON with sorted keys, no spaces, and letters as they are.

    Raises:
        ValueError: a number that JSON does not have.
    """
    return json.dumps(
        value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )


def write_details(subject: str, subject_id: str, actor: str, body: str) -> str:
    """Return the canonical JSON of what a leaf only has the digest of.

    Args:
        subject: kind of what it happened to.
        subject_id: its id.
        actor: who did it.
        body: canonical JSON of the facts.
    """
    who, what, which = map(write_canonical, (actor, subject, subject_id))
    return f'{{"actor":{who},"body":{body},"subject":{what},"subject_id":{which}}}'


def make_salt() -> bytes:
    """Return the random bytes of one entry."""
    return secrets.token_bytes(SALT_BYTES)


def digest_details(salt: bytes, details: str) -> bytes:
    """Return the digest that binds the details, 32 bytes."""
    return hashlib.sha256(salt + details.encode()).digest()


def write_instant(at: datetime) -> str:
    """Return an aware instant as a leaf has it: RFC 3339 in UTC, to the microsecond."""
    return f"{at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z"


def write_leaf(number: int, at: str, kind: str, digest: bytes) -> bytes:
    """Return a leaf's data: canonical JSON in UTF-8.

    Args:
        number: of the event, from 1.
        at: when, as ``write_instant`` gives it.
        kind: what happened, such as ``claim.decided``.
        digest: of the details.
    """
    text = (
        f'{{"at":"{at}","details":"sha256:{digest.hex()}",'
        f'"kind":{write_canonical(kind)},"number":{number},"v":{VERSION}}}'
    )
    return text.encode()
