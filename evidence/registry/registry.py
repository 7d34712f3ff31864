"""Everything that is kept: rows in a database, originals beside it, in one home or on servers."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from sqlalchemy import Connection, insert, select, update

from evidence.errors import StorageError
from evidence.registry.answer_rows import AnswerRows
from evidence.registry.caller_rows import CallerRows
from evidence.registry.case_rows import CaseRows
from evidence.registry.claim_rows import ClaimRows
from evidence.registry.damage_rows import DamageRows
from evidence.registry.database import Database
from evidence.registry.event_rows import EventRows
from evidence.registry.figure_rows import FigureRows
from evidence.registry.gallery_rows import GalleryRows
from evidence.registry.import_rows import ImportRows
from evidence.registry.inspection_rows import InspectionRows
from evidence.registry.item_rows import ItemRows
from evidence.registry.key_rows import KeyRows
from evidence.registry.life_rows import LifeRows
from evidence.registry.listing_rows import ListingRows
from evidence.registry.log_key import LogIdentity
from evidence.registry.log_rows import LogRows
from evidence.registry.photo_store import PhotoStore
from evidence.registry.photos import (
    INCOMING,
    PhotoFiles,
    clear_incoming,
    make_directory,
    own_errors,
)
from evidence.registry.picture_boxes import PictureBoxes
from evidence.registry.retention_rows import RetentionRows
from evidence.registry.second_reading_rows import SecondReadingRows
from evidence.registry.session_rows import SessionRows
from evidence.registry.staff_rows import StaffRows
from evidence.registry.stores import HERE, Stores
from evidence.registry.tables import probes
from evidence.settings import PICTURES


class Registry(
    ItemRows,
    ImportRows,
    ClaimRows,
    CaseRows,
    LifeRows,
    InspectionRows,
    SecondReadingRows,
    ListingRows,
    EventRows,
    LogRows,
    GalleryRows,
    AnswerRows,
    KeyRows,
    StaffRows,
    SessionRows,
    CallerRows,
    DamageRows,
    RetentionRows,
    FigureRows,
):
    """What is kept; safe to share among threads, and a home among processes.

    Whatever a method has acknowledged by returning survives a power cut. Every method may
    raise StorageError; after that nothing half is to be seen, and the call may be repeated.

    Attributes:
        boxes: pictures drawn from photos; no part of what is kept, and lost without harm.
    """

    def __init__(
        self, database: Database, files: PhotoStore, boxes: PictureBoxes, in_use: int
    ) -> None:
        super().__init__(database, files)
        self.boxes = boxes
        self._in_use = in_use

    @classmethod
    def open(
        cls,
        home: Path,
        *,
        stores: Stores = HERE,
        pictures_bytes: int = PICTURES.most_bytes,
        log: LogIdentity | None = None,
    ) -> "Registry":
        """Open the registry in ``home``, or make it there.

        Args:
            home: directory that holds everything kept, or what this replica has of its own.
            stores: servers that hold rows and originals in its place.
            pictures_bytes: all pictures drawn from photos, at most.
            log: what the shop sets about its log.

        Raises:
            UnsafeStorageError: the database's engine or setting may lose what it acknowledged.
            StorageError: the directory cannot be used, or the log's key is not there.
        """
        with own_errors():
            make_directory(home / INCOMING)
            opening = _lock(home / "opening.lock", fcntl.LOCK_EX)  # one opens at a time
        try:
            files = stores.open_files(home)
            with own_errors():
                in_use = _use(home)
            try:
                database = stores.open_database(home)
            except BaseException:
                os.close(in_use)
                raise
            registry = cls(database, files, PictureBoxes(home, pictures_bytes), in_use)
            try:
                registry.take_key(home, log or LogIdentity())
                registry.finish_erasures()
            except BaseException:
                registry.close()
                raise
        finally:
            os.close(opening)
        return registry

    @property
    def files(self) -> PhotoStore:
        """The originals, for whoever checks or copies them all."""
        return self._files

    @property
    def is_here(self) -> bool:
        """Whether rows and originals are files of this machine, so that a look at one is quick."""
        return self._database.is_file and isinstance(self._files, PhotoFiles)

    def reading_rows(self) -> AbstractContextManager[Connection]:
        """Give one unchanging view of the rows; for the registry's own room."""
        return self._database.reading()

    @property
    def database(self) -> Database:
        """The rows, for whoever copies them all."""
        return self._database

    def stamp(self) -> str:
        """Return what stays the same only as long as nobody, in any process, changes a row."""
        return self._database.stamp()

    def close(self) -> None:
        """Let go of the home; the registry is of no use afterwards."""
        self._database.close()
        if self._in_use >= 0:
            os.close(self._in_use)
        self._in_use = -1

    def check(self) -> None:
        """Write and read for real, on the disk and in the database.

        Raises:
            StorageError: one of them does not work.
        """
        self._files.check()
        with self._database.writing() as connection:
            before = connection.scalar(select(probes.c.count))
            if before is None:
                connection.execute(insert(probes).values(probe_id=1, count=1))
            else:
                connection.execute(update(probes).values(count=before + 1))
        with self._database.reading() as connection:
            after = connection.scalar(select(probes.c.count))
        if after is None or after <= (before or 0):
            raise StorageError(
                "the database did not keep what was written",
                "データベースに書き込んだ内容が保存されていません。オーナーにお知らせください。",
            )


@contextmanager
def held_alone(home: Path) -> Iterator[None]:
    """Keep services from a home, which is made if absent, as long as the block runs.

    Raises:
        StorageError: a service runs on it.
    """
    with own_errors():
        make_directory(home / INCOMING)
        try:
            descriptor = _lock(home / "in-use.lock", fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StorageError(
                f"a service runs on {home}: stop it first",
                f"{home} でサービスが動いています。先に停止してください。",
            ) from None
    try:
        yield
    finally:
        os.close(descriptor)


def _use(home: Path) -> int:
    """Declare the home in use; whoever comes first clears what a dead process left."""
    path = home / "in-use.lock"
    try:
        descriptor = _lock(path, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return _lock(path, fcntl.LOCK_SH)
    try:
        clear_incoming(home)
        fcntl.flock(descriptor, fcntl.LOCK_SH)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def _lock(path: Path, how: int) -> int:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, how)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor
