"""A folder imported for real: by the use case, and by the command, which is ended in the middle."""

import csv
import signal
import subprocess
import sys
from collections import Counter
from contextlib import closing
from dataclasses import replace
from threading import Event

import pytest
import running
from test_cli import run
from test_service import ITEM, Watched

from evidence.bulk.importing import import_photos
from evidence.errors import QueueFullError
from evidence.service.items import register_item, seal_item

HEAD = "item_id,order_id,sku,title,kind,amount,currency"


@pytest.fixture(scope="module")
def workers():
    workers = running.open_workers(
        count=1,
        waiting=8,
        memory=running.PATIENT.limits.worker_memory,
        modules=["evidence.photo.reading"],
    )
    with closing(workers):
        yield workers


@pytest.fixture
def service(tmp_path, workers):
    service = running.open_service(tmp_path / "home", Watched(workers))
    for item_id in ("item-1", "sealed"):
        register_item(service, replace(ITEM, item_id=item_id, kind="other"))
    yield service
    service.registry.close()


def lay(folder, *names, start=0):
    """Lay down a photo under each name, each another one."""
    for seed, name in enumerate(names, start):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(running.photo(seed))
    return folder


def outcomes(service, folder, **options):
    found = list(import_photos(service, folder, stop=Event(), **options))
    return {one.file.name: one.outcome for one in found}


def test_each_photo_goes_the_way_of_an_upload_and_the_second_time_nothing_is_done(
    service, tmp_path
):
    folder = lay(tmp_path / "shop", "item-1/front.jpg", "item-1/back-2.jpg")
    (folder / "item-1" / "copy.jpg").write_bytes(running.photo(0))
    first = outcomes(service, folder, actor="me")
    assert Counter(first.values()) == {"added": 2, "there before": 1}
    kept = service.registry.item_photos("item-1")
    assert {photo.view for photo in kept} == {"front", "back"}
    events, asked = service.registry.events(after=0, limit=100), list(service.workers.asked)
    added = [event for event in events if event.kind == "item.photo_added"]
    assert [event.actor for event in added] == ["me", "me"]
    assert set(outcomes(service, folder).values()) == {"there before"}
    assert service.registry.events(after=0, limit=100) == events
    assert service.workers.asked == asked
    assert service.registry.item_photos("item-1") == kept


def test_what_cannot_be_kept_says_why_and_the_others_are_kept(service, tmp_path):
    folder = lay(tmp_path / "shop", "sealed/front.jpg", "item-1/front.jpg", "nobody/front.jpg")
    assert outcomes(service, folder)["sealed/front.jpg"] == "added"
    seal_item(service, "sealed")
    lay(folder, "sealed/back.jpg", start=7)
    (folder / "item-1" / "notes.txt").write_text("no photo")
    (folder / "item-1" / "large.jpg").write_bytes(b"\xff\xd8")
    with (folder / "item-1" / "large.jpg").open("r+b") as file:
        file.truncate(service.settings.limits.max_bytes + 1)
    assert outcomes(service, folder) == {
        "sealed/front.jpg": "there before",
        "sealed/back.jpg": "item sealed",
        "item-1/front.jpg": "there before",
        "item-1/notes.txt": "refused",
        "item-1/large.jpg": "refused",
        "nobody/front.jpg": "item unknown",
    }
    reasons = {one.file.name: one.reason for one in import_photos(service, folder, stop=Event())}
    assert "MB" in reasons["item-1/large.jpg"]  # told by its size, without a worker
    assert "JPEG" in reasons["item-1/notes.txt"]


def test_a_dry_run_says_what_would_be_tried_and_asks_no_worker(service, tmp_path):
    folder = lay(tmp_path / "shop", "item-1/front.jpg", "new/front.jpg", "nobody/front.jpg")
    before = lay(tmp_path / "other", "sealed/front.jpg")
    outcomes(service, before)
    seal_item(service, "sealed")
    asked = list(service.workers.asked)
    lay(folder, "sealed/back.jpg", start=9)
    assert outcomes(service, folder, pretend={"new"}) == {
        "item-1/front.jpg": "to be tried",
        "new/front.jpg": "to be tried",
        "nobody/front.jpg": "item unknown",
        "sealed/back.jpg": "item sealed",
    }
    assert service.workers.asked == asked
    assert service.registry.item_photos("item-1") == []


