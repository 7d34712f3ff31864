"""Faults planted in a home, each by its name, as a disk, a person or a program leaves them."""

import os
import random

from sqlalchemy import text
from stores import ON_SERVERS, path_of, rows_of


def overwrite(path, data):
    """Put bytes in place without a new inode, as a program that writes over it does."""
    path.chmod(0o600)
    path.write_bytes(data)
    path.chmod(0o400)


def plant_gone(home, ids, chance):
    path_of(home, ids[0]).unlink()


def plant_flipped_bit(home, ids, chance):
    path = path_of(home, ids[0])
    data = bytearray(path.read_bytes())
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    overwrite(path, bytes(data))


def plant_cut(home, ids, chance):
    path = path_of(home, ids[0])
    data = path.read_bytes()
    overwrite(path, data[: chance.randrange(len(data))])


def plant_growth(home, ids, chance):
    path = path_of(home, ids[0])
    overwrite(path, path.read_bytes() + chance.randbytes(chance.randrange(1, 5000)))


def plant_zeros(home, ids, chance):
    path = path_of(home, ids[0])
    data = bytearray(path.read_bytes())
    size = min(512, len(data))
    start = chance.randrange(len(data) - size + 1)
    data[start : start + size] = bytes(size)
    overwrite(path, bytes(data))


def plant_swap(home, ids, chance):
    one, other = (path_of(home, photo_id) for photo_id in ids[:2])
    first, second = one.read_bytes(), other.read_bytes()
    overwrite(one, second)
    overwrite(other, first)


def plant_link(home, ids, chance):
    path = path_of(home, ids[0])
    path.unlink()
    path.symlink_to(path_of(home, ids[1]))


def plant_directory(home, ids, chance):
    path = path_of(home, ids[0])
    path.unlink()
    path.mkdir()


def plant_pipe(home, ids, chance):
    path = path_of(home, ids[0])
    path.unlink()
    os.mkfifo(path)


def plant_altered_reading(home, ids, chance):
    one = {"id": ids[0]}
    with rows_of(home) as connection:
        read = connection.scalar(text("SELECT reading FROM photos WHERE photo_id = :id"), one)
        reading = bytearray(read)
        reading[chance.randrange(len(reading))] ^= 1 << chance.randrange(8)
        put = text("UPDATE photos SET reading = :reading WHERE photo_id = :id")
        connection.execute(put, one | {"reading": bytes(reading)})


def plant_misplaced_file(home, ids, chance):
    path = path_of(home, ids[0])
    shard = f"{(int(ids[0][:2], 16) + 1) % 256:02x}"
    if ON_SERVERS:
        type(path)(path.store, f"originals/{shard}/{ids[0]}").write_bytes(path.read_bytes())
        return
    (home / "originals" / shard).mkdir(exist_ok=True)
    os.link(path, home / "originals" / shard / ids[0])


def plant_dangling_row(home, ids, chance):
    with rows_of(home) as connection:  # SQLite follows references only if it is told to
        if ON_SERVERS:
            connection.execute(text("SET session_replication_role = replica"))
        put = text("INSERT INTO photo_facts (photo_id, body) VALUES (:id, '{}')")
        connection.execute(put, {"id": chance.randbytes(32).hex()})


ORIGINALS = {  # fault planted in an original -> what the scrub calls it
    "gone": (plant_gone, "missing"),
    "flipped bit": (plant_flipped_bit, "altered"),
    "cut": (plant_cut, "cut"),
    "grown": (plant_growth, "grown"),
    "zero block": (plant_zeros, "altered"),
    "swapped": (plant_swap, "swapped"),
    "link": (plant_link, "not a file"),
    "directory": (plant_directory, "not a file"),
    "pipe": (plant_pipe, "not a file"),
}
if ON_SERVERS:  # an object is one, and nothing else
    for kind in ("link", "directory", "pipe"):
        del ORIGINALS[kind]
OTHERS = {
    "altered reading": (plant_altered_reading, "altered"),
    "misplaced file": (plant_misplaced_file, "misplaced"),
    "dangling row": (plant_dangling_row, "points to nothing"),
}
FAULTS = ORIGINALS | OTHERS


def chance_of(seed):
    return random.Random(seed)  # noqa: S311
