"""A copy of everything that is kept, made while the service runs, and a home made of it again.

::

    BACKUP/originals/ab/abcd…        each original under its sha256, written once
    BACKUP/evidence-STAMP.sqlite3    the rows at one instant
    BACKUP/log-STAMP.key             the log's signing key, unless it is to stay at home
    BACKUP/backup-STAMP.json         when, by which version, how much, and what could not be had
    BACKUP/SHA256SUMS                digests of the rest, as `sha256sum --check` reads them

Rows first, then the originals that they name: these never change, so every row finds its photo,
whatever is uploaded meanwhile. SHA256SUMS is renamed into place last and names the files that
count: until then the backup before is whole. Originals that are there are not copied again. Those
that were erased since go from the backup too.
"""

import fcntl
import hashlib
import json
import os
import re
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from urllib.parse import quote

import pysqlite3.dbapi2

from evidence.errors import DamagedOriginalError, NotFoundError, StorageError
from evidence.registry.log_key import KEY_FILE
from evidence.registry.photos import (
    PhotoFiles,
    clear_incoming,
    make_directory,
    own_errors,
    sync,
    sync_file,
)
from evidence.registry.registry import Registry
from evidence.registry.row_copy import copy_to_file
from evidence.registry.stores import DATABASE

SUMS = "SHA256SUMS"
LOCK = "backup.lock"
KNOWN = re.compile(
    r"originals|incoming|SHA256SUMS|backup\.lock|evidence-[0-9TZ]+\.sqlite3(-wal|-shm|-journal)?"
    r"|backup-[0-9TZ]+\.json|log-[0-9TZ]+\.key|[A-Za-z0-9.-]+\.new"
)
TRIES = 5  # copies of the rows, should photos be erased just then each time

Progress = Callable[[str, int, int], None]
Row = tuple[str, int]  # a photo's id and its size in bytes


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup holds.

    Attributes:
        made_at: when its rows were copied.
        version: of the program.
        photos: that its rows name.
        copied: originals that this run copied; the others were there.
        missing: photos whose originals were damaged and of which there is no earlier copy.
        damaged: photos known to be damaged in the home, whether the backup has them or not.
    """

    made_at: str
    version: str
    photos: int
    copied: int
    missing: tuple[str, ...]
    damaged: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back: photos, and those whose originals the backup has not or not whole."""

    photos: int
    missing: tuple[str, ...]


def back_up(
    registry: Registry, home: Path, place: Path, *, progress: Progress, with_key: bool = True
) -> Backup:
    """Copy everything that was acknowledged before this call, and maybe some that came since.

    Args:
        registry: of the home.
        home: the directory.
        place: the backup's, new or that of a backup before.
        progress: is told how far it is.
        with_key: copy the log's signing key too; without it the log cannot go on after a restore
            until the key is put back.

    Raises:
        StorageError: the place cannot be used, is full, or the home cannot be read.
    """
    if _within(place, home) or _within(home, place):
        raise StorageError("a backup needs a place of its own, outside the home")
    with own_errors(), _holding(place):
        files = PhotoFiles.open(place)
        clear_incoming(place)
        stamp = _stamp()
        rows = place / f"evidence-{stamp}.sqlite3"
        copied: set[str] = set()
        for _ in range(TRIES):
            _copy_rows(registry, home / DATABASE, rows)
            named = _named(rows)
            missing = _copy_originals(registry, files, named, copied, progress)
            if all(registry.erased_at(photo_id) is None for photo_id in missing):
                break
        else:
            raise StorageError("photos were erased all the while; start the backup again")
        done = Backup(
            made_at=datetime.now(UTC).isoformat(),
            version=version("photo-evidence"),
            photos=len(named),
            copied=len(copied),
            missing=tuple(missing),
            damaged=tuple(registry.damaged_photos()),
        )
        one_offs = [rows]
        if with_key and (home / KEY_FILE).exists():
            one_offs.append(place / f"log-{stamp}.key")
            _copy_file(home / KEY_FILE, one_offs[-1])
        _commit(place, stamp, one_offs, [name for name, _ in named if name not in missing], done)
        _forget(place, files, {name for name, _ in named}, stamp)
    return done


