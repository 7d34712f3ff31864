"""Faults planted in a home, each by its name, as a disk, a person or a program leaves them."""

import os
import random

from pysqlite3 import dbapi2 as sqlite

from evidence.registry.stores import DATABASE


def path_of(home, photo_id):
    return home / "originals" / photo_id[:2] / photo_id


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
    with sqlite.connect(home / DATABASE) as connection:
        row = connection.execute("SELECT reading FROM photos WHERE photo_id = ?", (ids[0],))
        reading = bytearray(row.fetchone()[0])
        reading[chance.randrange(len(reading))] ^= 1 << chance.randrange(8)
        connection.execute(
            "UPDATE photos SET reading = ? WHERE photo_id = ?", (bytes(reading), ids[0])
        )
    connection.close()


def plant_misplaced_file(home, ids, chance):
    path = path_of(home, ids[0])
    shard = f"{(int(ids[0][:2], 16) + 1) % 256:02x}"
    (home / "originals" / shard).mkdir(exist_ok=True)
    os.link(path, home / "originals" / shard / ids[0])


def plant_dangling_row(home, ids, chance):
    connection = sqlite.connect(home / DATABASE)  # foreign keys are off by default
    connection.execute(
        "INSERT INTO photo_facts (photo_id, body) VALUES (?, '{}')", (chance.randbytes(32).hex(),)
    )
    connection.commit()
    connection.close()


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
OTHERS = {
    "altered reading": (plant_altered_reading, "altered"),
    "misplaced file": (plant_misplaced_file, "misplaced"),
    "dangling row": (plant_dangling_row, "points to nothing"),
}
FAULTS = ORIGINALS | OTHERS


def chance_of(seed):
    return random.Random(seed)  # noqa: S311
