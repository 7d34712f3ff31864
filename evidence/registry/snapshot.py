"""A copy of what is kept, to try things on: what is kept itself stays as it is, to the byte."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

import pysqlite3.dbapi2

from evidence.errors import StorageError
from evidence.registry.database import Database
from evidence.registry.photo_store import PhotoStore
from evidence.registry.photos import PhotoFiles, own_errors
from evidence.registry.picture_boxes import PictureBoxes
from evidence.registry.registry import Registry
from evidence.registry.row_copy import copy_to_file
from evidence.registry.stores import DATABASE, HERE, Stores
from evidence.settings import PICTURES


@contextmanager
def open_snapshot(home: Path, stores: Stores = HERE) -> Iterator[Registry]:
    """Give a registry on a copy of the rows, with the originals where they are.

    Whatever is kept in it is gone with it. It needs as much room as the database, in the
    directory for temporary files. A service may run meanwhile.

    Raises:
        StorageError: nothing is kept there, or it cannot be read.
    """
    if not stores.is_kept(home):
        raise StorageError(f"nothing is kept in {home}")
    with TemporaryDirectory() as scratch:
        place = Path(scratch) / DATABASE
        with own_errors():
            _copy(home, stores, place)
        files: PhotoStore = PhotoFiles(home)  # touches nothing
        if stores.photos is not None:
            files = stores.open_files(home)
        boxes = PictureBoxes(place.parent, PICTURES.most_bytes)
        registry = Registry(Database.open(place), files, boxes, in_use=-1)
        with closing(registry):
            yield registry


def _copy(home: Path, stores: Stores, place: Path) -> None:
    """Copy the files while nobody uses them, and through the database while somebody does."""
    if stores.database_url is not None:
        with closing(stores.open_database(home)) as database:
            return copy_to_file(database, place)
    descriptor = os.open(home / "in-use.lock", os.O_RDONLY | os.O_CLOEXEC)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return _back_up(home / DATABASE, place)
        for end in ("", "-wal"):  # a service that was killed leaves its last rows in the second
            if (home / f"{DATABASE}{end}").exists():
                shutil.copyfile(home / f"{DATABASE}{end}", f"{place}{end}")
    finally:
        os.close(descriptor)


def _back_up(source: Path, place: Path) -> None:
    try:
        address = f"file:{quote(str(source.absolute()))}?mode=ro"
        with (
            closing(pysqlite3.dbapi2.connect(address, uri=True)) as there,
            closing(pysqlite3.dbapi2.connect(str(place))) as here,
        ):
            there.backup(here)
    except pysqlite3.dbapi2.Error as error:
        raise StorageError("the database failed; the log says why") from error
