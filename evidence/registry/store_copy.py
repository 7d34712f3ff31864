"""All that is kept in another store: from a home to servers, and back.

Originals first, each hashed on both sides, then all rows in one transaction: a target without rows
is one that is not whole yet, and a run that was stopped goes on with what it lacks.
"""

from dataclasses import dataclass

from evidence.errors import DamagedOriginalError, StorageError
from evidence.registry.database import Database
from evidence.registry.photo_store import SHARDS, PhotoStore
from evidence.registry.row_copy import Progress, copy_rows, list_photos, log_root, require_empty


@dataclass(frozen=True, slots=True)
class Store:
    """Rows, and the originals that they name."""

    database: Database
    files: PhotoStore


@dataclass(frozen=True, slots=True)
class Copied:
    """What was copied.

    Attributes:
        photos: that the rows name.
        copied: originals that this run copied; the others were there.
        missing: photos whose originals are damaged in the source; their rows came along.
        root: of the log's tree, 32 bytes.
    """

    photos: int
    copied: int
    missing: tuple[str, ...]
    root: bytes


def copy_store(source: Store, target: Store, *, progress: Progress) -> Copied:
    """Copy everything; the target has it all afterwards, or no rows.

    Args:
        source: nobody may write to it meanwhile.
        target: without rows, and without originals of others.
        progress: is told how far it is.

    Raises:
        StorageError: the target is not empty, the source changed, or one of them failed.
    """
    with target.database.reading() as connection:
        require_empty(connection)
    with source.database.reading() as connection:
        named = list_photos(connection)
    done = copy_originals(source, target.files, progress=progress)
    copy_rows(source.database, target.database, progress, named=named)
    return done


def copy_originals(source: Store, target: PhotoStore, *, progress: Progress) -> Copied:
    """Copy the originals alone; rows say which there are.

    Raises:
        StorageError: the target has originals of others, or one of the stores failed.
    """
    with source.database.reading() as connection:
        named, root = list_photos(connection), log_root(connection)
    _refuse_others(target, {photo_id for photo_id, _ in named})
    copied, missing = 0, []
    for number, (photo_id, size) in enumerate(named, 1):
        try:
            copied += _copy_original(source.files, target, photo_id, size)
        except DamagedOriginalError:
            missing.append(photo_id)
        progress("Copying originals", number, len(named))
    return Copied(len(named), copied, tuple(missing), root)


def _copy_original(source: PhotoStore, target: PhotoStore, photo_id: str, size: int) -> bool:
    """Copy an original that is not there, or not whole; True if it was. Hashed on both sides."""
    if target.has_size(photo_id, size) and target.find_fault(photo_id, size) is None:
        return False
    target.keep(photo_id, source.read(photo_id))
    fault = target.find_fault(photo_id, size)
    if fault is not None:
        raise StorageError(f"the original of photo {photo_id} was copied, and is {fault} there")
    return True


def _refuse_others(files: PhotoStore, names: set[str]) -> None:
    for shard in SHARDS:
        others = files.names(shard) - names
        if others:
            raise StorageError(
                f"the target is not empty: it has {min(others)}, which the source does not know"
            )
