"""``evidence import-items``: register the items of a table at once."""

from contextlib import closing
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from evidence.commands.configuration import read_config
from evidence.commands.refusal import refusing

REFUSED = 1


class TableKind(StrEnum):
    """What each line of the table is."""

    items = "items"
    orders = "orders"


def import_items(
    table: Annotated[
        Path,
        typer.Argument(
            metavar="FILE.csv",
            show_default=False,
            help="CSV: item_id, order_id, sku, title, kind, amount, currency; where wanted "
            "width_mm, height_mm, high_value, catalogue_photo",
        ),
    ],
    kind: Annotated[
        TableKind, typer.Option(help="order lines may have a quantity and no item_id")
    ] = TableKind.items,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="change nothing, only say what would become of it")
    ] = False,
    partial: Annotated[
        bool, typer.Option("--partial", help="keep the others where lines are refused")
    ] = False,
) -> None:
    """Register the items of a table in what is kept here: all, or with a refused line none."""
    from evidence.import_terminal import show_import
    from evidence.registry.registry import Registry
    from evidence.service import imports
    from evidence.terminal import show_progress

    config = read_config()
    home = config.home
    with refusing(table):
        data = table.read_bytes()
    with refusing(home):
        registry = Registry.open(home, stores=config.stores(), log=config.log_identity())
    with closing(registry), refusing(table), show_progress() as show:
        report = imports.import_items(
            registry,
            data,
            kind=kind.value,
            at=datetime.now(UTC),
            actor="command line",
            dry_run=dry_run,
            partial=partial,
            progress=show,
        )
    show_import(report, dry_run=dry_run)
    if report.count("refused"):
        raise typer.Exit(REFUSED)
