"""The second place: signed checkpoints in a file outside the home, one a line, only ever added to.

Whoever can write the home alone can cut or rewrite the log and sign it anew; the checkpoints here
tell. A line is JSON, ``{"note": ...}``; a checkpoint with a timestamp stands there once more, as
``{"note": ..., "timestamp": ...}``. A line that a power cut left half is passed over, because it
is written again on the next one. Two processes may write at once: then one stands there twice.
"""

import json
import os
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path

from evidence.errors import StorageError
from evidence.registry.log_leaves import write_canonical
from evidence.registry.photos import make_directory, own_errors, sync, sync_file

NAME = "log.checkpoints"
TAIL = 1 << 16  # bytes that hold the last line: a note takes 300, with a timestamp about 8,000


class CheckpointFile:
    """The file in a directory; safe to share among threads."""

    def __init__(self, folder: Path) -> None:
        """Touch nothing yet."""
        self.path = folder / NAME

    def notes(self) -> list[str]:
        """Return every checkpoint, in the order written; none if there is no such file.

        Raises:
            StorageError: the file cannot be read, or a line is no checkpoint.
        """
        return [note for note, _ in self._lines(whole=True)]

    def timestamps(self) -> list[tuple[str, bytes]]:
        """Return the checkpoints that a third party's timestamp came for, each with that.

        Raises:
            StorageError: the file cannot be read, or a line is no checkpoint.
        """
        lines = self._lines(whole=True)
        return [(note, timestamp) for note, timestamp in lines if timestamp is not None]

    def last(self) -> str | None:
        """Return the last checkpoint; None if there is none.

        Raises:
            StorageError: the file cannot be read, or its last lines are no checkpoints.
        """
        return next((note for note, _ in reversed(list(self._lines(whole=False)))), None)

    def add(self, notes: Iterable[str]) -> None:
        """Add checkpoints durably, in the given order; the directory is made if it is absent.

        Raises:
            StorageError: nothing can be written there, or not all of it.
        """
        self._write({"note": note} for note in notes)

    def add_timestamp(self, note: str, timestamp: bytes) -> None:
        """Add the timestamp of a checkpoint, durably.

        Raises:
            StorageError: nothing can be written there, or not all of it.
        """
        self._write([{"note": note, "timestamp": b64encode(timestamp).decode()}])

    def _write(self, lines: Iterable[dict[str, str]]) -> None:
        texts = map(write_canonical, lines)
        data = "".join(f"\n{text}\n" for text in texts).encode()  # the first ends a half line
        with own_errors():
            make_directory(self.path.parent)
            with self.path.open("ab") as file:
                file.write(data)
                file.flush()
                sync_file(file.fileno())
            sync(self.path.parent)

    def _lines(self, *, whole: bool) -> Iterator[tuple[str, bytes | None]]:
        """Yield the checkpoints of the whole file, or of its last lines, with their timestamps."""
        data = self._read(None if whole else TAIL)
        *lines, _half = data.split(b"\n")
        lines = [line for line in lines if line]
        for line, following in pairwise([*lines, b""]):
            found = _read_line(line)
            if found is not None:
                yield found
            elif not following.startswith(line):
                raise StorageError(f"{self.path} has a line that is no checkpoint")

    def _read(self, most: int | None) -> bytes:
        """Return the file's last bytes from the beginning of a line on, or all of it."""
        with own_errors():
            try:
                with self.path.open("rb") as file:
                    end = file.seek(0, os.SEEK_END)
                    start = file.seek(0 if most is None else max(0, end - most))
                    data = file.read()
            except FileNotFoundError:
                return b""
        return data.partition(b"\n")[2] if start else data


def _read_line(line: bytes) -> tuple[str, bytes | None] | None:
    """Return a line's checkpoint and timestamp; None if it is none."""
    try:
        values = json.loads(line)
        note, timestamp = values["note"], values.get("timestamp")
        read = None if timestamp is None else b64decode(timestamp, validate=True)
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
    return (note, read) if isinstance(note, str) else None