def restore(place: Path, home: Path, *, progress: Progress) -> Restored:
    """Make a home of a backup; every byte is hashed on the way.

    The home appears when it is whole, so one that was stopped on the way is never served.

    Raises:
        StorageError: the home is not empty, the backup is none, or its rows are damaged.
    """
    if home.exists() and (not home.is_dir() or any(home.iterdir())):
        raise StorageError(f"{home} is not empty: restore into a new home")
    source = open_backup(place)
    building = home.with_name(f"{home.name}.restoring-{secrets.token_hex(4)}")
    with own_errors(), _unless_it_fails(building):
        make_directory(building)
        files = PhotoFiles.open(building)
        _copy_file(source.rows, building / DATABASE)
        if source.key is not None:
            _copy_file(source.key, building / KEY_FILE)
        named, missing = _named(building / DATABASE), []
        for number, (photo_id, _) in enumerate(named, 1):
            try:
                files.keep(photo_id, source.files.read(photo_id))
            except DamagedOriginalError:
                missing.append(photo_id)
            progress("Restoring originals", number, len(named))
        sync(building)
        building.rename(home)  # over an empty directory as well
        sync(home.parent)
    return Restored(len(named), tuple(missing))


@dataclass(frozen=True, slots=True)
class Source:
    """A backup as it is read back.

    Attributes:
        rows: the database.
        key: the log's signing key; None if the backup was made without.
        files: the originals.
    """

    rows: Path
    key: Path | None
    files: PhotoFiles

    def reading(self, photo_id: str) -> bytes:
        """Return what was read from a photo.

        Raises:
            NotFoundError: the backup does not know it.
            DamagedOriginalError: it is damaged there too.
        """
        query = "SELECT reading, reading_sha256 FROM photos WHERE photo_id = ?"
        with _reading(self.rows) as connection:
            row = connection.execute(query, (photo_id,)).fetchone()
        if row is None:
            raise NotFoundError(f"photo {photo_id} is not in the backup")
        if hashlib.sha256(row[0]).hexdigest() != row[1]:
            raise DamagedOriginalError(f"the reading of photo {photo_id} is damaged there too")
        return bytes(row[0])


