"""A service, and photos for it, for the tests of its doors."""

import hashlib
import io
import json
import os
import pickle
import signal
import subprocess
import sys
import urllib.error
import urllib.request
import uuid
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import clusters
import numpy as np
import stores
from PIL import Image

from evidence.policy.document import packaged_documents
from evidence.registry.log_key import KEY_FILE
from evidence.registry.registry import Registry
from evidence.service.parts import Service
from evidence.settings import Settings, SignInSettings
from evidence.workers import Unfinished, Workers

ON_CLUSTER = os.environ.get("EVIDENCE_TESTS_EXECUTOR") == "dask"
ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"
NOW = datetime(2025, 3, 10, 9, tzinfo=UTC)
PATIENT = Settings()
CHEAP = SignInSettings(hash_passes=1, hash_memory=8, hash_lanes=1)  # the least Argon2 takes
PATIENT = replace(PATIENT, limits=replace(PATIENT.limits, seconds=60.0))  # others use the cores too


@cache
def photo(seed: int = 0, form: str = "JPEG") -> bytes:
    """Return a photo of a card with random artwork on a plain table."""
    rng = np.random.default_rng(seed)
    table = np.full((560, 440, 3), 210, np.uint8)
    blocks = rng.integers(0, 255, (22, 16, 3), np.uint8)
    card = Image.fromarray(blocks).resize((315, 440), Image.Resampling.BICUBIC)
    table[60:500, 60:375] = np.asarray(card)
    file = io.BytesIO()
    Image.fromarray(table).save(file, form)
    return file.getvalue()


def open_workers(*, count, waiting, memory, modules=()):
    """Return workers of our own, or the cluster that EVIDENCE_TESTS_EXECUTOR=dask asks for."""
    if not ON_CLUSTER:
        return Workers(count=count, waiting=waiting, memory=memory, modules=modules)
    return clusters.join(clusters.of_this_session(), count=count, waiting=waiting)


class Remembering:
    """Workers that run the same work once: all that they run is pure, so its result is the same.

    What is kept is what came through the pipe, and each caller gets a copy of its own, as there.
    """

    def __init__(self, workers: Workers) -> None:
        self._workers = workers
        self._kept: dict[bytes, bytes] = {}

    def __getattr__(self, name):
        return getattr(self._workers, name)

    def run(self, function, *args, seconds):
        work = pickle.dumps((function.__module__, function.__qualname__, args))
        key = hashlib.sha256(work).digest()
        if key not in self._kept:
            result = self._workers.run(function, *args, seconds=seconds)
            if isinstance(result, Unfinished):
                return result
            self._kept[key] = pickle.dumps(result)
        return pickle.loads(self._kept[key])  # noqa: S301


@cache
def _new_home() -> dict[str, bytes]:
    """Return the files that a first start makes; the tables of each test need no making anew.

    All but the log's key: each home has its own.
    """
    with TemporaryDirectory() as home:
        Registry.open(Path(home)).close()
        files = {path.name: path.read_bytes() for path in Path(home).iterdir() if path.is_file()}
        del files[KEY_FILE]
        return files


def open_registry(home: Path, **options) -> Registry:
    """Open a registry; a new one stands where its first start would have left it."""
    if not (home.exists() or stores.ON_SERVERS):
        home.mkdir(mode=0o700, parents=True)
        for name, data in _new_home().items():
            (home / name).write_bytes(data)
            (home / name).chmod(0o600)
    return Registry.open(home, stores=stores.stores_of(home), **options)


def open_service(home: Path, workers, settings=PATIENT) -> Service:
    """Return a service on workers that several tests share; its clock stands still."""
    documents = tuple(packaged_documents())
    return Service(open_registry(home), workers, settings, documents, Clock())


@dataclass
class Clock:
    """Stands still until a test puts it on."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Served:
    """A service in a process of its own."""

    process: subprocess.Popen
    url: str
    key: str
    lines: list[str]

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def call(self, method, path, body=None, *, fields=None, files=None, key="", headers=None):
        """Return (status, JSON, headers); an answer that never came raises OSError."""
        headers = {"Authorization": f"Bearer {key or self.key}", **(headers or {})}
        data = None
        if files is not None:
            data, headers["Content-Type"] = form(fields or {}, files)
        elif body is not None:
            data, headers["Content-Type"] = json.dumps(body).encode(), "application/json"
        request = urllib.request.Request(  # noqa: S310
            self.url + path, data=data, method=method, headers=headers
        )
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:  # noqa: S310
                return answer.status, json.loads(answer.read()), answer.headers
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.loads(error.read()), error.headers


def form(fields: dict[str, str], files: dict[str, bytes]) -> tuple[bytes, str]:
    """Return a multipart body and its content type."""
    boundary = uuid.uuid4().hex
    parts = [(f'name="{name}"', value.encode()) for name, value in fields.items()]
    parts += [(f'name="{name}"; filename="x.jpg"', data) for name, data in files.items()]
    body = b"".join(
        f"--{boundary}\r\nContent-Disposition: form-data; {head}\r\n\r\n".encode() + data + b"\r\n"
        for head, data in parts
    )
    return body + f"--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"


def environment(home: Path) -> dict[str, str]:
    """Return this process's environment without the settings of somebody's own service."""
    others = {name: value for name, value in os.environ.items() if "EVIDENCE_" not in name}
    elsewhere = str(home.with_name(f"{home.name} checkpoints"))
    ours = {"EVIDENCE_HOME": str(home), "EVIDENCE_CHECKPOINTS": elsewhere}
    if ON_CLUSTER:
        ours["EVIDENCE_EXECUTOR"] = clusters.of_this_session()
    ours |= stores.settings_of(stores.stores_of(home))
    return {**others, **ours, "EVIDENCE_DRAIN_SECONDS": "0"}


@contextmanager
def served(home: Path, *, errors: Path | None = None, **settings: str):
    """Run ``evidence serve`` on a free port; the block gets it, then it is stopped.

    What it logs goes to the file ``errors``, if one is given.
    """
    log = None if errors is None else errors.open("w")
    process = subprocess.Popen(
        [sys.executable, "-m", "evidence", "serve", "--port", "0"],
        stderr=log,
        cwd=ROOT,
        env=environment(home) | settings,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            lines, key = [], settings.get("EVIDENCE_API_KEY", "")
            for line in process.stdout:
                lines.append(line)
                if "API key" in line:
                    key = line.split()[-1]
                if "http://" in line:
                    break
            url = next(word for word in lines[-1].split() if word.startswith("http://"))
            yield Served(process, url, key, lines)
        finally:
            process.kill()
            if log is not None:
                log.close()
