"""The two other parts of a cluster: the scheduler, and the worker that a machine lends."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress

import dask
from distributed import Scheduler, Worker
from distributed.utils import get_ip

from evidence.cluster.handing import Pool
from evidence.cluster.tls import Tls, address_of, security_of
from evidence.workers import Workers

_log = logging.getLogger(__name__)

_TRIES = 3  # machines that one run may take with it before it is given up
_NO_WORKER = "10s"  # without a worker of its edition a run waits no longer: one restarts in 3 s
_SILENCE = 30.0  # seconds; after which a worker counts as lost, and its runs begin again elsewhere
_AGAIN = 1.0  # seconds between tries to reach a scheduler
_INSIDE = "127.0.0.1:0"  # Dask's own pages of numbers are for this machine alone
_CALM = {  # each of its processes looks after itself for 4 % of a core, as Dask comes
    "distributed.worker.profile.enabled": False,  # 100 looks a second at threads
    "distributed.admin.tick.interval": "500ms",  # 50 times a second: is the loop still turning?
    "distributed.admin.system-monitor.interval": "5s",  # numbers of pages that we do not serve
}


async def serve_scheduler(
    host: str, port: int, stop: asyncio.Event, *, tls: Tls | None, tell: Callable[[str], None]
) -> None:
    """Hand runs to workers until told to stop; what runs then is handed in again by its service.

    Args:
        host: address to listen on.
        port: 0 takes a free one.
        stop: set to end.
        tls: certificates; without them whoever reaches the port runs code on every machine.
        tell: gets the address once it listens.

    Raises:
        OSError: the address is taken, or is not ours.
    """
    logging.getLogger("distributed").setLevel(logging.WARNING)
    dask.config.set({**_CALM, "distributed.scheduler.no-workers-timeout": _NO_WORKER})
    async with Scheduler(
        host=host,
        port=port,
        protocol="tcp" if tls is None else "tls",
        security=security_of(tls),
        allowed_failures=_TRIES - 1,
        worker_ttl=_SILENCE,
        dashboard=False,
        dashboard_address=_INSIDE,
    ) as scheduler:
        tell(scheduler.address)
        await stop.wait()


async def serve_worker(
    place: str,
    workers: Workers,
    stop: asyncio.Event,
    *,
    edition: str,
    tls: Tls | None,
    tell: Callable[[str], None],
) -> None:
    """Lend a machine's pool to a scheduler until told to stop, however often it starts again.

    Args:
        place: ``HOST:PORT`` of the scheduler.
        workers: where the runs are shut in.
        stop: set to end.
        edition: of the program; runs of another one do not come here.
        tls: certificates.
        tell: gets a line on each change.
    """
    logging.getLogger("distributed").setLevel(logging.WARNING)
    dask.config.set(_CALM)
    scheduler_host, _, scheduler_port = place.rpartition(":")
    stopping = asyncio.create_task(stop.wait())
    while not stop.is_set():
        try:
            worker = await Worker(
                address_of(place, tls),
                host=get_ip(scheduler_host, int(scheduler_port)),  # Dask's default is every network
                nthreads=workers.count,
                resources={edition: workers.count},
                plugins=(Pool(workers),),
                memory_limit=0,  # the pool's processes have their limits; this one only waits
                security=security_of(tls),
                dashboard_address=_INSIDE,
                death_timeout=10,
            )
        except (OSError, RuntimeError) as error:
            _log.warning("the scheduler at %s cannot be reached: %s", place, error)
            with suppress(TimeoutError):
                await asyncio.wait_for(asyncio.shield(stopping), _AGAIN)
            continue
        tell(f"Working for {place}")
        gone = asyncio.create_task(worker.finished())
        await asyncio.wait((stopping, gone), return_when=asyncio.FIRST_COMPLETED)
        gone.cancel()
        await worker.close(timeout=1, executor_wait=False)
        if not stop.is_set():
            tell(f"Lost {place}: trying again")
    stopping.cancel()
