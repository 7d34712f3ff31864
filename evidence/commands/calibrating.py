"""``evidence calibrate``: learn from labelled pairs what findings weigh."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from evidence.commands.configuration import read_config
from evidence.commands.measuring import Bench, Root, measure, measure_pairs, open_bench
from evidence.commands.places import check_files, check_new, make_directory, write_result
from evidence.commands.refusal import refuse, refusing

if TYPE_CHECKING:
    from evidence.evaluate.settled_pairs import SettledPairs
    from evidence.registry.stores import Stores


def calibrate(
    pairs: Annotated[
        Path | None,
        typer.Argument(show_default=False, help="CSV: reference, query, label, confidence"),
    ] = None,
    root: Root = None,
    decided: Annotated[
        bool, typer.Option("--decided", help="learn from decided claims, too or alone")
    ] = False,
    home: Annotated[
        Path | None, typer.Option(help="where those are kept; default: EVIDENCE_HOME")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="write the calibration here; never over another file")
    ] = None,
    data: Annotated[
        str | None,
        typer.Option(help="what the pairs show and where they are from, for that file"),
    ] = None,
    json_file: Annotated[
        Path | None, typer.Option("--json", help="write what was fitted and found here")
    ] = None,
) -> None:
    """Fit a calibration on labelled pairs of photos, and say whether it would help."""
    if pairs is None and not decided:
        refuse("name a table of labelled pairs, or --decided for the decided claims of a home")
    check_files(out, json_file)  # now, not after the work
    if out is not None:
        check_new(out)
        if json_file is not None and json_file.absolute() == out.absolute():
            refuse(f"{out}: --out and --json need two files")
    config = read_config(home) if decided else None
    with open_bench() as bench:
        from evidence.calibration import write_calibration
        from evidence.evaluate import recalibrate
        from evidence.terminal import show_recalibration, show_settled

        settled = None
        if config is not None:
            settled = _gather(bench, config.home, config.stores(), alone=pairs is None)
        if settled is not None:
            show_settled(settled)  # before the work: it says what goes in
        outcomes = [] if pairs is None else list(measure(bench, pairs, root, timed=False).outcomes)
        sources = [] if pairs is None else [f"{len(outcomes)} labelled pairs of {pairs.name}"]
        if settled is not None and settled.pairs:
            measured = measure_pairs(bench, settled.pairs, _originals(bench), timed=False)
            outcomes += measured.outcomes
            sources.append(f"decided claims: {settled.describe()}; disputed claims only")
        with refusing(pairs or (config.home if config else Path())):
            found = recalibrate(
                outcomes,
                present=bench.settings.calibration,
                # arguments may be no UTF-8
                data=(data or "; ".join(sources)).encode(errors="replace").decode(),
            )
    show_recalibration(found)
    if json_file is not None:
        told = found.to_json() | ({} if settled is None else {"decided": settled.to_json()})
        write_result(json_file, json.dumps(told, ensure_ascii=False, indent=1))
    if out is not None:
        write_result(out, write_calibration(found.proposed), new=True)
        typer.echo(f"Written. To use it, set EVIDENCE_CALIBRATION={out.absolute()}")


def _gather(bench: Bench, home: Path, stores: "Stores", *, alone: bool) -> "SettledPairs":
    """Copy the originals of decided claims; end with one line if they alone are too few."""
    from evidence.evaluate.settled_pairs import write_settled
    from evidence.registry.snapshot import open_snapshot

    make_directory(_originals(bench))
    with refusing(home), open_snapshot(home, stores) as registry:
        settled = write_settled(registry, _originals(bench))
        if alone:
            settled.require_enough()
    return settled


def _originals(bench: Bench) -> Path:
    return bench.scratch / "originals"
