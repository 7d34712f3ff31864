"""What a disk may hold after a power cut, from the system calls that a program made.

The model promises no more than POSIX does: a file's bytes are on disk once the file was synced,
a name in a directory once the directory was. Of all that came later any part may be there and
any part may not, in any order (Pillai et al., ALICE, OSDI 2014). So it is stricter than ext4 or
XFS, which order much more, and needs neither root nor a disk of its own.
"""

import os
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

CALLS = (  # every call that can change a file or a name
    "openat,creat,open,mkdir,mkdirat,write,pwrite64,writev,pwritev,pwritev2,ftruncate,truncate,"
    "fallocate,lseek,fsync,fdatasync,sync_file_range,link,linkat,symlink,symlinkat,rename,"
    "renameat,renameat2,unlink,unlinkat,rmdir,close,dup,dup2,dup3,copy_file_range,sendfile"
)
LINE = re.compile(r"^\d+ +(\w+)\((.*)\) += (-?\d+)")
ARGUMENT = re.compile(r'"(?:\\x[0-9a-f]{2})*"|[^,\s][^,]*')


@dataclass(eq=False)
class File:
    """Bytes on disk for sure, and writes (offset, bytes) or sizes that may be there."""

    durable: bytes = b""
    pending: list[tuple[int, bytes] | int] = field(default_factory=list)

    def after(self, changes: list[tuple[int, bytes] | int]) -> bytes:
        data = bytearray(self.durable)
        for change in changes:
            if isinstance(change, int):
                data = data[:change].ljust(change, b"\0")
            else:
                offset, piece = change
                data = data.ljust(offset, b"\0")
                data[offset : offset + len(piece)] = piece
        return bytes(data)


@dataclass(eq=False)
class Directory:
    """Names on disk for sure, and names (None: removed) that may be there."""

    durable: dict = field(default_factory=dict)
    pending: list = field(default_factory=list)

    def after(self, changes: list) -> dict:
        entries = self.durable | dict(changes)
        return {name: node for name, node in entries.items() if node is not None}


class Disk:
    """Everything below ``root``, which itself is there for sure; apply the calls in order."""

    def __init__(self, root: Path) -> None:
        self._prefix = os.fsencode(root)
        self._root = Directory()
        self._open: dict[int, list] = {}  # descriptor -> [node, offset]
        self.acknowledged: list[str] = []

    def apply(self, call: str, arguments: list, result: int) -> None:
        """Apply one call; AttributeError for one that the model does not know."""
        getattr(self, f"_{call}")(arguments, result)

    def cut(self, target: Path, chance: random.Random | None) -> None:
        """Write what the disk may hold now: at least what is sure, by ``chance`` some more."""

        def survivors(pending: list) -> list:
            return [change for change in pending if chance and chance.random() < 0.5]

        def write(directory: Directory, path: Path) -> None:
            path.mkdir()
            for name, node in directory.after(survivors(directory.pending)).items():
                if isinstance(node, Directory):
                    write(node, path / name)
                else:
                    (path / name).write_bytes(node.after(survivors(node.pending)))

        write(self._root, target)

    def _find(self, path: bytes) -> tuple[Directory, str] | None:
        if not path.startswith(self._prefix + b"/"):
            return None
        *way, name = os.fsdecode(path.removeprefix(self._prefix + b"/")).split("/")
        directory = self._root
        for part in way:
            directory = directory.after(directory.pending)[part]
        return directory, name

    def _node(self, path: bytes):
        if path == self._prefix:
            return self._root
        found = self._find(path)
        return found and found[0].after(found[0].pending).get(found[1])

    def _name(self, path: bytes, node) -> None:
        directory, name = self._find(path)
        directory.pending.append((name, node))

    def _openat(self, arguments: list, result: int) -> None:
        path, flags = arguments[1], arguments[2]
        if result < 0 or not (path == self._prefix or self._find(path)):
            return
        node = self._node(path)
        if node is None:
            node = File()
            self._name(path, node)
        if "O_TRUNC" in flags:
            node.pending.append(0)
        self._open[result] = [node, 0]

    def _close(self, arguments: list, result: int) -> None:
        self._open.pop(arguments[0], None)

    def _mkdir(self, arguments: list, result: int) -> None:
        if result == 0 and self._find(arguments[0]):
            self._name(arguments[0], Directory())

    def _write(self, arguments: list, result: int) -> None:
        descriptor, data = arguments[0], arguments[1][: max(result, 0)]
        if descriptor == 1:
            self.acknowledged += data.decode().split()
        elif descriptor in self._open:
            opened = self._open[descriptor]
            opened[0].pending.append((opened[1], data))
            opened[1] += result

    def _pwrite64(self, arguments: list, result: int) -> None:
        descriptor, data, _, offset = arguments
        if descriptor in self._open and result > 0:
            self._open[descriptor][0].pending.append((offset, data[:result]))

    def _lseek(self, arguments: list, result: int) -> None:
        if arguments[0] in self._open and result >= 0:
            self._open[arguments[0]][1] = result

    def _ftruncate(self, arguments: list, result: int) -> None:
        if arguments[0] in self._open and result == 0:
            self._open[arguments[0]][0].pending.append(arguments[1])

    def _fsync(self, arguments: list, result: int) -> None:
        if arguments[0] in self._open and result == 0:
            node = self._open[arguments[0]][0]
            node.durable, node.pending = node.after(node.pending), []

    _fdatasync = _fsync

    def _link(self, arguments: list, result: int) -> None:
        if result == 0 and self._find(arguments[1]):
            self._name(arguments[1], self._node(arguments[0]))

    def _rename(self, arguments: list, result: int) -> None:
        if result == 0 and self._find(arguments[1]):
            self._name(arguments[1], self._node(arguments[0]))
            self._name(arguments[0], None)

    def _unlink(self, arguments: list, result: int) -> None:
        if result == 0 and self._find(arguments[0]):
            self._name(arguments[0], None)


def calls(trace: Path) -> Iterator[tuple[str, list, int]]:
    """Read what strace wrote: each call with its arguments (strings are bytes) and its result."""
    for line in trace.read_text().splitlines():
        assert "unfinished" not in line, f"the program must have one thread: {line[:200]}"
        if matched := LINE.match(line):
            call, text, result = matched.groups()
            yield call, [_value(part) for part in ARGUMENT.findall(text)], int(result)


def _value(part: str) -> bytes | int | str:
    if part.startswith('"'):
        return bytes.fromhex(part.strip('"').replace("\\x", ""))
    return int(part) if part.lstrip("-").isdecimal() else part


def strace(trace: Path) -> list[str]:
    """Return the command that records a program's calls."""
    return ["strace", "-f", "-xx", "-s", "10000000", "-e", f"trace={CALLS}", "-o", os.fspath(trace)]
