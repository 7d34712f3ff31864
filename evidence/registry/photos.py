"""Originals on disk: write-once files named by the sha256 of their bytes.

A photo is durable when ``keep`` returns: its bytes were synced under a temporary name, then
linked to their own name, and then the directory that holds the name was synced. A power cut
leaves either nothing under that name or all of it.
"""

import errno
import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from evidence.errors import DamagedOriginalError, StorageError, StorageFullError

FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}  # the last: a limit on the file's size
SHARDS = [f"{number:02x}" for number in range(256)]  # first two digits of the sha256


class PhotoFiles:
    """The originals under one home; safe to share among threads and processes."""

    def __init__(self, home: Path) -> None:
        self._originals = home / "originals"
        self._incoming = home / "incoming"

    @classmethod
    def open(cls, home: Path) -> "PhotoFiles":
        """Make what directories are missing, durably.

        All shards are made here, so that a new name never needs more than its own directory
        synced, whichever process made that directory.
        """
        files = cls(home)
        with own_errors():
            for directory in (files._incoming, files._originals):
                make_directory(directory)
            for shard in SHARDS:
                (files._originals / shard).mkdir(mode=0o700, exist_ok=True)
            sync(files._originals)
        return files

    def keep(self, photo_id: str, data: bytes) -> None:
        """Make the original durable; one that is there already is checked, and healed if damaged.

        Raises:
            ValueError: ``photo_id`` is not the sha256 of the data.
            StorageFullError: no room is left.
            StorageError: the disk failed.
        """
        if not _is_whole(photo_id, data):
            raise ValueError(f"{photo_id} is not the sha256 of these {len(data)} bytes")
        path = self._path(photo_id)
        with own_errors():
            if not self._is_there(photo_id):
                self._write(path, data)
            sync(path.parent)  # always: another writer may have linked it but not synced it yet

    def read(self, photo_id: str) -> bytes:
        """Read an original back, whole.

        Raises:
            DamagedOriginalError: the bytes are gone, or no longer have their sha256.
        """
        with own_errors():
            try:
                data = self._path(photo_id).read_bytes()
            except FileNotFoundError:
                raise DamagedOriginalError(f"the original of photo {photo_id} is gone") from None
        if not _is_whole(photo_id, data):
            raise DamagedOriginalError(f"the original of photo {photo_id} was altered")
        return data

    def check(self) -> None:
        """Write, sync and remove a small file, as an upload would."""
        with own_errors(), self._temporary(b"check"):
            pass

    def clear_incoming(self) -> None:
        """Remove what uploads that never finished left behind; only while nobody else writes."""
        with own_errors():
            for path in self._incoming.iterdir():
                path.unlink(missing_ok=True)

    def _path(self, photo_id: str) -> Path:
        return self._originals / photo_id[:2] / photo_id

    def _is_there(self, photo_id: str) -> bool:
        try:
            return _is_whole(photo_id, self._path(photo_id).read_bytes())
        except FileNotFoundError:
            return False

    def _write(self, path: Path, data: bytes) -> None:
        with self._temporary(data) as temporary:
            try:
                os.link(temporary, path)
            except FileExistsError:  # damaged, or made this moment by another: ours is whole
                temporary.rename(path)

    @contextmanager
    def _temporary(self, data: bytes) -> Iterator[Path]:
        """Give a synced file with these bytes; its name goes afterwards, whatever happens."""
        path = self._incoming / secrets.token_hex(16)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o400)
        try:
            with open(descriptor, "wb", buffering=0) as file:
                rest = memoryview(data)
                while rest:
                    rest = rest[file.write(rest) :]
                sync_file(file.fileno())
            yield path
        finally:
            path.unlink(missing_ok=True)


def make_directory(path: Path) -> None:
    """Make a directory that only we may enter, and its parents, durably."""
    if not path.parent.is_dir():
        make_directory(path.parent)
    path.mkdir(mode=0o700, exist_ok=True)
    with suppress(PermissionError):  # a parent that we may not open is not one that we made
        sync(path.parent)


def sync(path: Path) -> None:
    """Make the names in a directory durable."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_file(descriptor: int) -> None:
    """Make the bytes of an open file durable."""
    os.fsync(descriptor)


@contextmanager
def own_errors() -> Iterator[None]:
    """Turn the disk's errors into ours; their text stays in the log."""
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise StorageFullError("no room is left for photos") from error
        raise StorageError("the disk failed; the log says why") from error


def _is_whole(photo_id: str, data: bytes) -> bool:
    return hashlib.sha256(data).hexdigest() == photo_id
