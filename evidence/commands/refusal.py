"""How a command ends where it cannot go on: one line why, and exit code 2."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import typer

from evidence.errors import EvidenceError

UNUSABLE = 2


def refuse(why: str) -> NoReturn:
    """End: the input was unusable; one line says why."""
    typer.echo(why, err=True)
    raise typer.Exit(UNUSABLE)


@contextmanager
def refusing(source: Path) -> Iterator[None]:
    """End with one line that says why, if what a file holds cannot be used."""
    try:
        yield
    except OSError as error:
        refuse(f"{error.filename or source}: {error.strerror}")
    except UnicodeDecodeError:
        refuse(f"{source}: this is no UTF-8 text")
    except EvidenceError as error:
        refuse(f"{source}: {error}")


def leave(number: int, frame: object) -> NoReturn:
    """End on a signal as asked: everything that is open is closed on the way out."""
    raise typer.Exit(0)
