"""What a check of the log found, in words."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

Kind = Literal[
    "edited",
    "missing",
    "moved",
    "tree",
    "rewritten",
    "cut",
    "restored",
    "forked",
    "checkpoint",
    "timestamp",
]


@dataclass(frozen=True, slots=True)
class LogFault:
    """One fault.

    Attributes:
        kind: ``edited``, ``missing``, ``moved`` (inserted before, or reordered), ``tree`` (its
            hashes in the home), ``rewritten`` (not what was signed for), ``cut`` (the tail),
            ``restored`` (an older copy), ``forked`` (two signed histories), ``checkpoint`` (one
            that nobody should believe), ``timestamp`` (not the authority's, for that checkpoint).
        first, last: the entries that it is about; those of the whole log where it is about all.
        text: one line, in English.
    """

    kind: Kind
    first: int
    last: int
    text: str


@dataclass(frozen=True, slots=True)
class LogReport:
    """What was checked, and what is wrong.

    Attributes:
        entries: how many there are.
        erased: those whose personal part is gone; their leaves stay proved.
        checkpoints: how many verified signatures the entries were held against.
        faults: none if the log is whole.
        existed: when a third party's timestamps say that the first so many entries existed, the
            fewest first. Every other time is self-asserted.
    """

    entries: int
    erased: int
    checkpoints: int
    faults: tuple[LogFault, ...]
    existed: tuple[tuple[int, datetime], ...] = ()

    def with_times(
        self, existed: Iterable[tuple[int, datetime]], faults: Iterable[LogFault]
    ) -> "LogReport":
        """Return the same with what timestamps say."""
        return replace(self, faults=(*self.faults, *faults), existed=tuple(sorted(existed)))


@dataclass(slots=True)
class Run:
    """Entries in a row with the same fault; ``shift`` from their number to where they were."""

    kind: Kind
    first: int
    last: int
    shift: int = 0

    def join(self, following: "Run") -> bool:
        """Take in what comes next, if it is more of the same."""
        same = (self.kind, self.shift, self.last + 1)
        if same != (following.kind, following.shift, following.first):
            return False
        self.last = following.last
        return True

    def worded(self, size: int) -> LogFault:
        """Return the fault of a log with so many entries."""
        one = self.first == self.last
        which = f"entry {self.first}" if one else f"entries {self.first} to {self.last}"
        if self.kind == "missing":
            text = f"{which} {'is' if one else 'are'} missing: deleted after being logged"
        elif self.kind == "edited":
            text = f"{which} {'was' if one else 'were'} edited after being logged"
        else:
            first, last = self.first + self.shift, self.last + self.shift
            text = (
                f"{which} {'was' if one else 'were'} logged as "
                f"{first if one else f'{first} to {last}'}: {self._why(size)}"
            )
        return LogFault(self.kind, self.first, self.last, text)

    def _why(self, size: int) -> str:
        if self.last == size and self.first != size:
            if self.shift < 0:
                return "something was inserted before"
            return "something before was deleted, and the gap closed"
        return "the order was changed"
