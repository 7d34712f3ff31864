"""Workers of a cluster are killed under load, the scheduler too: nothing is lost or doubled."""

import hashlib
import itertools
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass, field

import clusters
import pytest
import running
from reliability.calls import ITEM
from sqlalchemy import func, select

from evidence.comparison.compare import compare
from evidence.registry.tables import comparisons
from evidence.service.comparisons import _VERDICT, _on_readings, comparison_key
from evidence.service.uploads import _read
from evidence.settings import Settings

SECONDS = 60.0
EVERY = 10.0  # seconds between two kills of a worker
CLIENTS = 3
CHECKED = 4  # comparisons that are made again here


@dataclass
class Load:
    """What clients asked for, each again until it was answered, and what came back."""

    service: running.Served
    numbers: itertools.count = field(default_factory=lambda: itertools.count(1))
    pairs: list[tuple[bytes, bytes]] = field(default_factory=list)
    again: list[int] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)

    def insist(self, path, fields, files):
        """Send until there is an answer that is none of "later"; return its status."""
        headers = {"Idempotency-Key": hashlib.sha256(b"".join(files.values())).hexdigest()}
        until = time.monotonic() + 180
        while time.monotonic() < until:
            status, told, sent = self.service.call(
                "POST", path, fields=fields, files=files, headers=headers
            )
            if status not in (429, 503):
                assert status in (200, 201), told
                return
            self.again.append(status)
            time.sleep(int(sent["Retry-After"]))
        raise AssertionError("it never came through")

    def go_on(self):
        """Upload a photo and compare it with another one, over and over."""
        while not self.ended.is_set():
            number = next(self.numbers)
            one, other = running.photo(2 * number), running.photo(2 * number + 1)
            self.insist("/v1/items/item-1/photos", {"view": "front"}, {"file": one})
            self.insist("/v1/comparisons", {}, {"reference": one, "query": other})
            self.pairs.append((one, other))


def kill_in_turn(scheduler, parts, until):
    """Kill a worker every so often and start another, and once the scheduler; count them."""
    address, kills, due = scheduler.address, 0, time.monotonic()
    waiting = [parts.enter_context(clusters.worker(address)) for _ in range(2)]
    while time.monotonic() < until:
        due += EVERY
        time.sleep(max(0.0, due - time.monotonic()))
        waiting.pop(0).kill()
        kills += 1
        if kills == 3:
            scheduler.kill()
            port = int(address.rpartition(":")[2])
            parts.enter_context(clusters.scheduler(port))
        waiting.append(parts.enter_context(clusters.worker(address)))
    return kills


@pytest.mark.torture
def test_killing_its_parts_loses_and_doubles_nothing(tmp_path, record_property):
    home = tmp_path / "home"
    with ExitStack() as parts:
        scheduler = parts.enter_context(clusters.scheduler())
        settings = {"EVIDENCE_EXECUTOR": scheduler.address, "EVIDENCE_API_KEY": "k"}
        service = parts.enter_context(running.served(home, **settings))
        assert service.call("PUT", "/v1/items/item-1", ITEM | {"kind": "card"})[0] == 201
        load = Load(service)
        with ThreadPoolExecutor(CLIENTS) as threads:
            going = [threads.submit(load.go_on) for _ in range(CLIENTS)]
            kills = kill_in_turn(scheduler, parts, time.monotonic() + SECONDS)
            load.ended.set()
            for one in going:
                one.result()
    with closing(running.open_registry(home)) as registry:
        kinds = [event.kind for event in registry.events(after=0, limit=10_000)]
        assert kinds.count("item.photo_added") == len(load.pairs)
        assert len(registry.item_photos("item-1")) == len(load.pairs)
        with registry.reading_rows() as rows:
            assert rows.scalar(select(func.count()).select_from(comparisons)) == len(load.pairs)
        for pair in load.pairs[:: max(1, len(load.pairs) // CHECKED)]:
            one, other = (_read(data, Settings(), None, "card") for data in pair)
            digests = (hashlib.sha256(reading).hexdigest() for reading in (one, other))
            body = registry.comparison(comparison_key(*digests, Settings()))
            verdict = _on_readings(compare, one, other, Settings())
            assert body == _VERDICT.dump_json(verdict).decode()
    record_property(
        "measured",
        f"{len(load.pairs)} photos kept and compared beside {kills} killed workers and a killed "
        f"scheduler; {len(load.again)} requests were told to come again; 0 lost, 0 twice",
    )
    assert len(load.pairs) > CHECKED
