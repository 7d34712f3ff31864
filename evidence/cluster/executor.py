"""The executor that a service uses in place of its own workers: runs go to a Dask scheduler."""

import logging
import pickle
import threading
import time
from collections.abc import Callable
from concurrent.futures import CancelledError
from typing import Any, TypeVar, cast

import dask
from distributed import Client
from distributed.scheduler import KilledWorker, NoValidWorkerError

from evidence.cluster.handing import hand_on
from evidence.cluster.tls import Tls, address_of, security_of
from evidence.errors import BusyError, EvidenceError
from evidence.waiting_line import WaitingLine
from evidence.workers import Unfinished

T = TypeVar("T")
_log = logging.getLogger(__name__)

_TRIES = 3  # as many machines as may be lost under one run; the scheduler counts the same
_CONNECTING = 10.0  # seconds for a scheduler that starts again; it took 2 here
_QUEUEING = 60.0  # seconds that a run may wait behind those of other replicas
_AGAIN = 0.2  # seconds before a lost run is handed in again


class Cluster:
    """Runs work on whatever workers of this edition a Dask scheduler knows.

    A run whose machine is lost runs again on another one; one that is lost with its scheduler is
    handed in again. All work is pure, so that nothing shows how often it ran.
    """

    def __init__(
        self, place: str, *, count: int, waiting: int, edition: str, tls: Tls | None = None
    ) -> None:
        """Connect with nothing yet; the first run does.

        Args:
            place: ``HOST:PORT`` of the scheduler.
            count: runs that this service has worked on at once, at least 1.
            waiting: runs that may wait beside, at least 0.
            edition: of the program; work goes to workers of the same one alone.
            tls: certificates; without them the network between must be private.

        Raises:
            ValueError: a number is out of range.
        """
        if count < 1 or waiting < 0:
            raise ValueError(f"out of range: {count=}, {waiting=}")
        self._place, self._count, self._edition, self._tls = place, count, edition, tls
        self._line = WaitingLine(count, waiting)
        self._changing = threading.Lock()
        self._client: Client | None = None
        self._failed_at = float("-inf")  # when the scheduler could not be reached
        self._closed = False

    @property
    def count(self) -> int:
        """How many runs are worked on at once."""
        return self._count

    def run(self, function: Callable[..., T], *args: Any, seconds: float) -> T | Unfinished:
        """Call ``function(*args)`` on some machine and wait for its result.

        Args:
            function: importable by name there; arguments and result can be pickled.
            args: its arguments.
            seconds: its worker is killed when the call takes longer.

        Raises:
            QueueFullError: too many runs wait already.
            BusyError: no scheduler or worker can be reached, or this is closed.
            EvidenceError: raised by the function; its other exceptions are ``failed``.
        """
        work = pickle.dumps((function, args))
        with self._line.place():
            outcome = self._outcome(work, seconds)
        if isinstance(outcome, EvidenceError):
            raise outcome
        if isinstance(outcome, Unfinished):
            return outcome
        return cast(T, pickle.loads(outcome))  # noqa: S301 - as from a local worker's pipe

    def close(self) -> None:
        """Give up what runs; further runs are refused."""
        with self._changing:
            self._closed = True
            client, self._client = self._client, None
        if client is not None:
            _stop(client)

    def _outcome(self, work: bytes, seconds: float) -> bytes | Unfinished | EvidenceError:
        until = time.monotonic() + _QUEUEING + _TRIES * seconds
        while time.monotonic() < until:
            client = self._running_client()
            try:
                outcome = self._hand_in(client, work, seconds, until)
            except (CancelledError, OSError, RuntimeError) as error:  # Dask's words for "lost"
                _log.warning("the connection to the scheduler was lost: %s", type(error).__name__)
                self._discard(client)
            else:
                if not isinstance(outcome, BusyError):  # that machine's pool stops or starts again
                    return outcome
            time.sleep(_AGAIN)
        return BusyError(
            "the workers did not get to it in time; try again in a moment",
            "時間内に処理できませんでした。しばらくしてからもう一度お試しください。",
        )

    def _hand_in(
        self, client: Client, work: bytes, seconds: float, until: float
    ) -> bytes | Unfinished | EvidenceError:
        future = client.submit(hand_on, work, seconds, pure=False, resources={self._edition: 1})
        try:
            done: bytes | Unfinished | EvidenceError = future.result(
                timeout=max(0.0, until - time.monotonic())
            )
        except TimeoutError:
            future.cancel()
            return BusyError(
                "the workers did not get to it in time; try again in a moment",
                "時間内に処理できませんでした。しばらくしてからもう一度お試しください。",
            )
        except KilledWorker:
            _log.error("a run was given up: it took %d machines' workers with it", _TRIES)
            return Unfinished("died")
        except NoValidWorkerError as error:
            raise BusyError(
                "no worker of this version is there; try again later",
                "このバージョンの処理プロセスが動いていません。"
                "しばらくしてからもう一度お試しください。",
            ) from error
        return done

    def _running_client(self) -> Client:
        asked_at = time.monotonic()
        with self._changing:
            if self._closed:
                raise BusyError(
                    "the service is stopping",
                    "サービスを停止しています。しばらくしてからもう一度お試しください。",
                )
            if self._client is None:
                if self._failed_at > asked_at:  # whoever held the lock has just tried
                    raise BusyError(
                        "the scheduler cannot be reached; try again later",
                        "処理の割り当て先に接続できません。しばらくしてからもう一度お試しください。",
                    )
                self._client = self._connect()
            return self._client

    def _connect(self) -> Client:
        logging.getLogger("distributed.client").setLevel(logging.CRITICAL)  # we tell what it tells
        dask.config.set({"distributed.admin.large-graph-warning-threshold": "1 GB"})
        try:
            return Client(
                address_of(self._place, self._tls),
                timeout=_CONNECTING,
                security=security_of(self._tls),
                set_as_default=False,
            )
        except OSError as error:
            self._failed_at = time.monotonic()
            _log.error("the scheduler at %s cannot be reached: %s", self._place, error)
            raise BusyError(
                "the scheduler cannot be reached; try again later",
                "処理の割り当て先に接続できません。しばらくしてからもう一度お試しください。",
            ) from error

    def _discard(self, client: Client) -> None:
        with self._changing:
            if self._client is not client:
                return
            self._client = None
        _stop(client)


def _stop(client: Client) -> None:
    try:
        client.close(timeout=1)
    except (OSError, RuntimeError):  # its other end is gone already
        _log.debug("the client did not close", exc_info=True)
