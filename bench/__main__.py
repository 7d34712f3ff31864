"""``python -m bench``: the product beside what people would use instead, over the same pairs."""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Column, Table

from bench.measure import measure_rules
from bench.rules import RULES
from bench.table import Row, explain, summarise, tabulate, to_json, write_markdown
from evidence.errors import UnacceptableError
from evidence.evaluate import load_pairs
from evidence.terminal import show_progress
from fixtures.__main__ import write_pairs

SHARED = Path(__file__).parents[2] / "shared" / "photos" / "pairs.csv"
REAL = "The labelled real photos, which the product's weights were fitted on"
SIMULATOR = "The simulator's register, kinder than real photos"


def main(arguments: Sequence[str] | None = None, *, shared: Path = SHARED) -> int:
    """Run the rules and show the table; 0 done, 2 the input cannot be used."""
    chosen = _parse(arguments)
    for place in (chosen.markdown, chosen.json):
        if place is not None and not place.absolute().parent.is_dir():
            return _refuse(f"{place}: there is no such directory")  # now, not after the work
    try:
        with TemporaryDirectory() as scratch:
            _run(chosen, *_choose(chosen, shared, Path(scratch)))
    except (UnacceptableError, OSError, ValueError) as error:
        return _refuse(str(error))
    return 0


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--pairs", type=Path, help="CSV: reference, query, label[, kind]")
    parser.add_argument("--root", type=Path, help="where the paths start; default: beside the CSV")
    parser.add_argument("--rules", nargs="+", choices=RULES, default=list(RULES))
    parser.add_argument(
        "--processes", type=int, choices=(1, 2), default=min(2, os.cpu_count() or 1)
    )
    parser.add_argument("--markdown", type=Path, help="write the table here")
    parser.add_argument("--json", type=Path, help="write the table and every pair's scores here")
    return parser.parse_args(arguments)


def _choose(chosen: argparse.Namespace, shared: Path, scratch: Path) -> tuple[Path, Path, str]:
    """Return the table of pairs, their root and what to say of them."""
    if chosen.pairs is not None:
        return chosen.pairs, chosen.root or chosen.pairs.parent, f"Pairs of {chosen.pairs.name}"
    if shared.is_file():
        return shared, shared.parent, REAL
    print("No real photos here; the simulator's are taken, please wait.", file=sys.stderr)
    write_pairs(scratch)
    return scratch / "pairs.csv", scratch, SIMULATOR


def _run(chosen: argparse.Namespace, table: Path, root: Path, where: str) -> None:
    pairs = load_pairs(table.read_text(encoding="utf-8-sig"))
    with show_progress() as progress:
        measured = measure_rules(
            chosen.rules, pairs, root, processes=chosen.processes, progress=progress
        )
    rows = [summarise(pairs, name, found) for name, found in measured.items()]
    notes = explain(pairs, measured, rows, where)
    _show(rows, notes)
    if chosen.markdown is not None:
        chosen.markdown.write_text(write_markdown(rows, notes), encoding="utf-8")
    if chosen.json is not None:
        found = to_json(pairs, measured, rows, where)
        chosen.json.write_text(json.dumps(found, indent=1), encoding="utf-8")


def _show(rows: Sequence[Row], notes: Sequence[str]) -> None:
    console = Console(width=None if sys.stdout.isatty() else 160)
    head, *lines = tabulate(rows)
    table = Table(Column(head[0], no_wrap=True), *head[1:])
    for cells in lines:
        table.add_row(*cells)
    console.print(table)
    for note in notes:
        console.print(note, highlight=False, soft_wrap=True)


def _refuse(why: str) -> int:
    print(why, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
