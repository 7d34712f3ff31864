"""Check the whole log offline: rows, digests, tree, signed checkpoints, and how these fit.

Nothing that the home says of itself is believed: leaves are made anew from the rows, the tree
from the leaves, and held against what was signed, above all in the second place.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from evidence.errors import NoteError
from evidence.registry.checkpoints import open_checkpoint
from evidence.registry.log_faults import LogFault, LogReport, Run
from evidence.registry.log_leaves import digest_details, write_details, write_leaf
from evidence.registry.log_tree import WIDTH
from evidence.registry.merkle import GrowingTree, fold_edge, hash_leaf
from evidence.registry.signed_notes import VerifierKey
from evidence.registry.tables import log_nodes
from evidence.registry.timestamps import open_timestamp

HOME = "this home"  # where the checkpoints of the database come from
ROWS_AT_ONCE = 5_000
MOST_SUSPECTS = 300  # rows in the wrong place whose right one is looked for


def check_log(
    connection: Connection, key: VerifierKey, sources: Mapping[str, Iterable[str]]
) -> LogReport:
    """Check everything, in one unchanging view of the rows.

    Args:
        connection: reads the database, or a copy of it.
        key: that the log is signed with, from a place that the home cannot change.
        sources: signed checkpoints by where they come from; ``HOME`` for the database's own.
    """
    signed, rows, tree = _Signed(key, sources), _Rows(), _Tree(connection)
    for row in _raw_rows(connection):
        rows.check(row)
        tree.add(row.number, row.leaf if isinstance(row.leaf, bytes) else b"")
        if row.number in signed.roots and tree.whole:
            signed.hold(tree)
    faults = [*rows.faults(), *tree.faults(), *signed.faults(rows.size)]
    return LogReport(rows.size, rows.erased, signed.count, tuple(faults))


def check_timestamps(
    stamped: Mapping[str, Iterable[tuple[str, bytes]]], key: VerifierKey, authority: bytes
) -> tuple[list[tuple[int, datetime]], list[LogFault]]:
    """Return how many entries existed when, by a third party's word, and what is wrong with it.

    Args:
        stamped: checkpoints with their timestamps, by where they come from.
        key: that the log is signed with.
        authority: root certificate of whose word is taken, PEM.
    """
    existed, faults = [], []
    for source, pairs in stamped.items():
        for note, timestamp in pairs:
            try:
                size = open_checkpoint(note, key).size
                existed.append((size, open_timestamp(timestamp, note, authority)))
            except NoteError as error:
                faults.append(LogFault("timestamp", 0, 0, f"{source}: {error}"))
    return existed, faults


class _Rows:
    """Holds each row against its own digest and leaf."""

    def __init__(self) -> None:
        self.size = self.erased = 0
        self._runs: list[Run] = []
        self._suspects: list[tuple[Run, Row[Any]]] = []  # their leaf is another entry's, perhaps

    def check(self, row: Row[Any]) -> None:
        if row.number != self.size + 1:
            self._add(Run("missing", self.size + 1, row.number - 1))
        self.size = row.number
        self.erased += row.salt is None
        if not _fits_digest(row):
            self._add(Run("edited", row.number, row.number))
        elif _leaf_as(row, row.number) != row.leaf:
            self._add_misplaced(row)

    def faults(self) -> Iterator[LogFault]:
        self._find_places()
        told, self._runs = self._runs, []
        for run in told:
            self._add(run)
        return (run.worded(self.size) for run in self._runs)

    def _add_misplaced(self, row: Row[Any]) -> None:
        for shift in (-1, 1):  # one that was inserted or deleted shifts all that follow
            if _leaf_as(row, row.number + shift) == row.leaf:
                self._add(Run("moved", row.number, row.number, shift))
                return
        run = Run("edited", row.number, row.number)
        if len(self._suspects) < MOST_SUSPECTS:
            self._suspects.append((run, row))
            self._runs.append(run)
        else:
            self._add(run)

    def _find_places(self) -> None:
        """Tell entries that changed places from edited ones: their leaf was another number's."""
        for run, row in self._suspects:
            for _, other in self._suspects:
                if _leaf_as(row, other.number) in (row.leaf, other.leaf):
                    run.kind, run.shift = "moved", other.number - row.number

    def _add(self, run: Run) -> None:
        if not (self._runs and self._runs[-1].join(run)):
            self._runs.append(run)


class _Tree:
    """Grows the tree from the rows' leaves, and holds it against the hashes kept in the home."""

    def __init__(self, connection: Connection) -> None:
        query = select(log_nodes.c.level, log_nodes.c.number, log_nodes.c.hash)
        self._kept = {(level, number): kept for level, number, kept in connection.execute(query)}
        self._tiles: list[GrowingTree] = [GrowingTree()]
        self._counts = [0]  # complete tiles of each level
        self._faults: list[LogFault] = []
        self.size, self.whole = 0, True

    def add(self, number: int, leaf: bytes) -> None:
        """Add a leaf; after a missing one there is no tree."""
        self.whole = self.whole and number == self.size + 1
        if self.whole:
            self.size = number
            self._add(0, leaf)

    def root(self) -> bytes:
        return fold_edge([one for tile in reversed(self._tiles) for one in tile.edge])

    def faults(self) -> Iterator[LogFault]:
        yield from self._faults
        if self.whole and self._kept:
            last = max((number + 1) * WIDTH**level for level, number in self._kept)
            text = f"the log ends at entry {self.size}, but the home has hashes over {last}"
            yield LogFault("cut", self.size + 1, last, f"{text}: its tail was cut off")

    def _add(self, level: int, value: bytes) -> None:
        tile = self._tiles[level]
        tile.add(value)
        if tile.size < WIDTH:
            return
        if level + 1 == len(self._tiles):
            self._tiles.append(GrowingTree())
            self._counts.append(0)
        self._hold(level + 1, self._counts[level], tile.root())
        self._counts[level] += 1
        self._tiles[level] = GrowingTree()
        self._add(level + 1, tile.root())

    def _hold(self, level: int, number: int, root: bytes) -> None:
        kept, width = self._kept.pop((level, number), None), WIDTH**level
        if kept != root:
            first, last = number * width + 1, (number + 1) * width
            what = "is missing" if kept is None else "is another than that of the rows"
            text = f"the home's own hash over the entries {first} to {last} {what}"
            self._faults.append(LogFault("tree", first, last, text))


