"""``evidence backup`` and ``evidence restore``: a copy of all that is kept, and a home of it."""

from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from evidence.commands.configuration import open_kept, read_config
from evidence.commands.refusal import refuse
from evidence.errors import EvidenceError

FOUND = 1


def backup(
    place: Annotated[
        Path, typer.Argument(metavar="TO", show_default=False, help="directory, on another disk")
    ],
    home: Annotated[Path | None, typer.Option(help="what is kept; default: EVIDENCE_HOME")] = None,
    without_key: Annotated[
        bool, typer.Option("--without-key", help="leave the log's signing key at home")
    ] = False,
) -> None:
    """Copy everything that is kept, also while the service runs; again copies what is new."""
    from evidence.keeping_terminal import show_backup
    from evidence.registry.backup import back_up
    from evidence.terminal import show_progress

    config = read_config(home)
    try:
        with (
            closing(open_kept(config)) as registry,
            show_progress() as show,
        ):
            done = back_up(registry, config.home, place, progress=show, with_key=not without_key)
    except EvidenceError as error:
        refuse(str(error))
    show_backup(done, place)
    if done.missing or done.damaged:
        raise typer.Exit(FOUND)


def restore(
    place: Annotated[
        Path, typer.Argument(metavar="FROM", show_default=False, help="what `backup` wrote")
    ],
    home: Annotated[
        Path | None, typer.Option(help="new or empty directory; default: EVIDENCE_HOME")
    ] = None,
    only: Annotated[
        str | None,
        typer.Option("--only", metavar="PHOTO", help="heal this one photo of a home in use"),
    ] = None,
) -> None:
    """Make a home of a backup, or heal one damaged photo by it."""
    from evidence.keeping_terminal import show_restored
    from evidence.registry.backup import heal_from
    from evidence.registry.backup import restore as restore_home
    from evidence.terminal import show_progress

    config = read_config(home)
    target = config.home
    try:
        if only is not None:
            with closing(open_kept(config)) as registry:
                heal_from(registry, place, only)
            typer.echo(f"Photo {only} is whole.")
            return
        with show_progress() as show:
            done = restore_home(place, target, progress=show)
    except EvidenceError as error:
        refuse(str(error))
    show_restored(done, target)
    if done.missing:
        raise typer.Exit(FOUND)
