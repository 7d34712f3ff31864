"""``evidence calibrate``: learn from labelled pairs what findings weigh."""

import json
from pathlib import Path
from typing import Annotated

import typer

from evidence.commands.measuring import PairsFile, Root, measure, open_bench
from evidence.commands.places import check_files, check_new, write_result
from evidence.commands.refusal import refuse, refusing


def calibrate(
    pairs: PairsFile,
    root: Root = None,
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
    check_files(out, json_file)  # now, not after the work
    if out is not None:
        check_new(out)
        if json_file is not None and json_file.absolute() == out.absolute():
            refuse(f"{out}: --out and --json need two files")
    with open_bench() as bench:
        from evidence.calibration import write_calibration
        from evidence.evaluate import recalibrate
        from evidence.terminal import show_recalibration

        outcomes = measure(bench, pairs, root, timed=False).outcomes
        words = data or f"{len(outcomes)} labelled pairs of {pairs.name}"
        with refusing(pairs):
            found = recalibrate(
                outcomes,
                present=bench.settings.calibration,
                data=words.encode(errors="replace").decode(),  # arguments may be no UTF-8
            )
    show_recalibration(found)
    if json_file is not None:
        write_result(json_file, json.dumps(found.to_json(), ensure_ascii=False, indent=1))
    if out is not None:
        write_result(out, write_calibration(found.proposed), new=True)
        typer.echo(f"Written. To use it, set EVIDENCE_CALIBRATION={out.absolute()}")
