"""The scrub: everything that is kept, held against its digest; nothing is ever repaired by it.

Shard by shard, in the order of names, originals are read from the disk and hashed by threads
(hashing releases the GIL), readings from the database. Where it stands is written down every few
seconds, so that a run which was killed goes on there. It runs beside a service: what is uploaded,
healed or erased meanwhile is looked at once more before it is called a fault.
"""

import json
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
from evidence.registry.photo_store import SHARDS
from evidence.registry.photos import own_errors, sync
from evidence.registry.registry import Registry
from evidence.registry.server_check import find_database_faults
from evidence.registry.stores import DATABASE, HERE, Stores
from evidence.registry.tables import erasures, photos

PLACE = "scrub.json"  # where a run stands
EVERY = 2.0  # seconds between two writings of it
YOUNG = 3600.0  # seconds; what is younger may be an upload that goes on right now
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


def check_database(home: Path, stores: Stores = HERE) -> list[Finding]:
    """Check pages and references, by reading alone; before anything is opened for writing.

    Raises:
        StorageError: nothing is kept in that directory, or it cannot be read.
    """
    if stores.database_url is not None:
        with closing(stores.open_database(home)) as database:
            found_there = find_database_faults(database)
        return [Finding(kind, "database", fault, name) for kind, fault, name in found_there]
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
        run.findings += _strays(registry)
    written = time.monotonic()
    with ThreadPoolExecutor(threads) as pool:
        for shard in range(run.shard, len(SHARDS)):
            run.shard = shard
            for done in _check_shard(registry, SHARDS[shard], run.after, pool, threads):
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
    registry: Registry, shard: str, after: str, pool: ThreadPoolExecutor, threads: int
) -> Iterator[_Done]:
    """Yield each name of a shard in order, of rows and of files; some are under way at once."""
    names, rows = registry.files.names(shard), _rows(registry, shard)
    todo = [name for name in sorted(names | set(rows)) if name > after]

    def check(name: str) -> _Done:
        if name in rows:
            return _check_photo(registry, name, rows[name])
        return _check_stranger(registry, shard, name)

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


def _check_photo(registry: Registry, photo_id: str, size: int) -> _Done:
    registry.files.forget(photo_id)
    fault: str | None = registry.files.find_fault(photo_id, size)
    findings: list[Finding] = []
    if fault is not None and registry.has_photo(photo_id):  # else it was erased meanwhile
        fault = registry.files.find_fault(photo_id, size)  # or healed
        if fault in ("altered", "cut", "grown") and _is_another(registry, photo_id):
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


def _is_another(registry: Registry, photo_id: str) -> bool:
    """Whether the bytes of another photo that is kept lie in its place."""
    digest = registry.files.digest(photo_id)
    return digest is not None and registry.has_photo(digest)


def _check_stranger(registry: Registry, shard: str, name: str) -> _Done:
    """Say what a file is that no row knew when the shard was listed."""
    entry, place = registry.files.entry(shard, name), f"originals/{shard}/{name}"
    if entry is None:  # erased meanwhile
        return _Done(name)
    if not entry.is_plain:
        return _Done(name, findings=(Finding("fault", "file", "misplaced", place),))
    erased_at = registry.erased_at(name)
    if erased_at is not None:  # its file goes right after its row
        young = time.time() - erased_at.timestamp() < YOUNG
        if young or not registry.files.has_file(name):
            return _Done(name)
        return _Done(name, findings=(Finding("fault", "file", "erased and there", place),))
    young = time.time() - entry.changed_at < YOUNG
    if registry.has_photo(name) or young:  # an upload of this moment
        return _Done(name)
    return _Done(name, findings=(Finding("note", "file", "unknown", place),))


def _strays(registry: Registry) -> list[Finding]:
    """List what lies outside the shards, and temporary files that no upload can be writing."""
    files = registry.files
    found = [Finding("fault", "file", "misplaced", place) for place in files.strays()]
    return found + [Finding("note", "file", "left over", place) for place in files.left_over(YOUNG)]


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