def open_backup(place: Path) -> Source:
    """Read which files of a backup count, and hash its rows.

    Raises:
        StorageError: there is no whole backup.
    """
    try:
        lines = (place / SUMS).read_text("ascii").splitlines()
        sums = {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
        rows = next(name for name in sums if name.endswith(".sqlite3"))
        key = next((name for name in sums if name.endswith(".key")), None)
    except (OSError, ValueError, StopIteration) as error:
        raise StorageError(f"{place} holds no whole backup") from error
    with own_errors():
        for name in (rows, key):
            if name is not None and _sha256(place / name) != sums[name]:
                raise StorageError(f"{name} in the backup is damaged: take another backup")
    return Source(place / rows, None if key is None else place / key, PhotoFiles(place))


def heal_from(registry: Registry, place: Path, photo_id: str) -> None:
    """Heal one photo of a home in use by what a backup has of it.

    Raises:
        NotFoundError: the home or the backup does not know the photo.
        ErasedError: it was erased; no backup brings it back.
        DamagedOriginalError: it is damaged in the backup too.
        StorageError: there is no whole backup, or the home cannot be written to.
    """
    source = open_backup(place)
    reading = source.reading(photo_id)
    data = source.files.read(photo_id)
    registry.heal(photo_id, data, reading, actor="evidence restore")


def _copy_rows(registry: Registry, database: Path, place: Path) -> None:
    """Copy the database as it is at one instant, beside whoever writes; a server's row by row."""
    place.unlink(missing_ok=True)
    if not registry.database.is_file:
        copy_to_file(registry.database, place)
        _sync_path(place)
        return
    try:
        with (
            _reading(database) as there,
            closing(pysqlite3.dbapi2.connect(str(place))) as here,
        ):
            there.backup(here)
            here.execute("PRAGMA journal_mode = DELETE")  # one file, whole by itself
            (said,) = here.execute("PRAGMA quick_check(1)").fetchone()
    except pysqlite3.dbapi2.Error as error:
        raise StorageError("the database cannot be copied: run `evidence verify`") from error
    if said != "ok":
        raise StorageError("the database is damaged: run `evidence verify`")
    _sync_path(place)


def _named(rows: Path) -> list[Row]:
    """List the photos that rows name, without erased ones."""
    query = (
        "SELECT photo_id, size FROM photos WHERE photo_id NOT IN (SELECT photo_id FROM erasures)"
    )
    with _reading(rows) as connection:
        return [(str(name), int(size)) for name, size in connection.execute(query + " ORDER BY 1")]


def _copy_originals(
    registry: Registry,
    files: PhotoFiles,
    named: list[Row],
    copied: set[str],
    progress: Progress,
) -> list[str]:
    """Copy what is not there yet; return the photos that are damaged and were never copied."""
    missing = []
    for number, (photo_id, size) in enumerate(named, 1):
        if not files.has_size(photo_id, size):
            try:
                files.keep(photo_id, registry.original(photo_id))  # hashed on both sides
                copied.add(photo_id)
            except (DamagedOriginalError, NotFoundError):
                missing.append(photo_id)
        progress("Copying originals", number, len(named))
    return missing


def _commit(place: Path, stamp: str, one_offs: list[Path], names: list[str], done: Backup) -> None:
    report = place / f"backup-{stamp}.json"
    report.write_text(json.dumps(asdict(done), indent=1))
    _sync_path(report)
    lines = [f"{_sha256(path)}  {path.name}\n" for path in (*one_offs, report)]
    lines += [f"{name}  originals/{name[:2]}/{name}\n" for name in names]
    temporary = place / f"{SUMS}.new"
    temporary.write_text("".join(lines), "ascii")
    _sync_path(temporary)
    sync(place)
    temporary.rename(place / SUMS)
    sync(place)


def _forget(place: Path, files: PhotoFiles, names: set[str], stamp: str) -> None:
    """Remove what counts no more: earlier rows, and originals that were erased since."""
    for path in place.iterdir():
        if path.is_file() and path.name not in (SUMS, LOCK) and stamp not in path.name:
            path.unlink()
    for path in (place / "originals").glob("*/*"):
        if path.name not in names:
            files.remove(path.name)


@contextmanager
def _holding(place: Path) -> Iterator[None]:
    """Make the place, unless something else is in it, and keep others from it meanwhile."""
    if place.exists():
        others = [path.name for path in place.iterdir() if not KNOWN.fullmatch(path.name)]
        if others:
            raise StorageError(f"{place} holds something else, such as {min(others)}")
    make_directory(place)
    descriptor = os.open(place / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise StorageError(f"another backup to {place} is under way") from None
    finally:
        os.close(descriptor)


@contextmanager
def _unless_it_fails(building: Path) -> Iterator[None]:
    """Leave nothing half behind."""
    try:
        yield
    except BaseException:
        shutil.rmtree(building, ignore_errors=True)
        raise


@contextmanager
def _reading(database: Path) -> Iterator[pysqlite3.dbapi2.Connection]:
    address = f"file:{quote(str(database.absolute()))}?mode=ro"
    try:
        with closing(pysqlite3.dbapi2.connect(address, uri=True)) as connection:
            yield connection
    except pysqlite3.dbapi2.Error as error:
        raise StorageError("a database cannot be read: run `evidence verify`") from error


def _copy_file(source: Path, place: Path) -> None:
    with source.open("rb") as there, place.open("xb") as here:
        os.chmod(here.fileno(), 0o600)
        shutil.copyfileobj(there, here, 1 << 20)
        here.flush()
        sync_file(here.fileno())


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync_path(path: Path) -> None:
    with path.open("rb") as file:
        sync_file(file.fileno())


def _stamp() -> str:
    return f"{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}"


def _within(path: Path, other: Path) -> bool:
    return path.absolute().resolve().is_relative_to(other.absolute().resolve())
