"""The service as a process: it starts, tells its key once, is killed, and loses nothing."""

import asyncio
import hashlib
import itertools
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPException

import pytest
import running
from stores import ON_SERVERS, copy_home, move_home

from api.server import bind
from evidence.registry.checkpoint_file import CheckpointFile
from evidence.registry.checkpoints import open_checkpoint
from evidence.registry.signed_notes import read_verifier

CONTRACT = running.SHARED / "acceptance" / "contract.py"
ITEM = {
    "order_id": "order-1",
    "sku": "LIL-1",
    "title": "Liliana",
    "kind": "card",
    "declared_value": {"amount": "120000", "currency": "JPY"},
}


def test_the_first_start_shows_a_key_that_later_starts_know(tmp_path):
    with running.served(tmp_path / "home") as first:
        assert first.url.startswith("http://127.0.0.1:")  # unless told otherwise
        assert first.call("GET", "/v1/items/none")[0] == 404
        assert first.call("GET", "/v1/items/none", key="another")[0] == 401
    with running.served(tmp_path / "home") as second:
        assert not any("key" in line for line in second.lines)
        assert second.call("GET", "/v1/items/none", key=first.key)[0] == 404


@pytest.mark.torture  # in `make test` a service is stopped while it works
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ends_in_order_when_it_is_told_to(tmp_path, number):
    with running.served(tmp_path / "home", EVIDENCE_API_KEY="k") as service:
        service.call("PUT", "/v1/items/item-1", ITEM)
        fields, files = {"view": "front"}, {"file": running.photo()}
        assert service.call("POST", "/v1/items/item-1/photos", fields=fields, files=files)[0] == 201
        service.process.send_signal(number)
        assert service.process.wait(60) == 0


def test_a_service_that_stops_is_not_ready_first_and_ends_what_runs(tmp_path):
    with (
        running.served(tmp_path / "home", EVIDENCE_API_KEY="k", EVIDENCE_DRAIN_SECONDS="2") as one,
        ThreadPoolExecutor(1) as thread,
    ):
        assert one.call("GET", "/readyz")[0] == 200
        photos = {"reference": running.photo(), "query": running.photo(1)}
        asked = thread.submit(one.call, "POST", "/v1/comparisons", files=photos)  # takes seconds
        time.sleep(0.3)
        one.process.send_signal(signal.SIGTERM)
        time.sleep(0.3)
        status, problem, headers = one.call("GET", "/readyz")
        assert (status, problem["detail"]) == (503, "the service is stopping: turn to another one")
        assert (headers["Retry-After"], headers["Connection"]) == ("2", "close")
        assert one.call("GET", "/v1/items/none")[0] == 404
        assert asked.result()[0] == 201
        assert one.process.wait(60) == 0
        with pytest.raises(urllib.error.URLError, match="refused"):
            one.call("GET", "/readyz")


def test_the_log_is_signed_elsewhere_and_an_older_home_is_not_served(tmp_path):
    home, elsewhere = tmp_path / "home", tmp_path / "elsewhere"
    settings = {"EVIDENCE_CHECKPOINTS": str(elsewhere)}
    if not ON_SERVERS:  # there the key and its name are there before the first start
        settings["EVIDENCE_LOG_ORIGIN"] = "shop.example/log"
    for name in ("item-1", "item-2"):
        with running.served(home, EVIDENCE_API_KEY="k", **settings) as service:
            assert service.call("PUT", f"/v1/items/{name}", ITEM)[0] in (200, 201)
            assert service.call("GET", "/readyz")[1]["checkpoints"] == "written"
            service.process.send_signal(signal.SIGTERM)
            assert service.process.wait(60) == 0
        if name == "item-1":
            copy_home(home, tmp_path / "yesterday")
    last = CheckpointFile(elsewhere).last()
    with closing(running.open_registry(home)) as registry:
        assert open_checkpoint(last, read_verifier(registry.log_key())).size == registry.log_size()
        assert registry.check_log([elsewhere]).faults == ()
    move_home(tmp_path / "yesterday", home)
    ended = start(home, settings)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "an older copy of the home was put back" in ended.stderr
    assert ended.stderr.count("\n") == 1


def test_what_is_written_goes_out_at_once():
    """Else the body of an answer waits for the acknowledgement of its head, 40 ms."""

    async def is_set():
        with bind("127.0.0.1", 0) as listener:
            met = asyncio.get_running_loop().create_future()
            server = await asyncio.start_server(
                lambda _, writer: met.set_result(writer), sock=listener
            )
            _, caller = await asyncio.open_connection(*listener.getsockname())
            async with server:
                writer = await met
                ours = writer.get_extra_info("socket")
                found = ours.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
                for one in (writer, caller):
                    one.close()
                return found

    with ThreadPoolExecutor(1) as threads:  # a browser of other tests has a loop in this one
        assert threads.submit(lambda: asyncio.run(is_set())).result()