class _Signed:
    """Holds the tree against every checkpoint that the key has signed."""

    def __init__(self, key: VerifierKey, sources: Mapping[str, Iterable[str]]) -> None:
        self.roots: dict[int, dict[bytes, set[str]]] = {}  # by size: who has which root signed
        self.count = 0
        self._faults: list[LogFault] = []
        self._outside = False  # somebody but the home has checkpoints
        self._held = 0  # the largest size that fits, by somebody but the home if there is any
        self._broken: list[int] = []  # sizes that do not
        for source, notes in sources.items():
            for number, note in enumerate(notes, 1):
                try:
                    checkpoint = open_checkpoint(note, key)
                except NoteError as error:
                    text = f"checkpoint {number} of {source} is not to be believed: {error}"
                    self._faults.append(LogFault("checkpoint", 0, 0, text))
                else:
                    self.count += 1
                    self._outside = self._outside or source != HOME
                    roots = self.roots.setdefault(checkpoint.size, {})
                    roots.setdefault(checkpoint.root, set()).add(source)

    def hold(self, tree: _Tree) -> None:
        """Note whether the tree, as long as one of the checkpoints, is the one signed for."""
        fitting = self.roots[tree.size].get(tree.root(), set())
        if fitting - {HOME} or (fitting and not self._outside):
            self._held = tree.size
        elif not fitting or self._sources(tree.size) != {HOME}:
            self._broken.append(tree.size)

    def faults(self, size: int) -> Iterator[LogFault]:
        """Yield what is wrong with a log that ends at entry ``size``."""
        yield from self._faults
        for signed, roots in sorted(self.roots.items()):
            if len(roots) > 1:
                text = f"two histories: {self._where(signed)} have different roots signed for"
                yield LogFault("forked", 1, signed, f"{text} the first {signed} entries")
        for other in self._broken:
            text = f"the first {other} entries are not those signed for in {self._where(other)}"
            if other > self._held:
                text += f": history was rewritten after entry {self._held}"
                yield LogFault("rewritten", self._held + 1, other, text)
                break
            yield LogFault("forked", 1, other, f"{text}, but later ones are: two histories")
        yield from self._beyond(size)

    def _beyond(self, size: int) -> Iterator[LogFault]:
        most = max(self.roots, default=0)
        own = max((one for one in self.roots if HOME in self._sources(one)), default=0)
        text = f"the log ends at entry {size}, but"
        if own > size:
            text += f" the home has signed for {own}: its tail was cut off"
            yield LogFault("cut", size + 1, own, text)
        elif most > size:
            text += f" {self._where(most)} has a checkpoint of {most}: an older copy of the home "
            text += "was put back, or its tail cut off with all that told of it there"
            yield LogFault("restored", size + 1, most, text)

    def _sources(self, size: int) -> set[str]:
        return set().union(*self.roots[size].values())

    def _where(self, size: int) -> str:
        return " and ".join(sorted(self._sources(size)))


def _raw_rows(connection: Connection) -> Iterator[Row[Any]]:
    """Yield the rows as they stand in the file: SQLAlchemy's types fail at forged ones."""
    at = "at"
    if connection.dialect.name != "sqlite":  # an instant there, in the form that SQLite has
        at = "to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')"
    query = (
        f"SELECT number, {at} AS at, kind, subject, subject_id, actor, body, salt, details, leaf "  # noqa: S608
        "FROM events ORDER BY number"
    )
    yield from connection.exec_driver_sql(query, execution_options={"yield_per": ROWS_AT_ONCE})


def _fits_digest(row: Row[Any]) -> bool:
    """Tell whether the plain columns are those of the digest, or all erased."""
    personal = (row.subject_id, row.actor, row.body, row.salt)
    if all(one is None for one in personal):
        return True
    try:
        details = write_details(row.subject, row.subject_id, row.actor, row.body)
        return bool(digest_details(row.salt, details) == row.details)
    except (TypeError, ValueError):  # such as text in the place of bytes
        return False


def _leaf_as(row: Row[Any], number: int) -> bytes:
    """Return the hash of the row's leaf if it had that number; none at all of a forged row."""
    try:
        at = f"{row.at[:10]}T{row.at[11:]}Z"  # SQLite keeps it with a space, in UTC
        return hash_leaf(write_leaf(number, at, row.kind, row.details))
    except (TypeError, ValueError, AttributeError):
        return b""
