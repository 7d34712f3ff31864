"""The command line; heavy packages are imported late, so that --help answers at once.

Exit codes: 0 done, 1 the check found something, 2 the input was unusable, with one line why.
"""

import json
import os
import signal
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from evidence.errors import EvidenceError

if TYPE_CHECKING:
    from api.config import Config
    from evidence.photo.reading import Reading
    from evidence.settings import Settings

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)
Photo = Annotated[Path, typer.Argument(show_default=False, help="a photo's file")]

UNUSABLE = 2


def main() -> None:
    """Run the command line."""
    app()


@app.callback()
def about() -> None:
    """Keep pre-shipment photos, compare them with a customer's, recommend by the policy."""


@app.command()
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
        signal.signal(number, _leave)
    config = _config()
    from api.app import create_app
    from api.server import address, bind, run
    from evidence.service.keys import Keys
    from evidence.service.parts import open_service

    try:
        listener = bind(host or config.host, config.port if port is None else port)
    except OSError as error:
        _refuse(f"cannot listen there: {error.strerror}")
    with listener:
        try:
            service = open_service(
                config.home,
                config.settings(),
                now=lambda: datetime.now(UTC),
                workers=config.workers,
                waiting=config.waiting,
            )
        except EvidenceError as error:
            _refuse(str(error))
        try:
            keys = Keys.of(service, config.api_key.get_secret_value() if config.api_key else None)
            first_key = keys.make_first()
            if first_key is not None:
                typer.echo(f"API key, shown only now: {first_key}")
            typer.echo(f"Serving {config.home} at {address(listener)} (stop with Ctrl-C)")
            run(create_app(service, keys), listener, max_connections=config.max_connections)
        finally:
            service.close()


@app.command()
def compare(
    reference: Photo,
    query: Photo,
    as_json: Annotated[bool, typer.Option("--json", help="print the verdict as JSON")] = False,
) -> None:
    """Compare a photo in question (QUERY) with another (REFERENCE)."""
    from evidence.comparison.compare import compare as compare_readings
    from evidence.comparison.verdict import verdict_to_json
    from evidence.terminal import show_verdict

    settings = _config().settings()
    verdict = compare_readings(
        _read(reference, settings), _read(query, settings), settings=settings
    )
    if as_json:
        typer.echo(json.dumps(verdict_to_json(verdict), ensure_ascii=False, indent=2))
    else:
        show_verdict(verdict)


