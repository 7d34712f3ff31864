"""Add photos to a home and print each id once it is acknowledged: HOME SEED COUNT FAULT.

A FAULT takes one of the steps away that durability rests on, to prove that a test would notice.
"""

import os
import random
import sys
from pathlib import Path

from registry import samples

from api.config import Config
from evidence.registry import photos, sqlite_engine
from evidence.registry.photo_rows import PhotoRows
from evidence.registry.registry import Registry

TESTS = Path(__file__).parents[1]  # run the command from here


def command(home: Path, seed: int, count: int, fault: str = "none") -> list[str]:
    """Return the command that runs this file."""
    return [sys.executable, "-m", "registry.uploader", str(home), str(seed), str(count), fault]


def do_not_sync_the_file() -> None:
    photos.sync_file = lambda descriptor: None


def do_not_sync_the_directory() -> None:
    photos.sync = lambda path: None


def write_the_row_first() -> None:
    hang = PhotoRows._hang

    def hang_then_keep(self, table, owner, photo, data, *more):
        keep, self._files.keep = self._files.keep, lambda *_: None
        added = hang(self, table, owner, photo, data, *more)
        self._files.keep = keep
        self._files.keep(photo.photo_id, data)
        return added

    PhotoRows._hang = hang_then_keep


def do_not_sync_the_commit() -> None:
    make_engine = sqlite_engine.make_engine
    sqlite_engine.make_engine = lambda path, dbapi, synchronous: make_engine(path, dbapi, "NORMAL")
    sqlite_engine.refuse_unsafe = lambda *_, **__: None


def do_not_sync_the_shard() -> None:
    photos.PhotoFiles._make_shard = lambda self, shard: shard.mkdir(mode=0o700, exist_ok=True)


def follow_a_dead_writer() -> None:
    keep = photos.PhotoFiles.keep

    def link_then_keep(self, photo_id, data):
        path = self._path(photo_id)
        path.parent.mkdir(mode=0o700, exist_ok=True)
        with self._temporary(data) as temporary:  # it died before it synced either directory
            os.link(temporary, path)
        keep(self, photo_id, data)

    photos.PhotoFiles.keep = link_then_keep


HARMLESS = {"none": lambda: None, "dead writer": follow_a_dead_writer}
FAULTS = {
    "no file sync": do_not_sync_the_file,
    "no directory sync": do_not_sync_the_directory,
    "no shard sync": do_not_sync_the_shard,
    "row before file": write_the_row_first,
    "no commit sync": do_not_sync_the_commit,
}


def upload(registry: Registry, seed: int, count: int) -> None:
    """Add ``count`` photos of 1 to 40 kB to the item."""
    chance = random.Random(seed)  # noqa: S311
    registry.put_item(samples.item())
    for _ in range(count):
        data = chance.randbytes(chance.randrange(1_000, 40_000))
        photo = samples.photo(data)
        registry.add_item_photo("item", photo, data, b"reading of " + data[:500])
        os.write(1, f"{photo.photo_id}\n".encode())  # one system call: no line is ever cut


if __name__ == "__main__":
    (HARMLESS | FAULTS)[sys.argv[4]]()
    opened = Registry.open(Path(sys.argv[1]), stores=Config().stores())
    upload(opened, int(sys.argv[2]), int(sys.argv[3]))
    opened.close()
