"""Keep signed checkpoints of the log in a second place, every few seconds while it grows."""

import logging
import threading
import time
from pathlib import Path

from evidence.errors import NoteError, StorageError, TamperedLogError, TimestampError
from evidence.registry.checkpoint_file import CheckpointFile
from evidence.registry.checkpoints import open_checkpoint
from evidence.registry.registry import Registry
from evidence.registry.signed_notes import read_verifier
from evidence.service.timestamping import TimestampAuthority
from evidence.settings import PUBLISHING

_log = logging.getLogger(__name__)


class Publisher:
    """One thread that signs the log and writes its checkpoints outside the home.

    No request waits for it. Where the second place cannot be written the service goes on; what is
    missing there is written once it can be. A log that does not extend what was written there
    before is neither signed nor served.
    """

    def __init__(
        self,
        registry: Registry,
        folder: Path,
        *,
        seconds: float = PUBLISHING.seconds,
        authority: TimestampAuthority | None = None,
    ) -> None:
        """Check the log against the second place, write there what is new, and go on doing so.

        Args:
            registry: what is kept.
            folder: the second place, best on another disk; made if absent.
            seconds: between two looks at whether the log grew.
            authority: whose timestamps are added, now and then; without it every time is
                self-asserted.

        Raises:
            TamperedLogError: the log does not extend its last checkpoint there; says what to do.
        """
        self._registry, self._file, self._seconds = registry, CheckpointFile(folder), seconds
        self._key = read_verifier(registry.log_key())
        self._publishing = threading.Lock()
        self._stop = threading.Event()
        self._authority, self._stamped = authority, ""
        self._due = time.monotonic()  # when the next timestamp may be asked for
        self.fault: StorageError | None = None  # of the last try
        self.published_at: float | None = None  # seconds since 1970: the second place had all
        try:
            self.publish()
        except TamperedLogError:
            raise
        except StorageError as error:
            self._note(error)
        self._thread = threading.Thread(target=self._run, name="publisher", daemon=True)
        self._thread.start()

    def publish(self) -> None:
        """Sign what is new, and write what the second place does not have.

        Raises:
            TamperedLogError: the log does not extend its last checkpoint; nothing is written.
            StorageError: the second place cannot be read or written.
        """
        with self._publishing:
            last = self._last()
            if self._registry.log_size():
                self._registry.sign_log()
            new = self._registry.log_checkpoints(after=last)
            if new:
                self._file.add(new)
            self.published_at = time.time()

    def close(self) -> None:
        """Write a last time, and end."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        stopped = False
        while not stopped:
            stopped = self._stop.wait(self._seconds)
            self._try()
            if self._authority is not None and time.monotonic() >= self._due:
                self._stamp(self._authority)

    def _try(self) -> None:
        try:
            self.publish()
        except StorageError as error:
            self._note(error)
        else:
            self._note(None)

    def _stamp(self, authority: TimestampAuthority) -> None:
        """Add a timestamp of the last checkpoint; without one the service goes on."""
        try:
            last = self._file.last()
            if last is None or last == self._stamped:
                return
            self._due = time.monotonic() + PUBLISHING.timestamp_seconds
            self._file.add_timestamp(last, authority.stamp(last))
            self._stamped = last
        except (StorageError, TimestampError) as error:
            _log.warning("a checkpoint has no timestamp: %s", error)

    def _note(self, fault: StorageError | None) -> None:
        """Remember how the last try went; tell a fault once as long as it lasts."""
        before, self.fault = self.fault, fault
        if fault is None:
            if before is not None:
                _log.warning("checkpoints are written to %s again", self._file.path)
        elif str(before) != str(fault):
            tampered = isinstance(fault, TamperedLogError)
            why = fault if tampered else fault.__cause__ or fault  # the disk's own words
            _log.error("checkpoints are not written to %s: %s", self._file.path, why)

    def _last(self) -> int:
        """Return how many entries the last checkpoint there stands for, once the log fits it."""
        note, path = self._file.last(), self._file.path
        if note is None:
            return 0
        try:
            checkpoint = open_checkpoint(note, self._key)
        except NoteError as error:
            raise TamperedLogError(
                f"{path} holds the checkpoints of another log ({error}): the home was replaced, or "
                "two homes write there; put the right home back, or set EVIDENCE_CHECKPOINTS"
            ) from error
        size = self._registry.log_size()
        if checkpoint.size > size:
            raise TamperedLogError(
                f"the log ends at entry {size}, but {path} has a checkpoint of {checkpoint.size}: "
                "an older copy of the home was put back, or the log's tail was cut off; put the "
                "newest copy back, or, if the rest is lost for good, move that file to a safe "
                "place, since it proves what is missing, and start again"
            )
        try:
            self._registry.require_log(checkpoint)
        except TamperedLogError as error:
            raise TamperedLogError(
                f"the first {checkpoint.size} entries of the log are not those that were signed "
                f"for in {path}: its history was rewritten; keep both, and put a copy of the home "
                "back from before"
            ) from error
        return checkpoint.size
