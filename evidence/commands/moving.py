"""``evidence migrate-store`` and ``evidence log-key``: from a home to servers, and back."""

from contextlib import ExitStack, closing
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from evidence.commands.configuration import read_config
from evidence.commands.refusal import refuse
from evidence.errors import EvidenceError

if TYPE_CHECKING:
    from evidence.registry.store_copy import Store
    from evidence.registry.stores import Stores

FOUND = 1


class Place(StrEnum):
    """Where everything goes."""

    servers = "servers"
    home = "home"


def migrate_store(
    to: Annotated[Place, typer.Option("--to", show_default=False, help="where everything goes")],
    home: Annotated[
        Path | None, typer.Option(help="the home, as source or target; default: EVIDENCE_HOME")
    ] = None,
) -> None:
    """Copy what is kept from a home to EVIDENCE_DATABASE_URL and EVIDENCE_PHOTOS_URL, or back."""
    from evidence.keeping_terminal import show_copied
    from evidence.registry.log_key import put_key
    from evidence.registry.registry import held_alone
    from evidence.registry.store_copy import copy_originals, copy_store
    from evidence.registry.stores import HERE
    from evidence.terminal import show_progress

    config = read_config()
    place, servers, key = home or config.home, config.stores(), config.log_identity().key
    if servers == HERE:
        refuse("set EVIDENCE_DATABASE_URL, EVIDENCE_PHOTOS_URL or both: the servers")
    source, target = (HERE, servers) if to is Place.servers else (servers, HERE)
    if not source.is_kept(place):
        refuse(f"nothing is kept in {place}")
    try:
        with ExitStack() as opened, show_progress() as show:
            opened.enter_context(held_alone(place))
            there, here = _open(opened, source, place), _open(opened, target, place)
            if servers.database_url is None:  # the rows stay
                done = copy_originals(there, here.files, progress=show)
            else:
                done = copy_store(there, here, progress=show)
            if to is Place.home and key is not None:
                put_key(place, key)
    except EvidenceError as error:
        refuse(str(error))
    show_copied(done, "the servers" if to is Place.servers else str(place))
    if to is Place.servers and key is None:
        typer.echo(f"Set EVIDENCE_LOG_KEY to what stands in {place / 'log.key'}, for all replicas.")
    if done.missing:
        raise typer.Exit(FOUND)


def log_key() -> None:
    """Print a new key for EVIDENCE_LOG_KEY, which signs the log; before the first start."""
    from evidence.registry.log_key import write_key

    typer.echo(write_key(read_config().log_origin))


def _open(opened: ExitStack, stores: "Stores", home: Path) -> "Store":
    from evidence.registry.store_copy import Store

    database = opened.enter_context(closing(stores.open_database(home)))
    return Store(database, stores.open_files(home))
