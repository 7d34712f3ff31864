"""An acknowledged photo outlives a power cut on a real file system, cut while it is written.

The live disk is ext4 in a file on XFS. ``cp --reflink`` clones that file in one system call, for
which XFS holds off every write to it: the clone is the disk as it was at one instant, with all
that ext4 had handed down by then and nothing that it still held in memory. A plain copy of a live
image would mix instants, and prove nothing. Then the clone is mounted, its journal is replayed as
after a cut, and the home on it is held against what had been acknowledged before the clone began.
"""

import os
import random
import signal
import subprocess
import time
from contextlib import closing, contextmanager

import pytest
from registry.test_power_cut import losses
from registry.uploader import FAULTS, TESTS, command
from reliability import disks

CUTS = 40
UPLOADERS = 2
ENDLESS = 1_000_000
LONGEST = 0.4  # seconds that the uploaders run before a cut, each time another
# ext4 as lazy as POSIX lets it be: it commits only when it is told to.
LAZY = "commit=600,noauto_da_alloc"

pytestmark = pytest.mark.torture


class LiveDisk:
    """An ext4 disk in a file that can be cloned while it is written to."""

    def __init__(self, below, point):
        self._image, self._copy, self._after = (
            below / "live",
            below / "copy",
            point.with_name("cut"),
        )
        self.home = point / "home"

    @contextmanager
    def cut(self):
        """Give the home as a power cut at this instant leaves it."""
        disks.run("cp", "--reflink=always", self._image, self._copy)
        with disks.mounted(self._copy, self._after) as point:
            yield point / "home"
        self._copy.unlink()


@pytest.fixture
def live(tmp_path):
    disks.require("mkfs.xfs", "mkfs.ext4")
    below = disks.make(tmp_path / "xfs.image", "xfs", 4000 * disks.MB)
    with disks.mounted(below, tmp_path / "below") as directory:
        image = disks.make(directory / "live", "ext4", 1000 * disks.MB)
        with disks.mounted(image, tmp_path / "live", LAZY) as point:
            yield LiveDisk(directory, point)


class Uploaders:
    """Programs that add photos, one after the other, and say so."""

    def __init__(self, home, fault):
        self._running = [
            subprocess.Popen(command(home, seed, ENDLESS, fault), cwd=TESTS, stdout=subprocess.PIPE)
            for seed in range(UPLOADERS)
        ]
        self._said = [uploader.stdout.readline() for uploader in self._running]  # each is at work
        for uploader in self._running:
            os.set_blocking(uploader.stdout.fileno(), False)

    def acknowledged(self):
        """Return all that was acknowledged up to now."""
        self._said += [uploader.stdout.read() or b"" for uploader in self._running]
        return b"".join(self._said).decode().split()

    def tell(self, number):
        for uploader in self._running:
            uploader.send_signal(number)

    def close(self):
        self.tell(signal.SIGKILL)
        for uploader in self._running:
            uploader.communicate()


def cuts(live, fault, count):
    """Cut the power again and again; yield the acknowledged photos and what is wrong each time."""
    chance = random.Random(17)  # noqa: S311
    with closing(Uploaders(live.home, fault)) as uploaders:
        for _ in range(count):
            time.sleep(chance.uniform(0, LONGEST))
            known = uploaders.acknowledged()
            with live.cut() as home:
                uploaders.tell(signal.SIGSTOP)  # the disk after the cut has all the time it needs
                yield known, losses(home, known)
                uploaders.tell(signal.SIGCONT)


def test_no_cut_loses_or_alters_a_photo(live, record_property):
    each = list(cuts(live, "none", CUTS))
    assert [loss for _, found in each for loss in found] == []
    known, _ = each[-1]
    assert len(known) > 10 * CUTS
    record_property("measured", f"{CUTS} power cuts: {len(known)} photos, 0 lost, 0 altered")


# ext4 writes a shard's name with the names in it; POSIX does not ask for that.
@pytest.mark.parametrize("fault", sorted(FAULTS.keys() - {"no shard sync"}))
def test_a_store_that_leaves_a_step_out_is_caught(live, fault, record_property):
    cut_until = ((known, found) for known, found in cuts(live, fault, CUTS) if found)
    known, found = next(cut_until, ([], []))
    cut_until.close()
    assert any("lost" in loss or "original" in loss for loss in found), found
    record_property("measured", f"{fault}: {len(found)} of {len(known)} photos: {found[0]}")
