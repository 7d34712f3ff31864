"""The key that the log's checkpoints are signed with; its name is the log's origin."""

import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from evidence.errors import NoteError, StorageError
from evidence.registry.photos import own_errors, sync, sync_file
from evidence.registry.signed_notes import SignerKey, make_signer, read_signer

KEY_FILE = "log.key"


@dataclass(frozen=True, slots=True)
class LogIdentity:
    """What a shop sets about its log.

    Attributes:
        key: the signing key as text; the home's own if None.
        origin: the log's name; the key's if None, and a random one for a new key.
    """

    key: str | None = field(default=None, repr=False)
    origin: str | None = None


def open_signer(
    home: Path, settings: LogIdentity, *, signed: bool, alone: bool = True
) -> SignerKey:
    """Return the log's key, made and kept in the home if there is none.

    Args:
        home: directory that holds everything kept.
        settings: what the shop sets.
        signed: checkpoints were signed before, so that a new key would be another log's.
        alone: no other home has the same log.

    Raises:
        StorageError: the key is missing, unreadable or of another log.
    """
    place = "EVIDENCE_LOG_KEY" if settings.key else KEY_FILE
    try:
        kept = settings.key or _kept_key(home)
        if kept is None:
            kept = _make_key(home, settings.origin, signed=signed, alone=alone)
        key = read_signer(kept)
    except NoteError as error:
        raise StorageError(f"{place}: {error}") from error
    if settings.origin not in (None, key.name):
        raise StorageError(
            f"EVIDENCE_LOG_ORIGIN is {settings.origin}, but the log's key is that of {key.name}"
        )
    return key


def put_key(home: Path, text: str) -> None:
    """Keep a key in a home that has none; one that is there stays."""
    with own_errors():
        if not (home / KEY_FILE).exists():
            _keep(home / KEY_FILE, text)


def write_key(origin: str | None) -> str:
    """Return a new signing key as text, under that name or a random one."""
    return make_signer(origin or f"photo-evidence/{secrets.token_hex(8)}").text


def _kept_key(home: Path) -> str | None:
    path = home / KEY_FILE
    with own_errors():
        return path.read_text("utf-8", errors="replace") if path.exists() else None


def _make_key(home: Path, origin: str | None, *, signed: bool, alone: bool) -> str:
    if not alone:
        raise StorageError(
            "every replica signs the log with the same key: set EVIDENCE_LOG_KEY beside "
            "EVIDENCE_DATABASE_URL (`evidence log-key` makes one)"
        )
    if signed:
        raise StorageError(
            f"{KEY_FILE} is gone from the home: put it back from a copy, or set EVIDENCE_LOG_KEY"
        )
    text = write_key(origin)
    with own_errors():
        _keep(home / KEY_FILE, text)
    return text


def _keep(path: Path, text: str) -> None:
    """Keep the key durably, for our own eyes; a power cut leaves all of it or none."""
    half = path.with_suffix(".new")
    half.unlink(missing_ok=True)
    descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with open(descriptor, "w", encoding="utf-8") as file:
        file.write(f"{text}\n")
        file.flush()
        sync_file(file.fileno())
    half.rename(path)
    sync(path.parent)
