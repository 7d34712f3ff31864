"""Slow and silent callers, against the server that ``evidence serve`` runs, with less patience."""

import socket
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from http.client import HTTPResponse, RemoteDisconnected

import pytest
import running

SERVE = """
import asyncio, sys
from api.connections import Patience
from api.server import bind, run

async def app(scope, receive, send):
    size, more = 0, True
    while more:
        got = await receive()
        if got["type"] == "http.disconnect":
            return
        size, more = size + len(got["body"]), got["more_body"]
    if scope["path"] == "/work":
        await asyncio.sleep(2.0)
    body = b"x" * 64_000_000 if scope["path"] == "/long" else b"%d" % size
    length = (b"content-length", b"%d" % len(body))
    await send({"type": "http.response.start", "status": 200, "headers": [length]})
    await send({"type": "http.response.body", "body": body})

head, silence, rate, courtesy, most = map(float, sys.argv[1:])
with bind("127.0.0.1", 0) as listener:
    print(listener.getsockname()[1], flush=True)
    patience = Patience(head=head, silence=silence, rate=rate, courtesy=courtesy)
    run(app, listener, max_connections=int(most), patience=patience)
"""
GET, POST = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"POST / HTTP/1.1\r\nHost: x\r\n"
WAITING = POST + b"Expect: 100-continue\r\n"  # the answer to it tells that the app is at it


@contextmanager
def serving(*, head=60.0, silence=60.0, rate=1000.0, courtesy=60.0, most=100):
    """Serve; the block gets a function that opens a connection, and closes them all."""
    told = map(str, (head, silence, rate, courtesy, most))
    command = [sys.executable, "-c", SERVE, *told]
    with (
        subprocess.Popen(command, cwd=running.ROOT, stdout=subprocess.PIPE, text=True) as process,
        ExitStack() as opened,
    ):
        try:
            port = int(process.stdout.readline())

            def connect(*sent):
                caller = socket.create_connection(("127.0.0.1", port), timeout=60)
                opened.enter_context(caller)
                for part in sent:
                    caller.sendall(part)
                return caller

            yield connect
        finally:
            process.kill()


def answer(caller):
    """Return one answer, b"" where the other side hung up."""
    reply = HTTPResponse(caller)
    try:
        reply.begin()
        return reply.status, reply.read()
    except (ConnectionResetError, RemoteDisconnected):
        return b""


def wait_for(happened):
    until = time.monotonic() + 60
    while not happened():
        assert time.monotonic() < until
        time.sleep(0.02)


def trickle(caller, data, pause):
    """Send byte by byte until the other side hangs up; return how many it took."""
    for count in range(len(data)):
        try:
            caller.sendall(data[count : count + 1])
        except OSError:
            return count
        time.sleep(pause)
    return len(data)


@pytest.mark.parametrize("sent", [b"", POST], ids=["nothing", "half a head"])
def test_who_sends_no_head_is_left(sent):
    with serving(head=0.3) as connect:
        assert answer(connect(sent)) == b""


def test_a_head_that_trickles_is_left():
    with serving(head=0.3) as connect:
        assert trickle(connect(), POST + b"X: " + b"x" * 2000, 0.01) < 2000


def test_a_body_that_never_comes_is_left():
    with serving(silence=0.3) as connect:
        assert answer(connect(POST + b"Content-Length: 9\r\n\r\nfour")) == b""


def test_a_body_that_trickles_is_left():
    with serving(silence=0.3) as connect:
        caller = connect(POST + b"Content-Length: 2000\r\n\r\n")
        assert trickle(caller, b"x" * 2000, 0.01) < 2000


def test_a_slow_body_with_gaps_passes():
    with serving(silence=5.0, rate=1000.0) as connect:
        caller = connect(POST + b"Content-Length: 8000\r\n\r\n")
        for _ in range(8):
            time.sleep(0.2)
            caller.sendall(b"x" * 1000)
        assert answer(caller) == (200, b"8000")


def test_who_does_not_take_the_answer_is_left():
    with serving(silence=0.5, most=1) as connect:
        caller = connect(GET.replace(b"/", b"/long", 1))
        assert caller.recv(1) == b"H"  # and no more
        wait_for(lambda: answer(connect(GET)) == (200, b"0"))  # 503 as long as the other is there


def test_nobody_is_hurried_while_we_work():
    with serving(head=0.3, silence=0.3) as connect:
        assert answer(connect(GET.replace(b"/", b"/work", 1))) == (200, b"0")


def test_the_one_that_was_silent_longest_makes_room():
    with serving(most=3) as connect:
        silent = [connect()]
        used = connect(GET)
        assert answer(used) == (200, b"0")
        silent.append(connect(POST))
        silent[1].sendall(b"X: y\r\n")
        assert answer(connect(GET)) == (200, b"0")
        assert answer(silent[0]) == b""
        silent[1].sendall(b"Content-Length: 0\r\n\r\n")  # the others go on
        assert answer(silent[1]) == (200, b"0")
        used.sendall(GET)
        assert answer(used) == (200, b"0")


def test_a_body_that_is_long_overdue_makes_room_too():
    with serving(most=2, courtesy=0.2) as connect:
        stalled = [connect(WAITING + b"Content-Length: 9\r\n\r\n") for _ in range(2)]
        for caller in stalled:
            assert caller.recv(100).startswith(b"HTTP/1.1 100 ")  # its request is under way
        wait_for(lambda: answer(connect(GET)) == (200, b"0"))
        assert answer(stalled[0]) == b""


def test_where_all_are_at_work_the_next_one_is_told_to_come_again():
    with serving(most=2) as connect:
        working = [connect(WAITING + b"Content-Length: 1\r\n\r\n") for _ in range(2)]
        for caller in working:
            assert caller.recv(100).startswith(b"HTTP/1.1 100 ")
        status, _ = answer(connect(GET))
        assert status == 503
        for caller in working:
            caller.sendall(b"x")
            assert answer(caller) == (200, b"1")


def test_a_thousand_silent_connections_keep_nobody_out(tmp_path):
    with (
        running.served(tmp_path / "home", EVIDENCE_API_KEY="k") as service,
        ExitStack() as opened,
    ):
        host, port = service.url.removeprefix("http://").split(":")
        for _ in range(1100):  # more than there may be at once
            opened.enter_context(socket.create_connection((host, int(port)), timeout=60))
        for _ in range(20):
            assert service.call("GET", "/healthz")[0] == 200
