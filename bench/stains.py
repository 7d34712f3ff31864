"""``python -m bench.stains DIR... [--real CSV]``: what stains weigh by, fitted anew.

Each DIR is written by ``python -m fixtures copies DIR --kind damage``. Of every pair of one item,
all closed outlines of a veil are measured, whatever they weigh. One that overlaps a stain by half
is a stain; one of which less than half lies in any damage is none; from what lies between nothing
is learned. The CSV lists real pairs of one item on which nobody saw a stain. The weights that are
printed are those of ``StainWeights``. The table is of weights that were fitted without an eighth of
the pairs each, so that none is judged by what it was fitted on.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track
from rich.table import Table

from bench.changes import INSIDE, OVERLAP, Box, new_damages, overlap, share_within
from evidence.comparison.changes import look_through
from evidence.comparison.examination import map_design, subtract
from evidence.comparison.judging import judge
from evidence.comparison.stains import StainMeasures, Stain, look_at_outlines
from evidence.comparison.sure_pieces import coarseness
from evidence.errors import EvidenceError
from evidence.evaluate import Pair, load_pairs
from evidence.evaluate.regression import regress
from evidence.photo.reading import read_photo
from evidence.settings import Settings

SETTINGS = Settings()  # as shipped
PARTS = 8  # that the pairs are dealt to, in order
Floats = NDArray[np.float64]
FALSE = 2, 4, 8, 16, 32  # outlines that are none, which a row of the table allows


@dataclass(frozen=True, slots=True)
class Outline:
    """A closed outline of a veil.

    Attributes:
        measures: what speaks for a stain within it.
        stain: whether it is one.
    """

    measures: StainMeasures
    stain: bool


def main(arguments: Sequence[str] | None = None) -> int:
    """Fit the weights and show them; 0 done, 2 the input cannot be used."""
    parser = argparse.ArgumentParser(prog="python -m bench.stains", description=__doc__)
    parser.add_argument("directories", type=Path, nargs="+")
    parser.add_argument("--real", type=Path, help="CSV: reference, query, label[, kind]")
    chosen = parser.parse_args(arguments)
    tables = [place / "pairs.csv" for place in chosen.directories]
    tables += [chosen.real] if chosen.real else []
    try:
        pairs = [
            (pair, table.parent)
            for table in tables
            for pair in load_pairs(table.read_text(encoding="utf-8"))
            if pair.label == "same_item"
        ]
        outlines = [list(measure(*one)) for one in track(pairs, transient=True)]
        table = tabulate(outlines)
        intercept, weights = fit([outline for pair in outlines for outline in pair])
    except (EvidenceError, OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    console = Console()
    console.print(table)
    console.print(f"intercept = {intercept:.2f}")
    for field, weight in zip(fields(StainMeasures), weights, strict=True):
        console.print(f"{field.name} = {weight:.3g}")
    return 0


def measure(pair: Pair, root: Path) -> Iterator[Outline]:
    """Yield the outlines of a pair from which something is learned.

    Raises:
        PhotoError: a photo cannot be read.
        OSError: a photo's file cannot be opened.
    """
    reference, query = (
        read_photo((root / photo).read_bytes(), settings=SETTINGS)
        for photo in (pair.reference, pair.query)
    )
    judged = judge(reference, query, settings=SETTINGS)
    mapped = map_design(judged, query, settings=SETTINGS)
    subtracted = subtract(judged, query, mapped, settings=SETTINGS)
    if subtracted is None:
        return
    changes = SETTINGS.changes
    coarse = coarseness(judged.reference, query, settings=changes)
    _, veil = look_through(*subtracted, coarse, settings=changes)
    truth = root / f"{pair.query.removesuffix('-query.jpg')}-truth.json"
    damages = new_damages(json.loads(truth.read_bytes())) if truth.is_file() else []
    for outline in look_at_outlines(veil, settings=changes.stains):
        box = _box(outline)
        if any(overlap(box, place) >= OVERLAP for kind, place in damages if kind == "stain"):
            yield Outline(outline.measures, stain=True)
        elif all(share_within(box, place) < INSIDE for _, place in damages):
            yield Outline(outline.measures, stain=False)


def fit(outlines: Sequence[Outline]) -> tuple[float, Floats]:
    """Return the intercept and the weights, in the order of the measures.

    Raises:
        ValueError: there are no stains, or nothing else.
    """
    rows = np.array([astuple(outline.measures) for outline in outlines])
    return regress(rows, np.array([outline.stain for outline in outlines], bool))


def weigh_unseen(pairs: Sequence[Sequence[Outline]]) -> list[tuple[float, bool]]:
    """Return what each outline weighs by what the other parts teach, and whether it is a stain."""
    weighed = []
    for part in range(PARTS):
        others = [one for k, pair in enumerate(pairs) if k % PARTS != part for one in pair]
        intercept, weights = fit(others)
        for outline in (one for pair in pairs[part::PARTS] for one in pair):
            weight = intercept + float(weights @ np.array(astuple(outline.measures)))
            weighed.append((weight, outline.stain))
    return weighed


def tabulate(pairs: Sequence[Sequence[Outline]]) -> Table:
    """Return how many stains weigh more than so many of the others."""
    weighed = weigh_unseen(pairs)
    stains = sorted(weight for weight, stain in weighed if stain)
    others = sorted((weight for weight, stain in weighed if not stain), reverse=True)
    table = Table("none", "bar", "found", title=f"{len(pairs)} pairs, {len(stains)} stains")
    for allowed in FALSE:
        bar = others[allowed] if allowed < len(others) else -np.inf
        found = sum(weight > bar for weight in stains)
        table.add_row(str(allowed), f"{bar:.2f}", f"{found} = {found / len(stains):.0%}")
    return table


def _box(stain: Stain) -> Box:
    """Return the box of what may be a stain, in millimetres."""
    rows, columns = np.nonzero(stain.mask)
    left, top, right, low = columns.min(), rows.min(), columns.max() + 1, rows.max() + 1
    px = stain.px_per_mm
    return float(left / px), float(top / px), float(right / px), float(low / px)


if __name__ == "__main__":
    sys.exit(main())
