"""``evidence evaluate``: error rates on labelled pairs."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from evidence.commands.measuring import Bench, PairsFile, Root, measure, open_bench
from evidence.commands.places import check_files, make_directory, write_result

if TYPE_CHECKING:
    from evidence.evaluate import Evaluation


def evaluate(
    pairs: PairsFile,
    root: Root = None,
    json_file: Annotated[
        Path | None, typer.Option("--json", help="write the summary and every pair here")
    ] = None,
    report: Annotated[Path | None, typer.Option(help="write a page for people here")] = None,
) -> None:
    """Measure error rates on labelled pairs of photos."""
    check_files(json_file)  # now, not after the work
    if report is not None:
        make_directory(report)
    with open_bench() as bench:
        from evidence.evaluate import summarise
        from evidence.terminal import show_rates

        evaluation = measure(bench, pairs, root, timed=True)
        summary = summarise(evaluation)
        show_rates(summary)
        found = {"summary": summary, "pairs": [one.to_json() for one in evaluation.outcomes]}
        told = json.dumps(found, ensure_ascii=False, indent=1)
        for place in (json_file, report and report / "report.json"):
            if place is not None:
                write_result(place, told)  # before the page, so that a fault there loses nothing
        if report is not None:
            _write_page(report / "index.html", evaluation, summary, bench)


def _write_page(
    place: Path, evaluation: "Evaluation", summary: dict[str, Any], bench: Bench
) -> None:
    """Write the page for people, with pictures of the worst pairs."""
    from evidence.evaluate.measurement import stored_readings
    from evidence.report.page import make_page
    from evidence.report.worst import draw_pictures, pick_worst
    from evidence.terminal import show_progress

    worst = pick_worst(evaluation.outcomes)
    stored = stored_readings([outcome.pair for outcome in evaluation.outcomes], bench.scratch)
    with show_progress() as show:
        pictures = draw_pictures(
            worst, stored, settings=bench.settings, workers=bench.workers, progress=show
        )
    made = datetime.now(UTC)
    page = make_page(evaluation, summary, worst, pictures, settings=bench.settings, made=made)
    write_result(place, page)
    typer.echo(place)