def start(home, settings):
    """Start a service that will not come up."""
    return subprocess.run(
        [sys.executable, "-m", "evidence", "serve", "--port", "0"],
        cwd=running.ROOT,
        env=running.environment(home) | settings,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"EVIDENCE_WORKERS": "none"}, "EVIDENCE_WORKERS"),
        pytest.param({"EVIDENCE_HOME": "/dev/null/home"}, "", marks=pytest.mark.torture),
        ({"EVIDENCE_HOST": "192.0.2.1"}, "cannot listen"),
        ({"EVIDENCE_LOG_KEY": "none"}, "EVIDENCE_LOG_KEY: a signing key begins with"),
        pytest.param(
            {"EVIDENCE_LOG_ORIGIN": "our shop"},
            "EVIDENCE_LOG_ORIGIN" if ON_SERVERS else "name",
            marks=pytest.mark.torture,
        ),
    ],
    ids=str,
)
def test_says_in_one_line_why_it_cannot_start(tmp_path, environment, said):
    ended = start(tmp_path / "home", environment)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert said in ended.stderr
    assert ended.stderr.count("\n") == 1


def test_a_port_that_is_taken_is_refused(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ended = subprocess.run(
            [sys.executable, "-m", "evidence", "serve", "--port", port],
            cwd=running.ROOT,
            env=running.environment(tmp_path / "home"),
            capture_output=True,
            text=True,
            check=False,
        )
    assert ended.returncode == 2
    assert ended.stderr.count("\n") == 1


@pytest.mark.torture
def test_no_acknowledged_photo_is_lost_when_the_service_is_killed(tmp_path):
    """Four clients upload while the service is killed again and again under them."""
    home, seeds, acknowledged = tmp_path / "home", itertools.count(), {}
    for _ in range(4):
        with running.served(home, EVIDENCE_API_KEY="k") as service:
            service.call("PUT", "/v1/items/item-1", ITEM)
            enough = threading.Semaphore(0)

            def upload(service=service, enough=enough):
                while True:
                    data = running.photo(next(seeds))
                    fields, files = {"view": "other"}, {"file": data}
                    try:
                        status, answer, _ = service.call(
                            "POST", "/v1/items/item-1/photos", fields=fields, files=files
                        )
                    except (OSError, HTTPException):  # killed, perhaps within an answer
                        return
                    assert status == 201
                    acknowledged[answer["photo_id"]] = data
                    enough.release()

            clients = [threading.Thread(target=upload) for _ in range(4)]
            for client in clients:
                client.start()
            for _ in range(4):
                assert enough.acquire(timeout=120)
            service.kill()
            for client in clients:
                client.join()
    with running.served(home, EVIDENCE_API_KEY="k") as service:
        _, item, _ = service.call("GET", "/v1/items/item-1")
        assert set(acknowledged) <= {photo["photo_id"] for photo in item["photos"]}
        data = next(iter(acknowledged.values()))
        fields, files = {"view": "other"}, {"file": data}
        assert service.call("POST", "/v1/items/item-1/photos", fields=fields, files=files)[0] == 200
    registry = running.open_registry(home)
    for photo in item["photos"]:  # also those whose answer was cut off
        data = registry.original(photo["photo_id"])
        assert hashlib.sha256(data).hexdigest() == photo["photo_id"]
        assert data == acknowledged.get(photo["photo_id"], data)
        registry.reading(photo["photo_id"])
    registry.close()


@pytest.mark.skipif(not CONTRACT.is_file(), reason=f"no acceptance test at {CONTRACT}")
def test_the_contract_holds_from_outside(tmp_path):
    with running.served(tmp_path / "home") as service:
        walked = subprocess.run(
            [sys.executable, CONTRACT, service.url, service.key],
            capture_output=True,
            text=True,
            check=False,
        )
    assert walked.returncode == 0, "\n".join(
        line for line in walked.stdout.splitlines() if not line.startswith("ok")
    )


def test_the_first_owner_comes_with_the_code_that_the_start_shows(tmp_path):
    facts = {"name": "Ada", "sign_in_name": "ada", "password": "nine cards in a wooden box"}
    with running.served(tmp_path / "home", EVIDENCE_SECURE_COOKIES="1") as service:
        line = service.process.stdout.readline()
        assert line.startswith(f"No owner yet: open {service.url}/sign-in with the code ")
        body = facts | {"code": line.split()[-1]}
        assert service.call("POST", "/v1/session/first-owner", facts | {"code": "x"})[0] == 422
        status, session, headers = service.call("POST", "/v1/session/first-owner", body)
        assert (status, session["staff"]["role"]) == (201, "owner")
        assert "; Secure" in headers["Set-Cookie"]
        assert service.call("POST", "/v1/session/demo", {"role": "owner"})[0] == 404
    with running.served(tmp_path / "home") as service:
        assert service.call("POST", "/v1/session/first-owner", body)[0] == 409
        status, _, headers = service.call(
            "POST", "/v1/session", {k: facts[k] for k in list(facts)[1:]}
        )
        assert (status, "Secure" in headers["Set-Cookie"]) == (201, False)
        service.kill()
        assert "No owner yet" not in service.process.stdout.read()  # no code is shown
