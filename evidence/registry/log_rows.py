"""The log as others may check it: its entries, their proofs, and its signed checkpoints."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from evidence.errors import NoteError, NotFoundError, StorageError, UnacceptableError
from evidence.registry.checkpoint_file import CheckpointFile
from evidence.registry.checkpoints import (
    Checkpoint,
    open_checkpoint,
    sign_checkpoint,
    write_proof,
)
from evidence.registry.database import in_parts
from evidence.registry.log_check import HOME, check_log, check_timestamps
from evidence.registry.log_faults import LogReport
from evidence.registry.log_key import LogIdentity, open_signer
from evidence.registry.log_leaves import LogEntry, write_details, write_instant, write_leaf
from evidence.registry.log_tree import LogTree, require_extension
from evidence.registry.photo_rows import PhotoRows, found
from evidence.registry.signed_notes import SignerKey, read_verifier, sign_note
from evidence.registry.tables import events, log_checkpoints
from evidence.text import Text


class LogRows(PhotoRows):
    """What is needed to believe the log without believing us."""

    _signer: SignerKey | None = None

    def take_key(self, home: Path, settings: LogIdentity) -> None:
        """Take the key that the log is signed with.

        Where nothing was signed yet it is made in the home; on a server's database it must be
        there, because another replica would make another.

        Raises:
            StorageError: the key is missing, unreadable or of another log.
        """
        with self._database.reading() as connection:
            last = _last_note(connection)
        alone = self._database.is_file
        signer = open_signer(home, settings, signed=last is not None, alone=alone)
        if last is not None:
            try:
                open_checkpoint(last, signer.verifier)
            except NoteError as error:
                raise StorageError(f"the log's key is not that of this home: {error}") from error
        self._signer = signer

    def log_key(self) -> str:
        """Return the key that checkpoints are verified with, as text."""
        return self._signing().verifier.text

    def sign_text(self, text: str) -> str:
        """Return a text that ends in a newline as a note that the log's key signed.

        Its first line says what it is, so that nobody can take it for a checkpoint, whose first
        line is the log's name.

        Raises:
            StorageError: this is a copy of what is kept, which signs nothing.
            ValueError: the text could be taken for a checkpoint.
        """
        key = self._signing()
        if text.partition("\n")[0] == key.name:
            raise ValueError("a text that is no checkpoint must not begin with the log's name")
        return sign_note(text, key)

    def log_size(self) -> int:
        """Return how many entries there are."""
        with self._database.reading() as connection:
            return LogTree(connection).size()

    def log_entries(self, numbers: Iterable[int]) -> list[LogEntry]:
        """Return entries in the order asked for, as their leaves have them.

        Args:
            numbers: of events, from 1.

        Raises:
            NotFoundError: one of them is not there.
        """
        wanted = list(numbers)
        entries: dict[int, LogEntry] = {}
        with self._database.reading() as connection:
            for some in in_parts(wanted):
                rows = connection.execute(select(events).where(events.c.number.in_(some)))
                entries |= {row.number: log_entry(row) for row in rows}
        return [
            found(entries.get(number), Text(f"entry {number} of the log", f"記録の {number} 番"))
            for number in wanted
        ]

    def log_proof(self, number: int) -> str:
        """Return the proof that an entry is in the log, as ``c2sp.org/tlog-proof``.

        Args:
            number: of the event, from 1.

        Raises:
            NotFoundError: there is no such entry.
            TamperedLogError: the log is not the one that was signed before.
        """
        return self.log_proofs([number])[0]

    def log_proofs(self, numbers: Iterable[int]) -> list[str]:
        """Return the proofs of several entries in one checkpoint, in the order asked for."""
        wanted = list(numbers)
        if not wanted:
            return []
        note = self._checkpoint_of(min(wanted), max(wanted))
        size = open_checkpoint(note, self._signing().verifier).size
        with self._database.reading() as connection:
            tree = LogTree(connection)
            return [write_proof(number - 1, tree.path(number - 1, size), note) for number in wanted]

    def log_consistency(self, old: int, new: int) -> list[bytes]:
        """Return the hashes that show the first ``new`` entries to begin with the first ``old``.

        Raises:
            UnacceptableError: not 0 < old <= new.
            NotFoundError: the log is shorter.
        """
        if not 0 < old <= new:
            raise UnacceptableError(
                f"{new} entries do not begin with {old}",
                f"{new} 件の記録は {old} 件の記録から始まりません。"
                "old は1以上 new 以下にしてください。",
            )
        with self._database.reading() as connection:
            tree = LogTree(connection)
            if new > tree.size():
                raise NotFoundError(
                    f"the log has {tree.size()} entries", f"記録は {tree.size()} 件です。"
                )
            return tree.consistency(old, new)

    def sign_log(self) -> str:
        """Return the checkpoint of the whole log, signed now if it grew.

        Raises:
            NotFoundError: nothing was logged yet.
            TamperedLogError: the log does not extend what was signed before: nothing is signed.
        """
        signer = self._signing()
        with self._database.writing() as connection:
            tree, last = LogTree(connection), _last_note(connection)
            size = tree.size()
            if last is not None:
                signed = open_checkpoint(last, signer.verifier)
                require_extension(tree, signed)
                if signed.size == size:
                    return last
            if not size:
                raise NotFoundError("nothing was logged yet", "記録はまだありません。")
            note = sign_checkpoint(tree.head(signer.name, size), signer)
            connection.execute(insert(log_checkpoints).values(size=size, note=note))
        return note

    def log_checkpoints(self, *, after: int = 0) -> list[str]:
        """List the checkpoints of more than so many entries, the smallest first."""
        query = select(log_checkpoints.c.note).where(log_checkpoints.c.size > after)
        with self._database.reading() as connection:
            return list(connection.scalars(query.order_by(log_checkpoints.c.size)))

    def require_log(self, checkpoint: Checkpoint) -> None:
        """Raise TamperedLogError unless the log extends what this checkpoint stands for."""
        with self._database.reading() as connection:
            require_extension(LogTree(connection), checkpoint)

    def check_log(
        self,
        places: Iterable[Path] = (),
        notes: Iterable[str] = (),
        *,
        key: str | None = None,
        authority: bytes | None = None,
    ) -> LogReport:
        """Check the whole log: rows, tree, and every signed checkpoint that can be had.

        Half a minute for a million entries; the service may go on meanwhile.

        Args:
            places: directories that checkpoints were written to, outside the home.
            notes: further signed checkpoints, such as those of proofs that were given out.
            key: the log's key as text, from a place that the home cannot change; the home's own
                if None, which a copy of the home's database does not have.
            authority: root certificate, PEM, of whose timestamps are believed; if None, no time
                is but self-asserted.

        Raises:
            NoteError: that is no key.
            StorageError: the database cannot be read, or a file has a line that is no checkpoint.
        """
        verifier = read_verifier(key) if key else self._signing().verifier
        files = {str(place): CheckpointFile(place) for place in places}
        sources: dict[str, Iterable[str]] = {HOME: self.log_checkpoints()}
        sources |= {name: file.notes() for name, file in files.items()}
        sources["what was given out"] = list(notes)
        with self._database.reading() as connection:
            report = check_log(connection, verifier, sources)
        if authority is None:
            return report
        stamped = {name: file.timestamps() for name, file in files.items()}
        return report.with_times(*check_timestamps(stamped, verifier, authority))

    def _checkpoint_of(self, first: int, last: int) -> str:
        """Return a checkpoint that holds these entries: the last one, or a new one."""
        with self._database.reading() as connection:
            size, note = LogTree(connection).size(), _last_note(connection)
        if not 0 < first <= last <= size:
            raise NotFoundError(
                f"the log has the entries 1 to {size}", f"記録の番号は 1 から {size} までです。"
            )
        if note is not None and open_checkpoint(note, self._signing().verifier).size >= last:
            return note
        return self.sign_log()

    def _signing(self) -> SignerKey:
        if self._signer is None:
            raise StorageError(
                "a copy of what is kept signs nothing", "保存データの写しでは署名できません。"
            )
        return self._signer


def log_entry(row: Row[Any]) -> LogEntry:
    """Return an event's row as an entry of the log."""
    erased = row.salt is None
    return LogEntry(
        number=row.number,
        leaf=write_leaf(row.number, write_instant(row.at), row.kind, row.details),
        salt=row.salt,
        details=None if erased else write_details(row.subject, row.subject_id, row.actor, row.body),
    )


def _last_note(connection: Connection) -> str | None:
    query = select(log_checkpoints.c.note).order_by(log_checkpoints.c.size.desc()).limit(1)
    return connection.scalar(query)
