"""The scrub: everything that is kept, held against its digest; nothing is ever repaired by it.

Shard by shard, in the order of names, originals are read from the disk and hashed by threads
(hashing releases the GIL), readings from the database. Where it stands is written down every few
seconds, so that a run which was killed goes on there. It runs beside a service: what is uploaded,
healed or erased meanwhile is looked at once more before it is called a fault.
"""

import json
import os
import re
import stat
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal
from urllib.parse import quote

import pysqlite3.dbapi2
from sqlalchemy import select

from evidence.errors import DamagedOriginalError, NotFoundError, StorageError
from evidence.registry.photos import SHARDS, own_errors, sync
from evidence.registry.registry import DATABASE, Registry
from evidence.registry.tables import erasures, photos

PLACE = "scrub.json"  # where a run stands
EVERY = 2.0  # seconds between two writings of it
YOUNG = 3600.0  # seconds; what is younger may be an upload that goes on right now
NAME = re.compile(r"[0-9a-f]{64}")
ACTOR = "evidence verify"

Kind = Literal["fault", "note"]  # a note is no fault: nothing that was acknowledged is touched
Progress = Callable[[str, int, int], None]
LogCheck = Callable[[Registry], Iterable[str]]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was found.

    Attributes:
        kind: ``fault`` or ``note``.
        part: ``original``, ``reading``, ``file``, ``database`` or ``log``.
        fault: what is wrong, in a word or two; the words for people are the terminal's.
        subject_id: the photo's id, or the file's place in the home, or what of the database.
        new: it was not known before this run.
    """

    kind: Kind
    part: str
    fault: str
    subject_id: str
    new: bool = True


@dataclass(slots=True)
class Scrub:
    """What a run has seen so far; kept from one process to the next until it is through."""

    started_at: str
    shard: int = 0
    after: str = ""
    photos: int = 0
    bytes: int = 0
    findings: list[Finding] = field(default_factory=list)

    @property
    def faults(self) -> list[Finding]:
        """What is wrong, without the notes."""
        return [one for one in self.findings if one.kind == "fault"]


def check_database(home: Path) -> list[Finding]:
    """Check pages and references, by reading alone; before anything is opened for writing.

    Raises:
        StorageError: nothing is kept in that directory, or it cannot be read.
    """
    if not (home / DATABASE).is_file():
        raise StorageError(f"nothing is kept in {home}")
    address = f"file:{quote(str((home / DATABASE).absolute()))}?mode=ro"
    found: list[Finding] = []
    try:
        with closing(pysqlite3.dbapi2.connect(address, uri=True)) as connection:
            for (said,) in connection.execute("PRAGMA quick_check(100)"):
                if said != "ok":
                    found.append(Finding("fault", "database", "damaged pages", said))
            for table, row, parent, _ in connection.execute("PRAGMA foreign_key_check"):
                name = f"{table} {row} points to no {parent}"
                found.append(Finding("fault", "database", "points to nothing", name))
    except pysqlite3.dbapi2.DatabaseError as error:
        found.append(Finding("fault", "database", "damaged pages", str(error)))
    return found


def scrub(
    registry: Registry,
    home: Path,
    *,
    from_start: bool,
    threads: int,
    progress: Progress,
    known: Sequence[Finding] = (),
    check_log: LogCheck = lambda registry: (),
) -> Scrub:
    """Check all originals, readings and files of a home, and the log.

    What is found is told in the feed, once until it is whole again.

    Args:
        registry: of that home.
        home: the directory.
        from_start: do not go on where a run before was killed.
        threads: files that are hashed at once.
        progress: is told how far it is.
        known: what was found before, to be told with the rest.
        check_log: says what is wrong with the log, a line each.

    Raises:
        StorageError: the disk or the database failed.
    """
    place = home / PLACE
    run = None if from_start else _resume(place)
    if run is None:
        run = Scrub(started_at=datetime.now(UTC).isoformat())
        run.findings += [Finding("fault", "log", "altered", said) for said in check_log(registry)]
        run.findings += _strays(home)
    written = time.monotonic()
    with ThreadPoolExecutor(threads) as pool:
        for shard in range(run.shard, len(SHARDS)):
            run.shard = shard
            for done in _check_shard(registry, home, SHARDS[shard], run.after, pool, threads):
                run.after = done.name
                run.photos += done.is_photo
                run.bytes += done.size
                run.findings += done.findings
                if time.monotonic() - written > EVERY:
                    _write(place, run)
                    written = time.monotonic()
            run.after = ""
            progress("Hashing what is kept", shard + 1, len(SHARDS))
    place.unlink(missing_ok=True)
    run.findings = [_tell(registry, one) for one in (*known, *run.findings)]
    return run


@dataclass(frozen=True, slots=True)
class _Done:
    name: str
    is_photo: bool = False
    size: int = 0
    findings: tuple[Finding, ...] = ()


def _check_shard(
    registry: Registry, home: Path, shard: str, after: str, pool: ThreadPoolExecutor, threads: int
) -> Iterator[_Done]:
    """Yield each name of a shard in order, of rows and of files; some are under way at once."""
    directory = home / "originals" / shard
    with own_errors():
        names = set(os.listdir(directory)) if directory.is_dir() else set()
    rows = _rows(registry, shard)
    todo = [name for name in sorted(names | set(rows)) if name > after]

    def check(name: str) -> _Done:
        if name in rows:
            return _check_photo(registry, directory, name, rows[name])
        return _check_stranger(registry, directory, name)

    step = 8 * threads
    for start in range(0, len(todo), step):
        yield from pool.map(check, todo[start : start + step])


def _rows(registry: Registry, shard: str) -> dict[str, int]:
    """Return sizes by id; erased photos have none."""
    column = photos.c.photo_id
    query = select(column, photos.c.size).outerjoin(erasures, erasures.c.photo_id == column)
    query = query.where(column >= shard, column < shard + "g", erasures.c.photo_id.is_(None))
    with registry.reading_rows() as connection:
        return {row.photo_id: row.size for row in connection.execute(query)}


def _check_photo(registry: Registry, directory: Path, photo_id: str, size: int) -> _Done:
    _drop_from_memory(directory / photo_id)
    fault: str | None = registry.files.find_fault(photo_id, size)
    findings: list[Finding] = []
    if fault is not None and registry.has_photo(photo_id):  # else it was erased meanwhile
        fault = registry.files.find_fault(photo_id, size)  # or healed
        if fault in ("altered", "cut", "grown") and _is_another(registry, directory / photo_id):
            fault = "swapped"
        if fault is not None:
            findings.append(Finding("fault", "original", fault, photo_id))
    with suppress(NotFoundError):  # erased meanwhile
        try:
            registry.check_reading(photo_id)
        except DamagedOriginalError:
            findings.append(Finding("fault", "reading", "altered", photo_id))
    parts = {one.part for one in findings}
    registry.note_whole(
        photo_id,
        *(part for part in ("original", "reading") if part not in parts),
        actor=ACTOR,
    )
    return _Done(photo_id, True, size, tuple(findings))


def _is_another(registry: Registry, path: Path) -> bool:
    """Whether a file holds the bytes of another photo that is kept."""
    with suppress(OSError):
        return registry.has_photo(registry.files.digest(path))
    return False


def _check_stranger(registry: Registry, directory: Path, name: str) -> _Done:
    """Say what a file is that no row knew when the shard was listed."""
    path, place = directory / name, f"originals/{directory.name}/{name}"
    try:
        told = path.lstat()
    except FileNotFoundError:  # erased meanwhile
        return _Done(name)
    plain = NAME.fullmatch(name) and name.startswith(directory.name) and stat.S_ISREG(told.st_mode)
    if not plain:
        return _Done(name, findings=(Finding("fault", "file", "misplaced", place),))
    erased_at = registry.erased_at(name)
    if erased_at is not None:  # its file goes right after its row
        if time.time() - erased_at.timestamp() < YOUNG or not path.exists():
            return _Done(name)
        return _Done(name, findings=(Finding("fault", "file", "erased and there", place),))
    if registry.has_photo(name) or time.time() - told.st_ctime < YOUNG:  # an upload of this moment
        return _Done(name)
    return _Done(name, findings=(Finding("note", "file", "unknown", place),))


def _strays(home: Path) -> list[Finding]:
    """List what lies outside the shards, and temporary files that no upload can be writing."""
    found: list[Finding] = []
    with own_errors():
        for name in sorted(set(os.listdir(home / "originals")) - set(SHARDS)):
            found.append(Finding("fault", "file", "misplaced", f"originals/{name}"))
        for entry in sorted(os.scandir(home / "incoming"), key=lambda one: one.name):
            with suppress(FileNotFoundError):
                if time.time() - entry.stat(follow_symlinks=False).st_ctime > YOUNG:
                    place = f"incoming/{entry.name}"
                    found.append(Finding("note", "file", "left over", place))
    return found


def _drop_from_memory(path: Path) -> None:
    """Let the file be read from the disk, not from what memory holds of it."""
    with suppress(OSError):
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
        finally:
            os.close(descriptor)


def _tell(registry: Registry, one: Finding) -> Finding:
    """Tell of a fault in the feed, unless that was done before."""
    if one.kind == "note":
        return one
    subject = "photo" if one.part in ("original", "reading") else "store"
    new = registry.note_damage(subject, one.subject_id, one.part, one.fault, actor=ACTOR)
    return Finding(one.kind, one.part, one.fault, one.subject_id, new)


def _resume(place: Path) -> Scrub | None:
    """Return where a run stood that was killed; one that cannot be read counts as none."""
    try:
        told = json.loads(place.read_bytes())
        return Scrub(**told | {"findings": [Finding(**one) for one in told["findings"]]})
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _write(place: Path, run: Scrub) -> None:
    with own_errors():
        temporary = place.with_suffix(".new")
        temporary.write_text(json.dumps(asdict(run)))
        temporary.rename(place)
        sync(place.parent)