class Crowded:
    """Workers that are taken at first."""

    def __init__(self, workers, refusals):
        self._workers, self.count, self.left = workers, workers.count, refusals

    def run(self, function, *args, seconds):
        if self.left:
            self.left -= 1
            error = QueueFullError("full")
            error.wait = 0
            raise error
        return self._workers.run(function, *args, seconds=seconds)


def test_who_finds_the_workers_taken_waits_and_tries_again(service, tmp_path):
    crowded = replace(service, workers=Crowded(service.workers, 5))
    folder = lay(tmp_path / "shop", "item-1/front.jpg")
    assert outcomes(crowded, folder) == {"item-1/front.jpg": "added"}
    assert crowded.workers.left == 0


def test_the_command_registers_imports_and_reports(tmp_path):
    folder = lay(tmp_path / "shop", "item-1/front.jpg", "item-2/back.jpg")
    rows = "".join(f"\n{name},o,s,t,card,1,JPY" for name in ("item-1", "item-2"))
    (folder / "items.csv").write_text(HEAD + rows)
    report = tmp_path / "report.csv"
    done = run(tmp_path, "import", folder, "--report", report)
    assert done.returncode == 0, done.stderr
    assert "2 added" in done.stdout
    with report.open(newline="") as file:
        told = {row["path"]: row for row in csv.DictReader(file)}
    assert {path: row["outcome"] for path, row in told.items()} == {
        "item-1/front.jpg": "added",
        "item-2/back.jpg": "added",
    }
    (folder / "items.csv").write_text(HEAD + "\nitem-1,o,s,t,nonsense,1,JPY")
    assert run(tmp_path, "import", folder).returncode == 1
    empty = run(tmp_path, "import", tmp_path / "home" / "incoming")
    assert (empty.returncode, empty.stderr.count("\n")) == (2, 1)


@pytest.mark.torture
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_run_that_is_ended_in_the_middle_goes_on_and_loses_and_doubles_nothing(tmp_path, number):
    names = [f"item-{n // 4}/{view}-{n}.jpg" for n, view in enumerate(["front", "back"] * 12)]
    folder, report = lay(tmp_path / "shop", *names), tmp_path / "report.csv"
    rows = "".join(f"\nitem-{n},o,s,t,card,1,JPY" for n in range(6))
    (folder / "items.csv").write_text(HEAD + rows)
    command = [sys.executable, "-m", "evidence", "import", folder, "--report", report]
    with subprocess.Popen(
        command,
        cwd=running.ROOT,
        env=running.environment(tmp_path / "home") | {"EVIDENCE_WORKERS": "1"},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        for _ in range(6000):
            if report.exists() and report.read_text().count("added") >= 3:
                break
            assert process.poll() is None
            Event().wait(0.01)
        process.send_signal(number)
        said = process.communicate(timeout=60)[0]
    with report.open(newline="") as file:
        told = [row["photo_id"] for row in csv.DictReader(file) if row["outcome"] == "added"]
    assert 3 <= len(told) < len(names)
    if number != signal.SIGKILL:
        assert process.returncode == 1
        assert "Go on with: evidence import" in said
    with closing(running.open_registry(tmp_path / "home")) as registry:
        kept = {p.photo_id for n in range(6) for p in registry.item_photos(f"item-{n}")}
        assert set(told) <= kept
        if number != signal.SIGKILL:
            assert set(told) == kept
    done = run(tmp_path, "import", folder)
    assert done.returncode == 0, done.stderr
    assert f"{len(names) - len(kept)} added, {len(kept)} there before" in done.stdout
    with closing(running.open_registry(tmp_path / "home")) as registry:
        kept = [p.photo_id for n in range(6) for p in registry.item_photos(f"item-{n}")]
        assert len(kept) == len(set(kept)) == len(names)
        for photo_id in kept:
            registry.confirm(photo_id)
