"""kill -9 again and again under uploading clients: nothing acknowledged is lost or altered."""

import hashlib
import itertools
import os
import random
import threading
import time
from contextlib import closing
from http.client import HTTPException
from pathlib import Path

import pytest
import running
from reliability.calls import ITEM, upload_to

KILLS = 100
CLIENTS = 4
LONGEST = 0.3  # seconds from a few acknowledged photos to the kill, each time another
BACK = 5.0  # seconds, as promised
GONE = 10.0  # seconds for the workers to notice; it takes them far less

pytestmark = pytest.mark.torture


def processes_of(home):
    """Return the ids of all processes that were started for this home."""
    mark, found = f"EVIDENCE_HOME={home}\0".encode(), []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (process / "environ").read_bytes():
                found.append(int(process.name))
        except OSError:  # it ended, or is not ours
            continue
    return found


def left_behind(home):
    """Return the processes that are still there after all the time they may take to end."""
    end = time.monotonic() + GONE
    while (found := processes_of(home)) and time.monotonic() < end:
        time.sleep(0.05)
    return found


class Clients:
    """Upload photos that nobody has seen before, until the service is gone."""

    def __init__(self):
        self.acknowledged, self.others = set(), []
        self._seeds, self._enough = itertools.count(), threading.Semaphore(0)

    def upload_until(self, service, kill):
        self._enough = threading.Semaphore(0)
        clients = [threading.Thread(target=self._upload, args=[service]) for _ in range(CLIENTS)]
        for client in clients:
            client.start()
        for _ in range(CLIENTS):
            assert self._enough.acquire(timeout=120)
        kill()
        for client in clients:
            client.join(120)
            assert not client.is_alive()

    def _upload(self, service):
        while True:
            data = running.photo.__wrapped__(next(self._seeds))
            try:
                status, answer, _ = upload_to(service, "item-1", data)
            except (OSError, HTTPException):  # killed, perhaps in the middle of an answer
                return
            if (status, answer.get("photo_id")) == (201, hashlib.sha256(data).hexdigest()):
                self.acknowledged.add(answer["photo_id"])
                self._enough.release()
            else:
                self.others.append((status, answer))


def test_nothing_acknowledged_is_lost_and_the_service_is_back_soon(tmp_path, record_property):
    home, chance, clients, back = tmp_path / "home", random.Random(3), Clients(), []  # noqa: S311
    settings = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(tmp_path / "bytecode")}
    settings |= {"EVIDENCE_API_KEY": "k", "EVIDENCE_SECONDS": "60"}  # others use the cores too
    for _ in range(KILLS + 1):  # the last one is to look at the rest
        began = time.monotonic()
        with running.served(home, **settings) as service:
            if not clients.acknowledged:
                assert service.call("PUT", "/v1/items/item-1", ITEM)[0] == 201
            status, item, _ = service.call("GET", "/v1/items/item-1")
            back.append(time.monotonic() - began)
            assert status == 200
            shown = {photo["photo_id"] for photo in item["photos"]}
            assert clients.acknowledged <= shown

            def kill(service=service):
                time.sleep(chance.uniform(0, LONGEST))
                service.kill()

            if len(back) <= KILLS:
                clients.upload_until(service, kill)
        assert left_behind(home) == []
    assert clients.others == []
    with closing(running.open_registry(home)) as registry:
        assert not list((home / "incoming").iterdir())
        for photo_id in shown:
            assert hashlib.sha256(registry.original(photo_id)).hexdigest() == photo_id
            registry.reading(photo_id)
    again = sorted(back[1:])
    told = f"{KILLS} kills: {len(clients.acknowledged)} photos, 0 lost, 0 altered"
    slow = f"back in {again[len(again) // 2]:.1f} s (median), {again[-1]:.1f} s at most"
    load = os.getloadavg()[0]
    record_property("measured", f"{told}; {slow}, load {load:.0f} on {os.cpu_count()} cores")
    if load <= os.cpu_count() + CLIENTS:  # else others took the machine, and it says nothing
        assert again[-1] <= BACK
