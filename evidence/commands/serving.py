"""``evidence serve`` and ``evidence demo``: the HTTP interface, for a shop and for a look."""

import os
import signal
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from evidence.commands.configuration import open_configured, read_config, read_settings
from evidence.commands.refusal import leave, refuse
from evidence.errors import EvidenceError

_LEAST_KEY = 22  # characters; 128 bits in base64, as OWASP ASVS 5.0, 11.5.1 asks for


def serve(
    host: Annotated[str | None, typer.Option(help="address to listen on")] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="port; 0 takes a free one")
    ] = None,
) -> None:
    """Serve the HTTP interface until stopped; api/config.py lists every setting."""
    # Before numpy is imported, here and in the workers: processes are our threads.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, leave)
    config = read_config()
    settings = read_settings(config)
    from api.app import create_app
    from api.server import address, bind, run
    from evidence.logs import write_logs
    from evidence.sandbox import missing_locks
    from evidence.service.ahead import Ahead
    from evidence.service.keys import Keys
    from evidence.service.people import People
    from evidence.service.publishing import Publisher
    from evidence.service.quotas import Quotas
    from evidence.service.sharing import Sharing
    from evidence.service.telemetry import Telemetry
    from evidence.traces import send_traces

    write_logs(config.log_level)
    for lock in missing_locks():
        typer.echo(f"Warning: photos are read less shut in than they could be: {lock}", err=True)
    try:
        listener = bind(host or config.host, config.port if port is None else port)
    except OSError as error:
        refuse(f"cannot listen there: {error.strerror}")
    with listener:
        try:
            report, second_place = config.report_summary(), config.second_place()
            authority = config.authority()
            traces = send_traces(config.traces) if config.traces else None
            service = open_configured(config, settings, Telemetry(traces))
        except EvidenceError as error:
            refuse(str(error))
        try:
            publisher = Publisher(service.registry, second_place, authority=authority)
        except EvidenceError as error:
            service.close()
            refuse(str(error))
        try:
            keys = Keys.of(service, config.api_key.get_secret_value() if config.api_key else None)
            people = People.of(service)
            if config.api_key and len(config.api_key.get_secret_value()) < _LEAST_KEY:
                typer.echo(f"EVIDENCE_API_KEY has fewer than {_LEAST_KEY} characters", err=True)
            first_key, url = keys.make_first(), address(listener)
            if first_key is not None:
                typer.echo(f"API key, shown only now: {first_key}")
            typer.echo(f"Serving {config.home} at {url} (stop with Ctrl-C)")
            if people.set_up_code is not None:
                typer.echo(f"No owner yet: open {url}/sign-in with the code {people.set_up_code}")
            typer.echo(f"The log is signed by {service.registry.log_key()}; see {second_place}")
            quotas = Quotas(config.quotas(), service.registry)
            sharing = Sharing(quotas, service.now, seconds=config.quotas().share_seconds)
            with closing(sharing), closing(Ahead(service)) as ahead:
                app = create_app(
                    service,
                    keys,
                    people=people,
                    quotas=quotas,
                    secure_cookies=config.secure_cookies,
                    ahead=ahead,
                    publisher=publisher,
                    report=report,
                )
                run(
                    app,
                    listener,
                    max_connections=config.max_connections,
                    drain=config.drain_seconds,
                )
            people.watch.tell_counts(all_of_them=True)
        finally:
            publisher.close()
            service.close()


def demo(
    once: Annotated[bool, typer.Option("--once", help="print the recommendations and end")] = False,
    port: Annotated[int, typer.Option(min=0, max=65535, help="port; 0 takes a free one")] = 0,
) -> None:
    """Serve a made-up shop on this machine and print what is recommended on its claims."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from api.app import create_app
    from api.server import address, bind, run
    from evidence.demo import made_up_shop, stock_shop, take_photos, tell_claims, tell_replay
    from evidence.logs import write_logs
    from evidence.service.ahead import Ahead
    from evidence.service.demo_staff import add_demo_staff
    from evidence.service.keys import Keys
    from evidence.service.parts import open_service
    from evidence.service.people import People
    from evidence.terminal import show_progress

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, leave)
    config, shop = read_config(), made_up_shop()
    write_logs("warning")
    settings = read_settings(config)
    with TemporaryDirectory() as home, bind("127.0.0.1", port) as listener:
        service = open_service(
            Path(home),
            settings,
            now=lambda: datetime.now(UTC),
            workers=config.workers,
            waiting=config.waiting,
        )
        try:
            people = People.of(service)
            add_demo_staff(people)
            with show_progress() as show:
                photos = take_photos(shop, service, parallel=config.workers, progress=show)
                stock_shop(shop, photos, service, progress=show)
            tell_claims(shop, photos, service, address(listener))
            tell_replay(service, Path(home))
            keys = Keys.of(service, None)
            typer.echo(f"API key of this demo: {keys.make_first()}")
            if not once:
                typer.echo(f"Serving at {address(listener)} (stop with Ctrl-C)")
                typer.echo(f"Sign in at {address(listener)}/sign-in as anybody, with one click")
                with closing(Ahead(service)) as ahead:
                    app = create_app(service, keys, people=people, demo=True, ahead=ahead)
                    run(app, listener, max_connections=config.max_connections)
        finally:
            service.close()
