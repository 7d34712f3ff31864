"""The command line; heavy packages are imported late, so that --help answers at once.

Exit codes: 0 done, 1 the check found something, 2 the input was unusable, with one line why.
"""

import json
import os
import signal
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from evidence.errors import EvidenceError
from evidence.text import Text

if TYPE_CHECKING:
    from api.config import Config
    from evidence.comparison.verdict import Verdict
    from evidence.photo.reading import Reading
    from evidence.settings import Settings

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)
Photo = Annotated[Path, typer.Argument(show_default=False, help="a photo's file")]

UNUSABLE = 2
SENTENCES = {  # verdict -> what it means
    "same_item": Text("The same item.", "同一の品物です。"),
    "same_design": Text(
        "The same product; whether it is the same copy is not determined.",
        "同じ商品です。同一の個体かどうかは判定していません。",
    ),
    "different_copy": Text("The same product, but another copy.", "同じ商品ですが、別の個体です。"),
    "different_product": Text("Another product.", "別の商品です。"),
    "inconclusive": Text("The photos do not tell.", "この写真では判定できません。"),
}


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

    settings = _config().settings()
    verdict = compare_readings(
        _read(reference, settings), _read(query, settings), settings=settings
    )
    if as_json:
        typer.echo(json.dumps(verdict_to_json(verdict), ensure_ascii=False, indent=2))
    else:
        _show(verdict)


# `evaluate` and `demo` follow here; each is one function that calls its own module.


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


def _show(verdict: "Verdict") -> None:
    """Print a verdict for people, in both languages."""
    from rich.console import Console
    from rich.markup import escape

    console = Console(highlight=False, soft_wrap=True)

    def say(text: Text, mark: str = "") -> None:
        console.print(f"{mark}{escape(text.en)}")
        console.print(f"{' ' * len(mark)}{escape(text.ja)}")

    console.print(f"[bold]{verdict.verdict}[/bold]")
    say(SENTENCES[verdict.verdict])
    for title, entries in (
        ("Findings / 所見", verdict.findings),
        ("What the photos lack / 写真に足りないもの", verdict.shortfalls),
    ):
        if entries:
            console.print(f"\n[bold]{title}[/bold]")
        for entry in entries:
            say(entry.text, "- ")


def _refuse(why: str) -> NoReturn:
    """End: the input was unusable; one line says why."""
    typer.echo(why, err=True)
    raise typer.Exit(UNUSABLE)
