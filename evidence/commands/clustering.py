"""``evidence scheduler`` and ``evidence worker``: other machines, where one is not enough."""

import asyncio
import os
import signal
from collections.abc import Callable, Coroutine
from contextlib import closing
from typing import TYPE_CHECKING, Annotated

import typer

from evidence.commands.configuration import read_config, read_settings
from evidence.commands.refusal import refuse

if TYPE_CHECKING:
    from api.config import Config
    from evidence.cluster.tls import Tls

_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_Host = Annotated[str, typer.Option(help="address to listen on")]
_Private = Annotated[
    bool,
    typer.Option(
        "--private-network",
        help="go without certificates: nobody but the cluster's parts is on that network",
    ),
]


def scheduler(
    host: _Host = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="port; 0 takes a free one")] = 8786,
    private_network: _Private = False,
) -> None:
    """Hand photos and comparisons to the workers of other machines; it keeps nothing."""
    config = read_config()
    tls = _certificates(config, host, private_network)
    from evidence.cluster.serving import serve_scheduler

    def tell(address: str) -> None:
        typer.echo(f"Scheduling at dask://{address.partition('://')[2]} (stop with Ctrl-C)")

    try:
        _run(lambda stop: serve_scheduler(host, port, stop, tls=tls, tell=tell))
    except OSError as error:
        refuse(f"cannot listen there: {error.strerror or error}")


def worker(
    scheduler: Annotated[
        str, typer.Argument(show_default=False, help="where it is: dask://HOST:PORT")
    ],
    count: Annotated[
        int | None, typer.Option(min=1, help="processes; default: EVIDENCE_WORKERS")
    ] = None,
    private_network: _Private = False,
) -> None:
    """Read and compare photos for a service on another machine, shut in as they would be there."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    config = read_config()
    settings = read_settings(config)
    place = _place(scheduler)
    tls = _certificates(config, place.rpartition(":")[0], private_network)
    from evidence.cluster.serving import serve_worker
    from evidence.sandbox import missing_locks
    from evidence.service.parts import MODULES, edition
    from evidence.workers import Workers

    for lock in missing_locks():
        typer.echo(f"Warning: photos are read less shut in than they could be: {lock}", err=True)
    count = count or config.workers
    pool = Workers(  # a run that was given up leaves its place a moment later than Dask thinks
        count=count, waiting=count, memory=settings.limits.worker_memory, modules=MODULES
    )
    with closing(pool):
        _run(
            lambda stop: serve_worker(
                place, pool, stop, edition=edition(), tls=tls, tell=typer.echo
            )
        )


def _run(serve: Callable[[asyncio.Event], Coroutine[None, None, None]]) -> None:
    """Run until a signal asks to stop."""

    async def run() -> None:
        stop = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        await serve(stop)

    asyncio.run(run())


def _certificates(config: "Config", host: str, private_network: bool) -> "Tls | None":
    """Return the certificates; refuse a network that is reached by others without them."""
    from evidence.errors import UnacceptableError

    try:
        tls = config.executor_tls()
    except UnacceptableError as error:
        refuse(str(error))
    if tls is None and host not in _LOOPBACK and not private_network:
        refuse(
            "whoever reaches this port could run programs on every machine of the cluster: set "
            "EVIDENCE_EXECUTOR_TLS_CA, _CERT and _KEY, or say --private-network"
        )
    return tls


def _place(address: str) -> str:
    scheme, _, place = address.partition("://")
    if scheme != "dask" or not place.rpartition(":")[2].isdigit():
        refuse(f"{address}: write dask://HOST:PORT")
    return place
