"""``evidence import DIR``: keep the photos of many items at once."""

import shlex
from collections.abc import Collection
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from evidence.commands.long_runs import (
    UNDONE,
    Report,
    leave_with,
    open_work,
    stopping,
    writing_report,
)
from evidence.commands.refusal import refuse, refusing

if TYPE_CHECKING:
    from evidence.service.parts import Service

ACTOR = "command line"


def import_folder(
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="DIR",
            show_default=False,
            help="DIR/ITEM_ID/VIEW.jpg or VIEW-2.jpg; DIR/items.csv, if there, registers first",
        ),
    ],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="keep nothing, only say what would be tried")
    ] = False,
    report: Report = None,
) -> None:
    """Keep the photos of many items, as if each was uploaded; run again, it goes on."""
    with refusing(folder):
        total = _count_files(folder)
    if not total:
        refuse(f"{folder}: there are no photos; they are expected as ITEM_ID/VIEW.jpg")
    with (
        writing_report(
            report, "path", "item_id", "view", "photo_id", "outcome", "reason", "shortfalls"
        ) as write,
        open_work(new=True) as service,
        stopping() as stop,
    ):
        from evidence.bulk.importing import GOOD, import_photos
        from evidence.bulk_terminal import Tally, show_tally
        from evidence.terminal import show_progress

        pretend = _register(service, folder, dry_run=dry_run)
        tally = Tally()
        with show_progress() as show:
            found = import_photos(service, folder, stop=stop, actor=ACTOR, pretend=pretend)
            for done, one in enumerate(found, start=1):
                good = one.outcome in GOOD
                told = "" if good else f"{one.file.name}: {one.outcome}: {one.reason}"
                tally.count(one.outcome, told, one.shortfalls)
                write(
                    path=one.file.name,
                    item_id=one.file.item_id,
                    view=one.file.view,
                    photo_id=one.photo_id,
                    outcome=one.outcome,
                    reason=one.reason,
                    shortfalls=" ".join(one.shortfalls),
                )
                show("Photos", done, total)
        show_tally(tally, "files")
        leave_with(tally.outcomes, GOOD, stop, f"evidence import {shlex.quote(str(folder))}")


def _count_files(folder: Path) -> int:
    from evidence.bulk.folder import find_files

    return sum(1 for _ in find_files(folder))


def _register(service: "Service", folder: Path, *, dry_run: bool) -> Collection[str] | None:
    """Register the items of the folder's tables, or end if a line of one is refused.

    Returns:
        On a dry run the items that would be registered; else None.
    """
    from evidence.bulk.folder import find_tables
    from evidence.import_terminal import show_import
    from evidence.service.imports import import_items

    named: set[str] = set()
    for table in find_tables(folder):
        with refusing(table):
            done = import_items(
                service.registry,
                table.read_bytes(),
                kind="items",
                at=datetime.now(UTC),
                actor=ACTOR,
                dry_run=dry_run,
            )
        typer.echo(f"{table}:")
        show_import(done, dry_run=dry_run)
        if done.count("refused"):
            raise typer.Exit(UNDONE)
        named |= {item.item_id for item in done.items if item.item_id is not None}
    return named if dry_run else None
