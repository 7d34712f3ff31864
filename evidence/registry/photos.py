"""Originals on disk: write-once files named by the sha256 of their bytes.

A photo is durable when ``keep`` returns: its bytes were synced under a temporary name, then
linked to their own name, and then the directory that holds the name was synced, and before it
the one that holds that directory. A power cut leaves either nothing under that name or all of it.
"""

import errno
import hashlib
import io
import os
import secrets
import shutil
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from evidence.errors import StorageError, StorageFullError
from evidence.registry.photo_store import (
    MEMORY,
    NAME,
    SHARDS,
    Entry,
    Fault,
    damaged,
    is_whole,
    name_fault,
    require_whole,
)

INCOMING = "incoming"  # directory of a home for files that are not whole yet
UNREADABLE = {errno.EIO, errno.EACCES, errno.EPERM}  # this file, and not the whole disk
TICK = 20_000_000  # nanoseconds; the kernel's clock for a file's times goes on every 1 to 10 ms
READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC  # no link, no pipe
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}  # the last: a limit on the file's size


class PhotoFiles:
    """The originals under one home; safe to share among threads and processes."""

    def __init__(self, home: Path) -> None:
        self._originals = home / "originals"
        self._incoming = home / INCOMING
        self._whole: dict[str, tuple[int, ...]] = {}  # what a file was when it was found whole
        self._durable: set[Path] = set()  # shards whose names this process has synced

    @classmethod
    def open(cls, home: Path) -> "PhotoFiles":
        """Make what directories are missing, durably; shards are made when they are needed."""
        files = cls(home)
        with own_errors():
            for directory in (files._incoming, files._originals):
                make_directory(directory)
        return files

    def keep(self, photo_id: str, data: bytes) -> None:
        """Make the original durable; one that is there already is checked, and healed if damaged.

        Raises:
            ValueError: ``photo_id`` is not the sha256 of the data.
            StorageFullError: no room is left.
            StorageError: the disk failed.
        """
        require_whole(photo_id, data)
        path = self._path(photo_id)
        with own_errors():
            self._make_shard(path.parent)
            if isinstance(self._read(photo_id), str):
                self._write(path, data)
            sync(path.parent)  # always: another writer may have linked it but not synced it yet

    def read(self, photo_id: str) -> bytes:
        """Read an original back, whole.

        Raises:
            DamagedOriginalError: the bytes are gone, or no longer have their sha256.
        """
        with own_errors():
            data = self._read(photo_id)
        if isinstance(data, str):
            raise damaged(photo_id, data)
        return data

    def confirm(self, photo_id: str) -> bool:
        """Go on only if an original is whole, hashed once as long as its file is not touched.

        Whatever is written to a file, or put in its place, changes its inode or its times. What
        changes neither, a disk that rots, is for the scrub to find.

        Returns:
            True if it was hashed now, False if it was before and nothing touched it since.

        Raises:
            DamagedOriginalError: the bytes are gone, or no longer have their sha256.
        """
        if self.is_untouched(photo_id):
            return False
        self.read(photo_id)
        return True

    def is_untouched(self, photo_id: str) -> bool:
        """Tell whether it was found whole here before and its file was not touched since."""
        known = self._whole.get(photo_id)
        if known is None:
            return False
        with own_errors(), suppress(FileNotFoundError):
            return known == _identity(self._path(photo_id))
        return False

    def find_fault(self, photo_id: str, size: int | None = None) -> Fault | None:
        """Hash an original in small parts; say what is wrong with it, None if it is whole.

        Args:
            photo_id: its sha256.
            size: how many bytes it had; None if that is not known.
        """
        with own_errors():
            opened = self._open(photo_id)
            if isinstance(opened, str):
                return opened
            with opened as file:
                there = os.fstat(file.fileno()).st_size
                try:
                    digest = hashlib.file_digest(file, "sha256")  # without the GIL
                except OSError as error:
                    if error.errno in UNREADABLE:
                        return "unreadable"
                    raise
        if digest.hexdigest() == photo_id:
            return None
        return name_fault(there, size)

    def has_size(self, photo_id: str, size: int) -> bool:
        """Tell whether a plain file of that size has the name of that original."""
        try:
            told = self._path(photo_id).lstat()
        except FileNotFoundError:
            return False
        return stat.S_ISREG(told.st_mode) and told.st_size == size

    def has_file(self, photo_id: str) -> bool:
        """Tell whether anything has the name of that original."""
        return os.path.lexists(self._path(photo_id))

    def remove(self, photo_id: str) -> None:
        """Remove an original durably, if it is there; only for what was erased."""
        path = self._path(photo_id)
        with own_errors():
            self._whole.pop(photo_id, None)
            path.unlink(missing_ok=True)
            sync(path.parent)

    def check(self) -> None:
        """Write, sync and remove a small file, as an upload would."""
        with own_errors(), self._temporary(b"check"):
            pass

    def forget(self, photo_id: str) -> None:
        """Let the file be read from the disk, not from what memory holds of it."""
        with suppress(OSError):
            descriptor = os.open(self._path(photo_id), READ)
            try:
                os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
            finally:
                os.close(descriptor)

    def digest(self, photo_id: str) -> str | None:
        """Return the sha256 of what lies there, 64 hexadecimal digits; None if it is not read."""
        with suppress(OSError), self._path(photo_id).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
        return None

    def names(self, shard: str) -> set[str]:
        """List what lies in a shard."""
        directory = self._originals / shard
        with own_errors():
            return set(os.listdir(directory)) if directory.is_dir() else set()

    def entry(self, shard: str, name: str) -> Entry | None:
        """Tell what lies under a name; None if nothing does."""
        try:
            told = (self._originals / shard / name).lstat()
        except FileNotFoundError:
            return None
        plain = NAME.fullmatch(name) and name.startswith(shard) and stat.S_ISREG(told.st_mode)
        return Entry(bool(plain), told.st_ctime)

    def strays(self) -> Iterator[str]:
        """Yield the places of what lies outside the shards."""
        with own_errors():
            for name in sorted(set(os.listdir(self._originals)) - set(SHARDS)):
                yield f"originals/{name}"

    def left_over(self, age: float) -> Iterator[str]:
        """Yield the places of temporary files that are older, in seconds."""
        with own_errors():
            for entry in sorted(os.scandir(self._incoming), key=lambda one: one.name):
                with suppress(FileNotFoundError):
                    if time.time() - entry.stat(follow_symlinks=False).st_ctime > age:
                        yield f"incoming/{entry.name}"

    def _make_shard(self, shard: Path) -> None:
        """Make a shard durable, once a process: another one may have made it but not synced it."""
        if shard not in self._durable:
            shard.mkdir(mode=0o700, exist_ok=True)
            sync(self._originals)
            self._durable.add(shard)

    def _path(self, photo_id: str) -> Path:
        return self._originals / photo_id[:2] / photo_id

    def _open(self, photo_id: str) -> io.BufferedReader | Fault:
        """Open an original; a link, a pipe or a directory in its place is never followed."""
        try:
            descriptor = os.open(self._path(photo_id), READ)
        except FileNotFoundError:
            return "missing"
        except OSError as error:
            if error.errno in UNREADABLE:
                return "unreadable"
            if error.errno in (errno.ELOOP, errno.ENXIO):  # a link; a socket
                return "not a file"
            raise
        if stat.S_ISREG(os.fstat(descriptor).st_mode):
            return open(descriptor, "rb")
        os.close(descriptor)
        return "not a file"

    def _read(self, photo_id: str) -> bytes | Fault:
        opened = self._open(photo_id)
        if isinstance(opened, str):
            return opened
        with opened as file:
            identity = _told(os.fstat(file.fileno()))
            try:
                data = file.read()
            except OSError as error:
                if error.errno in UNREADABLE:
                    return "unreadable"
                raise
        if not is_whole(photo_id, data):
            return "altered"
        if time.time_ns() - identity[-1] > TICK:  # within one, another change would not show
            if len(self._whole) >= MEMORY:
                self._whole.clear()
            self._whole[photo_id] = identity
        return data

    def _write(self, path: Path, data: bytes) -> None:
        with self._temporary(data) as temporary:
            try:
                os.link(temporary, path)
            except FileExistsError:  # damaged, or made this moment by another: ours is whole
                if path.is_dir() and not path.is_symlink():
                    path.rename(self._incoming / secrets.token_hex(16))
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


def clear_incoming(home: Path) -> None:
    """Remove what uploads that never finished left behind; only while nobody else writes."""
    with own_errors():
        for path in (home / INCOMING).iterdir():
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
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
            raise StorageFullError(
                "no room is left for photos",
                "写真の保存領域に空きがありません。オーナーにお知らせください。",
            ) from error
        raise StorageError(
            "the disk failed; the log says why",
            "ディスクにエラーがありました。もう一度お試しください。"
            "続く場合はオーナーにお知らせください。",
        ) from error


def _identity(path: Path) -> tuple[int, ...]:
    return _told(path.lstat())


def _told(one: os.stat_result) -> tuple[int, ...]:
    return one.st_mode, one.st_dev, one.st_ino, one.st_size, one.st_mtime_ns, one.st_ctime_ns
