"""What a store of originals does, wherever it keeps them: on disk, or in a bucket."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, Protocol

from evidence.errors import DamagedOriginalError
from evidence.text import Text

Fault = Literal["missing", "altered", "cut", "grown", "not a file", "unreadable"]

WORDS: dict[Fault, Text] = {
    "missing": Text("is gone", "失われています"),
    "altered": Text("was altered", "保存したときのものと異なります"),
    "cut": Text("was cut short", "途中で切れています"),
    "grown": Text("has grown", "保存したときより長くなっています"),
    "not a file": Text("is no plain file any more", "通常のファイルではなくなっています"),
    "unreadable": Text("cannot be read", "読み取れません"),
}
MEMORY = 100_000  # originals that a process remembers as whole; 20 MB
SHARDS = [f"{number:02x}" for number in range(256)]  # first two digits of the sha256
NAME = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Entry:
    """What lies under a name.

    Attributes:
        is_plain: it is one that an original may have: a file, under its own name.
        changed_at: seconds since 1970.
    """

    is_plain: bool
    changed_at: float


class PhotoStore(Protocol):
    """Originals by their sha256; safe to share among threads and processes.

    Each method may raise StorageError; ``PhotoFiles`` says more of each.
    """

    def keep(self, photo_id: str, data: bytes) -> None:
        """Make the original durable; one that is there already is checked, healed if damaged."""

    def read(self, photo_id: str) -> bytes:
        """Read an original back, whole, or raise DamagedOriginalError."""

    def confirm(self, photo_id: str) -> bool:
        """Raise DamagedOriginalError unless it is whole; True if it was hashed now."""

    def is_untouched(self, photo_id: str) -> bool:
        """Tell whether it was found whole here before and nothing touched it since."""

    def find_fault(self, photo_id: str, size: int | None = None) -> Fault | None:
        """Hash an original; say what is wrong with it, None if it is whole."""

    def has_size(self, photo_id: str, size: int) -> bool:
        """Tell whether there is an original of that name and size."""

    def has_file(self, photo_id: str) -> bool:
        """Tell whether anything has the name of that original."""

    def remove(self, photo_id: str) -> None:
        """Remove an original durably, if it is there; only for what was erased."""

    def check(self) -> None:
        """Go on only if an upload could be kept."""

    def forget(self, photo_id: str) -> None:
        """Let the next look at it be one at what is stored, not at what memory holds of it."""

    def digest(self, photo_id: str) -> str | None:
        """Return the sha256 of what lies there, 64 hexadecimal digits; None if it is not read."""

    def names(self, shard: str) -> set[str]:
        """List what lies in a shard."""

    def entry(self, shard: str, name: str) -> Entry | None:
        """Tell what lies under a name; None if nothing does."""

    def strays(self) -> Iterable[str]:
        """Yield the places of what lies outside the shards."""

    def left_over(self, age: float) -> Iterable[str]:
        """Yield the places of temporary files that are older, in seconds."""


def is_whole(photo_id: str, data: bytes) -> bool:
    """Tell whether these bytes have that sha256."""
    return hashlib.sha256(data).hexdigest() == photo_id


def require_whole(photo_id: str, data: bytes) -> None:
    """Raise ValueError unless these bytes have that sha256."""
    if not is_whole(photo_id, data):
        raise ValueError(f"{photo_id} is not the sha256 of these {len(data)} bytes")


def name_fault(there: int, size: int | None) -> Fault:
    """Name what happened to altered bytes, by how many there are and were."""
    if size is None or there == size:
        return "altered"
    return "cut" if there < size else "grown"


def damaged(photo_id: str, fault: Fault) -> DamagedOriginalError:
    """Return the error that tells of a damaged original."""
    what = WORDS[fault]
    return DamagedOriginalError(
        f"the original of photo {photo_id} {what.en}: upload the same file again, or "
        "restore it from a backup",
        f"写真 {photo_id} の原本が{what.ja}。同じファイルをもう一度送るか、バックアップから"
        "復元してください。",
        fault=fault,
    )
