"""``python -m bench.copies DIR``: which copy is it, on labelled pairs of one design.

DIR holds pairs.csv and its photos, as ``python -m fixtures copies DIR`` writes them. One process
reads and compares; each row is a truth and each share has its exact 95 % bounds, which hold as far
as the pairs are independent of each other. Pairs whose design is not settled count as open.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from rich.console import Console
from rich.progress import track
from rich.table import Table

from evidence.comparison.compare import compare
from evidence.errors import EvidenceError
from evidence.evaluate import Pair, clopper_pearson, load_pairs
from evidence.photo.reading import Reading, read_photo
from evidence.settings import Settings

SETTINGS = Settings()  # as shipped
CALLED = {"same_item": "same", "different_copy": "another"}  # all else is open
TRUTHS = {"same_item": "one copy", "same_design": "two copies"}
COLUMNS = ("same", "open", "another")


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare the pairs and show the table; 0 done, 2 the input cannot be used."""
    parser = argparse.ArgumentParser(prog="python -m bench.copies", description=__doc__)
    parser.add_argument("directory", type=Path)
    parser.add_argument("--json", type=Path, help="write what every pair was called here")
    chosen = parser.parse_args(arguments)
    try:
        pairs = load_pairs((chosen.directory / "pairs.csv").read_text(encoding="utf-8"))
        progress = track(judge_pairs(pairs, chosen.directory), total=len(pairs), transient=True)
        called = list(zip(pairs, progress, strict=True))
    except (EvidenceError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    Console().print(tabulate([(pair.label, name) for pair, name in called]))
    if chosen.json is not None:
        rows = [(p.reference, p.query, p.label, name) for p, name in called]
        chosen.json.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    return 0


def judge_pairs(pairs: Sequence[Pair], root: Path) -> Iterator[str]:
    """Yield what each pair is called, a name of ``COLUMNS``.

    Raises:
        PhotoError: a photo cannot be read.
        OSError: a photo's file cannot be opened.
    """

    @lru_cache(maxsize=32)  # a photo of several pairs is read once where they follow each other
    def read(name: str) -> Reading:
        return read_photo((root / name).read_bytes(), settings=SETTINGS)

    for pair in pairs:
        verdict = compare(read(pair.reference), read(pair.query), settings=SETTINGS).verdict
        yield CALLED.get(verdict, "open")


def tabulate(called: Sequence[tuple[str, str]]) -> Table:
    """Return a row for each truth: how many were called what, in per cent with bounds."""
    table = Table("truth", "pairs", *(f"called {name}" for name in COLUMNS))
    for label, truth in TRUTHS.items():
        counts = Counter(name for given, name in called if given == label)
        total = counts.total()
        if not total:
            continue
        rates = [clopper_pearson(counts[name], total) for name in COLUMNS]
        table.add_row(
            truth,
            str(total),
            *(f"{r.count} = {r.rate:.1%} ({r.low:.1%} to {r.high:.1%})" for r in rates),
        )
    return table


if __name__ == "__main__":
    sys.exit(main())
