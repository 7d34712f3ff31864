"""``evidence verify``: everything that is kept against its digests, or a bundle offline."""

import json
import os
import time
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from evidence.commands.configuration import open_kept, read_config
from evidence.commands.places import check_files, write_result
from evidence.commands.refusal import refuse
from evidence.errors import EvidenceError

if TYPE_CHECKING:
    from api.config import Config
    from evidence.registry.registry import Registry

FOUND = 1


def verify(
    bundle: Annotated[
        Path | None,
        typer.Argument(
            metavar="[BUNDLE.zip]",
            show_default=False,
            help="check this evidence bundle instead, offline, as its reader would",
        ),
    ] = None,
    key: Annotated[
        str | None,
        typer.Option(help="of a bundle: the shop's public key, as published elsewhere"),
    ] = None,
    home: Annotated[Path | None, typer.Option(help="what is kept; default: EVIDENCE_HOME")] = None,
    from_start: Annotated[
        bool, typer.Option("--from-start", help="do not go on where a run before was stopped")
    ] = False,
    threads: Annotated[
        int | None, typer.Option(min=1, max=64, help="files hashed at once; default: one a core")
    ] = None,
    json_file: Annotated[
        Path | None, typer.Option("--json", help="write the findings here")
    ] = None,
) -> None:
    """Check originals, readings, database and log, also while the service runs; repair nothing."""
    if bundle is not None:
        _verify_bundle(bundle, key)
    if key is not None:
        refuse("--key goes with a bundle: evidence verify BUNDLE.zip --key KEY")
    check_files(json_file)  # now, not after the work
    config = read_config(home)
    _verify_home(config, from_start, threads or os.cpu_count() or 1, json_file)


def _verify_bundle(bundle: Path, key: str | None) -> NoReturn:
    from evidence.bundle import verify as verifier

    options = [f"--key={key}"] if key else []
    raise typer.Exit(verifier.main([*options, "--", str(bundle)]))


def _verify_home(config: "Config", from_start: bool, threads: int, json_file: Path | None) -> None:
    from evidence.keeping_terminal import show_scrub
    from evidence.registry.scrub import Scrub, check_database, scrub
    from evidence.terminal import show_progress

    home, began = config.home, time.monotonic()
    try:
        damage = check_database(home, config.stores())
        if any(one.fault == "damaged pages" for one in damage):
            run = Scrub(started_at="", findings=damage)  # nothing may be written to it any more
        else:
            with closing(open_kept(config)) as registry, show_progress() as show:
                run = scrub(
                    registry,
                    home,
                    from_start=from_start,
                    threads=threads,
                    progress=show,
                    known=damage,
                    check_log=lambda registry: _check_log(registry, config),
                )
    except EvidenceError as error:
        refuse(f"{home}: {error}")
    show_scrub(run, time.monotonic() - began)
    if json_file is not None:
        told = {"whole": not run.faults, **asdict(run)}
        write_result(json_file, json.dumps(told, ensure_ascii=False, indent=1))
    if run.faults:
        raise typer.Exit(FOUND)


def _check_log(registry: "Registry", config: "Config") -> list[str]:
    """Hold the log against itself and against the checkpoints in the second place."""
    authority = config.authority()
    report = registry.check_log(
        [config.second_place()], authority=authority.root if authority else None
    )
    return [fault.text for fault in report.faults]
