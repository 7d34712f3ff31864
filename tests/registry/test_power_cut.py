"""An acknowledged photo outlives a power cut at any moment, and the test would notice if not."""

import random
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pysqlite3.dbapi2
import pytest
from registry import power_cut
from registry.samples import item, photo
from registry.uploader import FAULTS, HARMLESS, TESTS, command

from evidence.errors import EvidenceError, NotFoundError
from evidence.registry.registry import Registry

PHOTOS = 3
TELLING = {"fsync", "fdatasync", "link", "rename", "unlink"}  # a cut after one shows something new
PIECES = 10  # and after every so many writes

pytestmark = pytest.mark.skipif(
    shutil.which("strace") is None,
    reason="strace is not installed: the power cut is worked out from the system calls",
)


def uploads(tmp_path: Path, fault: str) -> Iterator[tuple[str, power_cut.Disk]]:
    """Record an upload of some photos, and yield the disk after each call that tells something."""
    disk, trace = tmp_path / "disk", tmp_path / "trace"
    disk.mkdir()
    upload = [*power_cut.strace(trace), *command(disk / "home", 7, PHOTOS, fault)]
    subprocess.run(upload, cwd=TESTS, check=True, capture_output=True)
    replayed = power_cut.Disk(disk)
    for number, (call, arguments, result) in enumerate(power_cut.calls(trace)):
        before = len(replayed.acknowledged)
        replayed.apply(call, arguments, result)
        told = call in TELLING or len(replayed.acknowledged) > before
        if told or (call == "pwrite64" and number % PIECES == 0):
            yield call, replayed
    assert len(replayed.acknowledged) == PHOTOS


@pytest.fixture
def after(tmp_path):
    """Return where to lay out a disk after the cut: in memory if we can, it is read only once."""
    memory = Path("/dev/shm")  # noqa: S108
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else tmp_path) as directory:
        yield Path(directory) / "disk"


def cuts(tmp_path: Path, after: Path, fault: str) -> Iterator[list[str]]:
    """Cut the power at each moment, and yield what is wrong with each disk that this may leave."""
    chance = random.Random(11)  # noqa: S311
    for call, disk in uploads(tmp_path, fault):
        for more in (None, chance):
            disk.cut(after, more)
            yield [f"after {call}: {loss}" for loss in losses(after / "home", disk.acknowledged)]
            shutil.rmtree(after)


def losses(home: Path, acknowledged: list[str]) -> list[str]:
    """Open the home after the cut, and tell what was lost or is half there."""
    try:
        registry = Registry.open(home)
    except EvidenceError as error:
        return [f"does not open: {error!r}"]
    with closing(registry):
        shown = []
        with suppress(NotFoundError):
            shown = [kept.photo_id for kept in registry.item_photos("item")]
        found = [f"{photo_id} lost" for photo_id in acknowledged if photo_id not in shown]
        for photo_id in shown:
            try:
                start = registry.original(photo_id)[:500]
                if registry.reading(photo_id) != b"reading of " + start:
                    found.append(f"{photo_id} has another reading")
            except EvidenceError as error:
                found.append(repr(error))
        registry.put_item(item())
        if not registry.add_item_photo("item", photo(b"next"), b"next", b"r"):
            found.append("the next photo is there already")
    with closing(pysqlite3.dbapi2.connect(home / "evidence.sqlite3")) as connection:
        [(integrity,)] = connection.execute("PRAGMA integrity_check")
    return found if integrity == "ok" else [*found, integrity]


@pytest.mark.torture
@pytest.mark.parametrize("fault", sorted(HARMLESS))
def test_no_cut_loses_or_halves_a_photo(tmp_path, after, fault):
    each = list(cuts(tmp_path, after, fault))
    assert [loss for found in each for loss in found] == []
    assert len(each) > 80, "the trace should have had more moments to cut at"


@pytest.mark.torture
@pytest.mark.parametrize("fault", sorted(FAULTS))
def test_a_store_that_leaves_a_step_out_is_caught(tmp_path, after, fault):
    first = next((found for found in cuts(tmp_path, after, fault) if found), [])
    assert any("lost" in loss or "original" in loss for loss in first), first
