"""kill -9 loses nothing that was acknowledged, and leaves a home that opens at once."""

import random
import subprocess
import time
from contextlib import closing

import pysqlite3.dbapi2
import pytest
from registry.uploader import TESTS, command
from stores import of_the_disk

from evidence.registry.registry import Registry

pytestmark = of_the_disk

ROUNDS = 5  # of two uploaders each
ENDLESS = 1_000_000


def kill_while_uploading(home, seeds, seconds):
    """Kill uploaders this long after each acknowledged its first; return all acknowledged ids."""
    uploaders = [
        subprocess.Popen(command(home, seed, ENDLESS), cwd=TESTS, stdout=subprocess.PIPE, text=True)
        for seed in seeds
    ]
    firsts = [uploader.stdout.readline() for uploader in uploaders]
    time.sleep(seconds)
    for uploader in uploaders:
        uploader.kill()
    rest = [uploader.communicate()[0] for uploader in uploaders]
    return "".join(firsts + rest).split()


@pytest.mark.torture
def test_no_acknowledged_photo_is_lost_when_uploaders_are_killed(home):
    chance = random.Random(5)  # noqa: S311
    acknowledged = []
    for number in range(ROUNDS):
        seeds = 2 * number, 2 * number + 1
        acknowledged += kill_while_uploading(home, seeds, chance.uniform(0, 0.3))
        with closing(Registry.open(home)) as registry:
            shown = [kept.photo_id for kept in registry.item_photos("item")]
            assert set(acknowledged) <= set(shown)
            assert not list((home / "incoming").iterdir())
            for photo_id in shown:  # what was not acknowledged is whole, too, or not there
                original = registry.original(photo_id)
                assert registry.reading(photo_id) == b"reading of " + original[:500]
        with closing(pysqlite3.dbapi2.connect(home / "evidence.sqlite3")) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert len(acknowledged) >= 2 * ROUNDS
