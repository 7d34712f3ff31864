"""What the commands of bulk work share: a service, a way to stop it, and a report."""

import csv
import os
import signal
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Annotated, Protocol

import typer

from evidence.commands.configuration import open_configured, read_config, read_settings
from evidence.commands.places import check_files
from evidence.commands.refusal import refuse
from evidence.errors import EvidenceError

if TYPE_CHECKING:
    from evidence.service.parts import Service

UNDONE = 1
Report = Annotated[
    Path | None, typer.Option("--report", metavar="FILE.csv", help="write a line for each here")
]


class WriteRow(Protocol):
    """Writes one line of a report; does nothing where none is wanted."""

    def __call__(self, **cells: str) -> None:
        """Write the cells by their columns."""


@contextmanager
def open_work(*, new: bool) -> Iterator["Service"]:
    """Put a service together as ``evidence serve`` would, beside one that may run.

    What cannot be opened or kept ends with one line.

    Args:
        new: make the home if nothing is kept there yet.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before numpy is imported
    config = read_config()
    settings = read_settings(config)
    from evidence.sandbox import missing_locks

    if not new and not config.stores().is_kept(config.home):
        refuse(f"nothing is kept in {config.home}")
    for lock in missing_locks():
        typer.echo(f"Warning: photos are read less shut in than they could be: {lock}", err=True)
    config = config.model_copy(update={"waiting": config.workers})  # nobody else waits in our line
    try:
        with closing(open_configured(config, settings)) as service:
            yield service
    except EvidenceError as error:
        refuse(str(error))
    except OSError as error:  # what cannot be read is told of each; this is the folder or report
        refuse(f"{error.filename or 'the report'}: {error.strerror}")


@contextmanager
def stopping() -> Iterator[Event]:
    """Let SIGINT and SIGTERM ask for an end in order; a second one ends at once."""
    stop = Event()

    def ask(number: int, frame: object) -> None:
        stop.set()
        typer.echo("Stopping after what is in flight; once more to end at once.", err=True)
        signal.signal(number, signal.SIG_DFL)

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def writing_report(place: Path | None, *columns: str) -> Iterator[WriteRow]:
    """Write a line at a time, so that whatever ends the run leaves what was told so far."""
    if place is None:
        yield lambda **cells: None
        return
    check_files(place)
    # A name on disk need not be text: what is not is written as an escape.
    with place.open("w", 1, "utf-8", errors="backslashreplace", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()

        def write(**cells: str) -> None:
            writer.writerow(cells)

        yield write


def leave_with(outcomes: Mapping[str, int], good: tuple[str, ...], stop: Event, go_on: str) -> None:
    """End with 1 where something was not done, and say how to go on where it was stopped."""
    if stop.is_set():
        typer.echo(f"Stopped. What was told is kept. Go on with: {go_on}")
    if stop.is_set() or set(outcomes) - set(good):
        raise typer.Exit(UNDONE)