@app.command()
def evaluate(
    pairs: Annotated[
        Path, typer.Argument(show_default=False, help="CSV: reference, query, label, confidence")
    ],
    root: Annotated[
        Path | None, typer.Option(help="where the photos' paths start; default: beside the CSV")
    ] = None,
    json_file: Annotated[
        Path | None, typer.Option("--json", help="write the summary and every pair here")
    ] = None,
    report: Annotated[Path | None, typer.Option(help="write a page for people here")] = None,
) -> None:
    """Measure error rates on labelled pairs of photos."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from evidence.evaluate import evaluate as evaluate_pairs
    from evidence.evaluate import load_pairs, summarise
    from evidence.evaluate.measurement import stored_readings
    from evidence.report.page import make_page
    from evidence.report.worst import draw_pictures, pick_worst
    from evidence.terminal import show_progress, show_rates
    from evidence.workers import Workers

    _check_places(json_file, report)  # now, not after the work
    config = _config()
    settings = config.settings()
    workers = Workers(count=config.workers, waiting=0, memory=settings.limits.worker_memory)
    with closing(workers), TemporaryDirectory() as name:
        scratch = Path(name)
        with _refusing(pairs):
            table = load_pairs(pairs.read_text(encoding="utf-8-sig"))
            with show_progress() as show:
                evaluation = evaluate_pairs(
                    table,
                    root or pairs.parent,
                    scratch,
                    settings=settings,
                    workers=workers,
                    parallel=config.workers,
                    progress=show,
                )
        summary = summarise(evaluation)
        show_rates(summary)
        found = {"summary": summary, "pairs": [one.to_json() for one in evaluation.outcomes]}
        told = json.dumps(found, ensure_ascii=False, indent=1)
        for place in (json_file, report and report / "report.json"):
            if place is not None:
                _write(place, told)  # before the page, so that a fault there loses nothing
        if report is not None:
            worst = pick_worst(evaluation.outcomes)
            stored = stored_readings(table, scratch)
            with show_progress() as show:
                pictures = draw_pictures(
                    worst, stored, settings=settings, workers=workers, progress=show
                )
            made = datetime.now(UTC)
            page = make_page(evaluation, summary, worst, pictures, settings=settings, made=made)
            _write(report / "index.html", page)
            typer.echo(report / "index.html")


@app.command()
def demo(
    once: Annotated[bool, typer.Option("--once", help="print the recommendations and end")] = False,
    port: Annotated[int, typer.Option(min=0, max=65535, help="port; 0 takes a free one")] = 0,
) -> None:
    """Serve a made-up shop on this machine and print what is recommended on its claims."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from api.app import create_app
    from api.server import address, bind, run
    from evidence.demo import made_up_shop, stock_shop, take_photos, tell_claims
    from evidence.service.keys import Keys
    from evidence.service.parts import open_service
    from evidence.terminal import show_progress

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _leave)
    config, shop = _config(), made_up_shop()
    with TemporaryDirectory() as home, bind("127.0.0.1", port) as listener:
        service = open_service(
            Path(home),
            config.settings(),
            now=lambda: datetime.now(UTC),
            workers=config.workers,
            waiting=config.waiting,
        )
        try:
            with show_progress() as show:
                photos = take_photos(shop, service, parallel=config.workers, progress=show)
                stock_shop(shop, photos, service, progress=show)
            tell_claims(shop, service, address(listener))
            keys = Keys.of(service, None)
            typer.echo(f"API key of this demo: {keys.make_first()}")
            if not once:
                typer.echo(f"Serving at {address(listener)} (stop with Ctrl-C)")
                run(create_app(service, keys), listener, max_connections=config.max_connections)
        finally:
            service.close()


def _check_places(json_file: Path | None, report: Path | None) -> None:
    """Make the report's directory, or end with one line if results cannot be written."""
    if json_file is not None and not json_file.absolute().parent.is_dir():
        _refuse(f"{json_file}: there is no such directory")
    if json_file is not None and json_file.is_dir():
        _refuse(f"{json_file}: this is a directory")
    if report is not None:
        try:
            report.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            _refuse(f"{report}: {error.strerror}")
    for place in (json_file and json_file.absolute().parent, report):
        if place is not None and not os.access(place, os.W_OK):
            _refuse(f"{place}: nothing can be written there")


def _write(path: Path, text: str) -> None:
    """Write a result, or end with one line that says why not."""
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        _refuse(f"{path}: {error.strerror}")


@contextmanager
def _refusing(table: Path) -> Iterator[None]:
    """End with one line that says why, if the labelled pairs cannot be used."""
    try:
        yield
    except OSError as error:
        _refuse(f"{error.filename or table}: {error.strerror}")
    except UnicodeDecodeError:
        _refuse(f"{table}: this is no UTF-8 text")
    except EvidenceError as error:
        _refuse(f"{table}: {error}")


def _leave(number: int, frame: object) -> NoReturn:
    """End as asked: everything that is open is closed on the way out."""
    raise typer.Exit(0)


def _config() -> "Config":
    """Read the environment, or end with one line that names the wrong setting."""
    from pydantic import ValidationError

    from api.config import Config

    try:
        return Config()
    except ValidationError as error:
        first = error.errors()[0]
        _refuse(f"EVIDENCE_{str(first['loc'][0]).upper()}: {first['msg']}")


def _read(path: Path, settings: "Settings") -> "Reading":
    """Read one photo, or end with one line that says why not."""
    from evidence.photo.reading import read_photo

    try:
        return read_photo(path.read_bytes(), settings=settings)
    except OSError as error:
        _refuse(f"{path}: {error.strerror}")
    except EvidenceError as error:
        _refuse(f"{path}: {error}")


def _refuse(why: str) -> NoReturn:
    """End: the input was unusable; one line says why."""
    typer.echo(why, err=True)
    raise typer.Exit(UNUSABLE)
