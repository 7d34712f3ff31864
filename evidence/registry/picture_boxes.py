"""Derived pictures on disk: a bounded cache, no part of the evidence, deletable at any time.

A box is one file: all pictures that one piece of work drew. It begins with an index of its
parts, each with its sha256, and the index's own sha256 stands before it, so that a box that was
cut short or altered is noticed and drawn anew. Nothing here is synced: what a power cut takes
is drawn again.
"""

import fcntl
import hashlib
import json
import logging
import os
import secrets
import struct
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from enum import Enum
from pathlib import Path

_MAGIC = b"boxed pictures 1\n"
_HEAD = struct.Struct(f"<{len(_MAGIC)}s32sI")  # magic, sha256 of the index, its length
_MOST_INDEX = 10_000_000  # bytes; the tiles of 64 megapixels have 40,000
_log = logging.getLogger(__name__)


class Missing(Enum):
    """Why there is no picture: nothing was drawn (or it was lost), or that one is not among it."""

    BOX = "box"
    PART = "part"


class PictureBoxes:
    """Boxes under one home by their key; safe to share among threads, and among processes."""

    def __init__(self, home: Path, most_bytes: int) -> None:
        """Touch nothing yet; the first box makes the directory.

        Args:
            home: directory that holds everything kept.
            most_bytes: all boxes together; those that were not used for longest go first.
        """
        self._boxes = home / "pictures"
        self._incoming = home / "incoming"  # cleared of what never finished when a home is opened
        self._lock = home / "pictures.lock"
        self._most_bytes = most_bytes

    def read(self, key: str, name: str) -> bytes | Missing:
        """Read one picture of a box, checked; a damaged box is removed.

        Args:
            key: letters and digits.
            name: of the picture in its box.
        """
        path = self._path(key)
        try:
            with path.open("rb") as file:
                head = file.read(_HEAD.size)
                magic, digest, length = _HEAD.unpack(head.ljust(_HEAD.size, b"\0"))
                index = file.read(min(length, _MOST_INDEX))
                if magic != _MAGIC or hashlib.sha256(index).digest() != digest:
                    return self._drop(path)
                place = json.loads(index).get(name)
                if place is None:
                    return Missing.PART
                offset, size, expected = place
                file.seek(_HEAD.size + length + offset)
                part = file.read(size)
            if hashlib.sha256(part).hexdigest() != expected:
                return self._drop(path)
            os.utime(path)  # used just now
        except FileNotFoundError:
            return Missing.BOX
        except OSError:
            _log.warning("the pictures in %s cannot be read", path, exc_info=True)
            return Missing.BOX
        return part

    def put(self, key: str, parts: Mapping[str, bytes]) -> bool:
        """Keep a box, and let go of those that were not used for longest.

        Returns:
            False if it is not kept: larger than all boxes may be, or the disk is full or failed.
            The pictures can be shown all the same.
        """
        data = _pack(parts)
        if len(data) > self._most_bytes:
            return False
        temporary = self._incoming / secrets.token_hex(16)
        try:
            self._boxes.mkdir(mode=0o700, exist_ok=True)
            try:
                temporary.write_bytes(data)
                with self._holding():
                    self._make_room(len(data), self._path(key))
                    temporary.rename(self._path(key))
            finally:
                temporary.unlink(missing_ok=True)
        except OSError:
            _log.warning("the pictures of %s are not kept", key, exc_info=True)
            return False
        return True

    def remove(self, key: str) -> None:
        """Let go of a box."""
        self._path(key).unlink(missing_ok=True)

    def clear(self) -> None:
        """Let go of all boxes: of an erased photo no picture stays, whatever version drew it.

        Raises:
            OSError: one of them cannot be removed.
        """
        with suppress(FileNotFoundError):
            for path in self._boxes.iterdir():
                path.unlink(missing_ok=True)

    def _path(self, key: str) -> Path:
        if not (key.isascii() and key.isalnum()):
            raise ValueError(f"{key!r} is no key")
        return self._boxes / key

    def _drop(self, path: Path) -> Missing:
        _log.warning("the pictures in %s were damaged; they are drawn again", path)
        path.unlink(missing_ok=True)
        return Missing.BOX

    def _make_room(self, size: int, replaced: Path) -> None:
        found = []
        for entry in os.scandir(self._boxes):
            if entry.path != str(replaced):
                told = entry.stat(follow_symlinks=False)
                found.append((told.st_mtime_ns, entry.path, told.st_size))
        over = sum(each for _, _, each in found) + size - self._most_bytes
        for _, path, each in sorted(found):
            if over <= 0:
                return
            Path(path).unlink(missing_ok=True)
            over -= each

    @contextmanager
    def _holding(self) -> Iterator[None]:
        """Keep others, threads and processes, from making room and filling it meanwhile."""
        descriptor = os.open(self._lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)


def _pack(parts: Mapping[str, bytes]) -> bytes:
    index, offset = {}, 0
    for name, part in parts.items():
        index[name] = [offset, len(part), hashlib.sha256(part).hexdigest()]
        offset += len(part)
    told = json.dumps(index).encode()
    head = _HEAD.pack(_MAGIC, hashlib.sha256(told).digest(), len(told))
    return b"".join([head, told, *parts.values()])
