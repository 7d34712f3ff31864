"""``python -m bench.hostile [FOLDER]``: what shutting in costs, and whom hostile callers hurt.

FOLDER holds files that are uploaded one after another while an ordinary client goes on. Its times
are held against those beside ordinary photos that are uploaded one after another: half of the
workers are busy then too.
"""

import http.client
import io
import itertools
import multiprocessing
import os
import socket
import statistics
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory

import cv2
import numpy as np
from PIL import Image

from evidence.photo.decode import decode_photo
from evidence.sandbox import shut_in
from evidence.settings import Settings
from evidence.workers import Workers

LIMITS = Settings().limits
STALLED, ASKED = 1000, 200
ORDINARY = 40  # photos that an ordinary client uploads, each another one
ITEM = b"""{"order_id": "o", "sku": "s", "title": "t", "kind": "card",
"declared_value": {"amount": "1", "currency": "JPY"}}"""


def picture(seed: int, width: int = 1200, height: int = 1600) -> bytes:
    """Return a JPEG of soft blocks, another for each seed."""
    rng, file = np.random.default_rng(seed), io.BytesIO()
    blocks = Image.fromarray(rng.integers(0, 255, (32, 24, 3), np.uint8))
    blocks.resize((width, height), Image.Resampling.BICUBIC).save(file, "JPEG", quality=90)
    return file.getvalue()


def decode_often(data: bytes, times: int) -> list[float]:
    """Return the seconds of processor time of each decoding: others use the machine too."""
    taken = []
    for _ in range(times):
        start = time.process_time()
        decode_photo(data, side=1600, limits=LIMITS)
        taken.append(time.process_time() - start)
    return taken


def measure_isolation() -> None:
    """Print what the locks cost a photo of 12 megapixels, and how soon a killed worker is back."""
    data, context = picture(0, 3000, 4000), multiprocessing.get_context("fork")
    times: dict[bool, list[float]] = {False: [], True: []}
    ends = {}
    for shut in times:
        ends[shut], other = context.Pipe()
        context.Process(target=_decode_on_demand, args=(other, data, shut), daemon=True).start()
    for _, shut in itertools.product(range(30), times):  # in turn, since others use the machine
        ends[shut].send(1)
        times[shut] += ends[shut].recv()
    ratio = statistics.median(times[True]) / statistics.median(times[False])
    back = []
    workers = Workers(
        count=1, waiting=0, memory=LIMITS.worker_memory, modules=["evidence.photo.decode"]
    )
    with closing(workers):
        for _ in range(5):
            workers.run(time.sleep, 60, seconds=0.2)  # killed
            start = time.perf_counter()
            workers.run(time.sleep, 0, seconds=60)
            back.append(time.perf_counter() - start)
    print(f"decoding shut in: {ratio:.2f} x of the processor time of decoding free")
    print(f"a killed worker is back after {max(back):.2f} s at most")


def _decode_on_demand(end: Connection, data: bytes, shut: bool) -> None:
    cv2.setNumThreads(1)  # as in a worker
    decode_often(data, 2)
    if shut:
        shut_in()
    while True:
        end.send(decode_often(data, end.recv()))


@contextmanager
def serving() -> Iterator[tuple[int, int]]:
    """Run ``evidence serve``; the block gets its port and its process id."""
    command = [sys.executable, "-m", "evidence", "serve", "--port", "0"]
    with TemporaryDirectory() as home:
        environment = os.environ | {"EVIDENCE_HOME": home, "EVIDENCE_API_KEY": "k"}
        with subprocess.Popen(  # noqa: S603
            command, env=environment, stdout=subprocess.PIPE, text=True
        ) as process:
            try:
                line = next(line for line in process.stdout or () if "http://" in line)
                port = int(line.split("http://")[1].split()[0].rpartition(":")[2])
                put(port)
                yield port, process.pid
            finally:
                process.terminate()


def put(port: int) -> None:
    """Register the item that photos are hung on."""
    headers = {"Authorization": "Bearer k", "Content-Type": "application/json"}
    caller = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    with closing(caller):
        caller.request("PUT", "/v1/items/item", ITEM, headers)
        caller.getresponse().read()


def upload(port: int, data: bytes) -> int:
    """Return the status of an upload."""
    edge = uuid.uuid4().hex
    head = f'--{edge}\r\nContent-Disposition: form-data; name="view"\r\n\r\nother\r\n--{edge}\r\n'
    head += 'Content-Disposition: form-data; name="file"; filename="x"\r\n\r\n'
    body = head.encode() + data + f"\r\n--{edge}--\r\n".encode()
    headers = {"Authorization": "Bearer k", "Content-Type": f"multipart/form-data; boundary={edge}"}
    caller = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    with closing(caller):
        caller.request("POST", "/v1/items/item/photos", body, headers)
        return caller.getresponse().status


def p95(times: list[float]) -> float:
    """Return the 95th percentile."""
    return float(np.percentile(times, 95))


def measure_stalled() -> None:
    """Print how soon /healthz answers while connections stall, with no head and with half."""
    with serving() as (port, _), ExitStack() as opened:
        calm = _ask(port)
        for number in range(STALLED):
            caller = opened.enter_context(socket.create_connection(("127.0.0.1", port)))
            caller.sendall(b"POST /v1/items/item/photos HTTP/1.1\r\nHost: x\r\n" * (number % 2))
        beside = _ask(port)
    print(f"/healthz, p95: {1000 * calm:.1f} ms; beside {STALLED} stalled: {1000 * beside:.1f} ms")


def _ask(port: int) -> float:
    times = []
    for _ in range(ASKED):
        start = time.perf_counter()
        caller = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        with closing(caller):
            caller.request("GET", "/healthz")
            answer = caller.getresponse()
            answer.read()
        if answer.status != http.client.OK:
            raise RuntimeError(f"/healthz answered {answer.status}")
        times.append(time.perf_counter() - start)
    return p95(times)


def measure_neighbours(files: list[bytes]) -> None:
    """Print an ordinary client's times beside hostile uploads, and the service's memory."""
    with serving() as (port, process):
        seeds = itertools.count(1)
        upload(port, picture(0))
        alone = _client(port, seeds, iter(()))
        ordinary = (picture(seed) for seed in itertools.count(10_000))
        beside = _client(port, seeds, ordinary)
        before = _memory(process)
        hostile = _client(port, seeds, itertools.cycle(files))
        for data in files:
            upload(port, data)
        print(
            f"an upload, p95: {alone:.2f} s alone; {beside / alone:.2f} x beside ordinary ones; "
            f"{hostile / alone:.2f} x beside hostile ones; memory {_memory(process) - before:+d} MB"
        )


def _client(port: int, seeds: Iterator[int], others: Iterable[bytes]) -> float:
    """Upload ordinary photos beside the others; return the 95th percentile, in seconds."""
    stop = threading.Event()

    def go_on() -> None:
        for data in others:
            if stop.is_set():
                break
            upload(port, data)

    thread, times = threading.Thread(target=go_on), []
    thread.start()
    for seed in itertools.islice(seeds, ORDINARY):
        data = picture(seed)
        start = time.perf_counter()
        upload(port, data)
        times.append(time.perf_counter() - start)
    stop.set()
    thread.join()
    return p95(times)


def _memory(process: int) -> int:
    """Return the resident megabytes of a process."""
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) // 1024


if __name__ == "__main__":
    measure_isolation()
    measure_stalled()
    for folder in map(Path, sys.argv[1:]):
        measure_neighbours(
            [path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()]
        )
