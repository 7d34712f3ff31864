"""Serve the app over HTTP/1.1."""

import resource
import signal
import socket
import time
from functools import partial
from types import FrameType

import uvicorn
from fastapi import FastAPI

from api.connections import BoundedConnection, Patience

_HEADER_BYTES = 16_384  # h11 refuses a longer request head; ours have less than 1 kB
_KEEP_ALIVE = 15  # seconds that an idle connection stays open
_BACKLOG = 256  # connections that the kernel holds while we are busy
_STOP = 20  # seconds that requests have to end; with the default drain below Kubernetes' 30
_OTHER_FILES = 256  # beside connections: the database, originals, forms, the workers' pipes


def bind(host: str, port: int) -> socket.socket:
    """Take the address and let callers queue there; port 0 takes a free one.

    Raises:
        OSError: the address is taken, or is not ours.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # By its protocol's name asyncio knows it for TCP and sends what it has at once; else the body
    # of an answer waits 40 ms behind its head, for the other side's delayed acknowledgement.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(_BACKLOG)  # whoever calls before the app is ready waits
    except BaseException:
        listener.close()
        raise
    return listener


def address(listener: socket.socket) -> str:
    """Return the URL that the socket answers at."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class _DrainingServer(uvicorn.Server):
    """On SIGTERM says that it is not ready, goes on for a while, and only then takes no more."""

    def __init__(self, config: uvicorn.Config, app: FastAPI, drain: float) -> None:
        super().__init__(config)
        self._app, self._drain = app, drain
        self._stop_at: float | None = None

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to drain; a second signal, and Ctrl-C, stop at once."""
        if sig != signal.SIGTERM or self._stop_at is not None or not self._drain:
            super().handle_exit(sig, frame)
            return
        self._captured_signals.append(sig)
        self._stop_at = time.monotonic() + self._drain
        self._app.state.draining = True
        self.config.encoded_headers.append((b"connection", b"close"))

    async def on_tick(self, counter: int) -> bool:
        """Stop when the time is over."""
        if self._stop_at is not None and time.monotonic() >= self._stop_at:
            self.should_exit = True
        return await super().on_tick(counter)


def run(
    app: FastAPI,
    listener: socket.socket,
    *,
    max_connections: int,
    patience: Patience | None = None,
    drain: float = 0.0,
) -> None:
    """Answer until the process is told to stop, then end what runs, for so long at most.

    Args:
        app: answers.
        listener: as ``bind`` gives it.
        max_connections: at once; where all are at work, further ones get 503.
        patience: how long is waited for callers.
        drain: seconds between SIGTERM, when ``/readyz`` turns 503, and taking no more requests.
    """
    connections = min(max_connections, _raise_open_files(max_connections + _OTHER_FILES))
    config = uvicorn.Config(
        app,
        # h11 bounds the head of a request, httptools does not
        http=partial(BoundedConnection, patience=patience or Patience()),  # type: ignore[arg-type]
        ws="none",
        lifespan="off",
        backlog=_BACKLOG,
        limit_concurrency=connections + 1,  # uvicorn counts the one that it refuses
        timeout_keep_alive=_KEEP_ALIVE,
        timeout_graceful_shutdown=_STOP,
        h11_max_incomplete_event_size=_HEADER_BYTES,
        server_header=False,
        proxy_headers=False,
        access_log=False,
        log_config=None,  # as everything is logged
        log_level="warning",
    )
    _DrainingServer(config, app, drain).run(sockets=[listener])


def _raise_open_files(wanted: int) -> int:
    """Ask for as many open files as that, often 1,024 at first; return how many connections fit."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return wanted if soft == resource.RLIM_INFINITY else max(1, soft - _OTHER_FILES)
