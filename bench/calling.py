"""``evidence serve`` in a process of its own, and a caller that costs little beside it."""

import http.client
import math
import os
import selectors
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urlsplit

KEY = "bench"
NO_LIMIT = "1000000000"
SETTINGS = {
    "EVIDENCE_API_KEY": KEY,
    "EVIDENCE_REQUESTS_A_MINUTE": NO_LIMIT,  # the quota of a key, 100 a second as it comes
    "EVIDENCE_PHOTOS_A_DAY": NO_LIMIT,
}
_PART = 65_536


@dataclass(frozen=True, slots=True)
class Answered:
    """What a caller got.

    Attributes:
        statuses: how often each came.
        seconds: from sending each request to its last byte, in the order of the answers.
        rate: answers a second of all connections together.
        served: processor seconds of the service for each.
        called: of the caller.
    """

    statuses: Mapping[int, int]
    seconds: Sequence[float]
    rate: float
    served: float
    called: float


@dataclass(frozen=True, slots=True)
class Served:
    """A module that serves; its address, and its process."""

    address: str
    pid: int

    def seconds(self) -> float:
        """Return the processor time that it has used so far."""
        words = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def serving(command: Sequence[str], **settings: str) -> Iterator[Served]:
    """Run a module that prints its address when it is ready."""
    with subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", *command],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=os.environ | settings,
        text=True,
    ) as process:
        try:
            words = (word for line in process.stdout or () for word in line.split())
            yield Served(next(one for one in words if one.startswith("http://")), process.pid)
        finally:
            process.kill()


@contextmanager
def serving_home(home: Path) -> Iterator[Served]:
    """Serve a home as it is served in earnest, but for a key's quota."""
    places = {"EVIDENCE_HOME": str(home), "EVIDENCE_CHECKPOINTS": str(home.parent / "checkpoints")}
    with serving(["evidence", "serve", "--port", "0"], **SETTINGS, **places) as served:
        yield served


def request(
    method: str,
    path: str,
    headers: Mapping[str, str] = MappingProxyType({}),
    body: bytes = b"",
    *,
    key: str = KEY,
) -> bytes:
    """Return a request as it goes over the wire."""
    told = {"Host": "bench", "Authorization": f"Bearer {key}", **headers}
    if body:
        told = {"Content-Type": "application/json", "Content-Length": str(len(body))} | told
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in told.items())]
    return "\r\n".join([*lines, "", ""]).encode() + body


def upload(path: str, data: bytes) -> bytes:
    """Return the request that adds a photo of the front."""
    edge = uuid.uuid4().hex
    start = f'--{edge}\r\nContent-Disposition: form-data; name="view"\r\n\r\nfront\r\n--{edge}\r\n'
    start += 'Content-Disposition: form-data; name="file"; filename="x.jpg"\r\n\r\n'
    body = start.encode() + data + f"\r\n--{edge}--\r\n".encode()
    return request("POST", path, {"Content-Type": f"multipart/form-data; boundary={edge}"}, body)


def ask(address: str, path: str) -> tuple[int, Mapping[str, str], bytes]:
    """Ask once, over a connection of its own; return status, headers and body."""
    place = urlsplit(address)
    connection = http.client.HTTPConnection(str(place.hostname), place.port, timeout=120)
    connection.request("GET", path, headers={"Authorization": f"Bearer {KEY}"})
    answer = connection.getresponse()
    data = answer.read()
    connection.close()
    return answer.status, dict(answer.headers), data


def call(
    to: Served,
    requests: Sequence[bytes],
    *,
    connections: int,
    seconds: float = math.inf,
    count: int = sys.maxsize,
) -> Answered:
    """Send requests in turn over connections that stay open, each as soon as it was answered.

    Args:
        to: the service.
        requests: whole ones, none of which is answered in chunks.
        connections: that wait for an answer at once.
        seconds: how long requests are sent.
        count: how many are, at most.
    """
    place = urlsplit(to.address)
    statuses: dict[int, int] = {}
    taken: list[float] = []
    began: dict[socket.socket, float] = {}
    parts: dict[socket.socket, bytes] = {}
    turns = cycle(requests)
    with selectors.DefaultSelector() as selector, ExitStack() as opened:

        def send(connection: socket.socket) -> None:
            began[connection], parts[connection] = time.perf_counter(), b""
            connection.sendall(next(turns))

        for _ in range(connections):
            one = opened.enter_context(socket.create_connection((place.hostname, place.port)))
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            selector.register(one, selectors.EVENT_READ)
            send(one)
        start, served, called = time.perf_counter(), to.seconds(), time.process_time()
        while time.perf_counter() - start < seconds and len(taken) < count:
            for key, _ in selector.select(1.0):
                one = key.fileobj  # type: ignore[assignment]
                parts[one] += _receive(one)
                status = _whole(parts[one])
                if status:
                    taken.append(time.perf_counter() - began[one])
                    statuses[status] = statuses.get(status, 0) + 1
                    send(one)
        return Answered(
            statuses,
            taken,
            rate=len(taken) / (time.perf_counter() - start),
            served=(to.seconds() - served) / len(taken),
            called=(time.process_time() - called) / len(taken),
        )


def _receive(connection: socket.socket) -> bytes:
    data = connection.recv(_PART)
    if not data:
        raise ConnectionError("the service closed the connection")
    return data


def _whole(answer: bytes) -> int:
    """Return the status of an answer that is there to its last byte, else 0."""
    head, end, body = answer.partition(b"\r\n\r\n")
    if not end:
        return 0
    length = 0
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    return int(head[9:12]) if len(body) >= length else 0
