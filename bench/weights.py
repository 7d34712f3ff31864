"""``python -m bench.weights KIND DIR... [--real CSV]``: what damage weighs by, fitted anew.

Each DIR is written by ``python -m fixtures copies DIR --kind damage``. Of every pair of one item,
all places that might be damage of that kind are measured, whatever they weigh. One that overlaps
such damage by half is damaged; one of which less than half lies in any damage is not; from what
lies between nothing is learned. A corner is damaged where its wear is, and teaches nothing where
other damage is near. The CSV lists real pairs of one item on which nobody saw damage. The weights
that are printed are those of ``evidence/settings.py``. The table is of weights that were fitted
without an eighth of the pairs each, so that none is judged by what it was fitted on.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track
from rich.table import Table

from bench.changes import INSIDE, NOMINAL_MM, OVERLAP, Box, new_damages, overlap, share_within
from evidence.comparison.changes import look_through
from evidence.comparison.examination import map_design, subtract
from evidence.comparison.fine_laying import FineItems
from evidence.comparison.hollows import Hollow, look_at_spots
from evidence.comparison.judging import judge
from evidence.comparison.raggedness import look_along
from evidence.comparison.residual import Residual
from evidence.comparison.shading import measure_shading
from evidence.comparison.stains import Stain, look_at_outlines
from evidence.comparison.sure_pieces import coarseness
from evidence.comparison.wear import by_depth, measure_corners
from evidence.errors import EvidenceError
from evidence.evaluate import Pair, load_pairs
from evidence.evaluate.regression import regress
from evidence.photo.reading import read_photo
from evidence.settings import CornerWeights, HollowWeights, Settings, StainWeights

SETTINGS = Settings()  # as shipped
CHANGES = SETTINGS.changes
PARTS = 8  # that the pairs are dealt to, in order
FALSE = 2, 4, 8, 16, 32  # places that are none, which a row of the table allows
ALONE = 0.3  # of a hollow, below which it is nothing like one and teaches nothing
CORNER_MM = 2.4  # of a corner, within which wear of it lies
BESIDE_MM = 8.0  # of a corner, within which other damage may reach it

Floats = NDArray[np.float64]
Place = tuple[Box, Any]  # and its measures


@dataclass(frozen=True, slots=True)
class Case:
    """A place that might be damaged.

    Attributes:
        measures: what speaks for damage there, as a dataclass.
        damaged: whether it is.
    """

    measures: Any
    damaged: bool


def main(arguments: Sequence[str] | None = None) -> int:
    """Fit the weights and show them; 0 done, 2 the input cannot be used."""
    parser = argparse.ArgumentParser(prog="python -m bench.weights", description=__doc__)
    parser.add_argument("kind", choices=WAYS)
    parser.add_argument("directories", type=Path, nargs="+")
    parser.add_argument("--real", type=Path, help="CSV: reference, query, label[, kind]")
    chosen = parser.parse_args(arguments)
    weights = WAYS[chosen.kind][1]
    tables = [place / "pairs.csv" for place in chosen.directories]
    tables += [chosen.real] if chosen.real else []
    try:
        pairs = [
            (pair, table.parent)
            for table in tables
            for pair in load_pairs(table.read_text(encoding="utf-8"))
            if pair.label == "same_item"
        ]
        cases = [list(measure(*one, chosen.kind)) for one in track(pairs, transient=True)]
        table = tabulate(cases, weights)
        intercept, fitted = fit([case for pair in cases for case in pair], weights)
    except (EvidenceError, OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    console = Console()
    console.print(table)
    console.print(f"intercept = {intercept:.2f}")
    for name, weight in zip(_names(weights), fitted, strict=True):
        console.print(f"{name} = {weight:.3g}")
    return 0


def measure(pair: Pair, root: Path, kind: str) -> Iterator[Case]:
    """Yield the places of a pair from which something is learned.

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
    coarse = coarseness(judged.reference, query, settings=CHANGES)
    truth = root / f"{pair.query.removesuffix('-query.jpg')}-truth.json"
    damages = new_damages(json.loads(truth.read_bytes())) if truth.is_file() else []
    for box, measures in WAYS[kind][0](*subtracted, coarse):
        if any(_meet(box, place, kind) for name, place in damages if name == kind):
            yield Case(measures, damaged=True)
        elif not any(_disturbs(box, place, kind) for _, place in damages):
            yield Case(measures, damaged=False)


def _meet(box: Box, damage: Box, kind: str) -> bool:
    """Say whether damage is what lies in a box; of a corner, whether it is of that corner."""
    if kind == "corner_wear":
        return share_within(box, damage) > 0
    return overlap(box, damage) >= OVERLAP


def _disturbs(box: Box, damage: Box, kind: str) -> bool:
    """Say whether damage is about a place that is measured."""
    if kind == "corner_wear":
        left, top, right, low = box
        wide = BESIDE_MM - CORNER_MM
        return share_within((left - wide, top - wide, right + wide, low + wide), damage) > 0
    return share_within(box, damage) >= INSIDE


def _stains(items: FineItems, residual: Residual, coarse: float) -> Iterator[Place]:
    _, veil = look_through(items, residual, coarse, settings=CHANGES)
    for stain in look_at_outlines(veil, settings=CHANGES.stains):
        yield _box_of(stain), stain.measures


def _hollows(items: FineItems, residual: Residual, coarse: float) -> Iterator[Place]:
    del residual
    shading = measure_shading(items, settings=CHANGES.hollows)
    for hollow in look_at_spots(shading, coarse, settings=CHANGES.hollows):
        if hollow.measures.alone >= ALONE:
            yield _around(hollow), hollow.measures


def _corners(items: FineItems, residual: Residual, coarse: float) -> Iterator[Place]:
    rim = look_along(items, residual, np.zeros(items.depth.shape, bool), settings=CHANGES)
    strange = by_depth(rim, coarse, settings=CHANGES)
    wide, tall = NOMINAL_MM
    right, low = wide - CORNER_MM, tall - CORNER_MM
    places = [(0.0, 0.0), (right, 0.0), (right, low), (0.0, low)]
    for (x, y), measures in zip(places, measure_corners(rim, strange, CHANGES.wear), strict=True):
        yield (x, y, x + CORNER_MM, y + CORNER_MM), measures


WAYS: dict[str, tuple[Callable[[FineItems, Residual, float], Iterator[Place]], type]] = {
    "stain": (_stains, StainWeights),
    "dent": (_hollows, HollowWeights),
    "corner_wear": (_corners, CornerWeights),
}


def fit(cases: Sequence[Case], weights: type) -> tuple[float, Floats]:
    """Return the intercept and the weights, in the order of ``weights``.

    Raises:
        ValueError: there is no damage, or nothing else.
    """
    damaged = np.array([case.damaged for case in cases], bool)
    return regress(_rows(cases, weights), damaged)


def weigh_unseen(pairs: Sequence[Sequence[Case]], weights: type) -> list[tuple[float, bool]]:
    """Return what each place weighs by what the other parts teach, and whether it is damaged."""
    weighed = []
    for part in range(PARTS):
        others = [case for k, pair in enumerate(pairs) if k % PARTS != part for case in pair]
        intercept, fitted = fit(others, weights)
        mine = [case for pair in pairs[part::PARTS] for case in pair]
        totals = intercept + _rows(mine, weights) @ fitted
        weighed += [(float(one), case.damaged) for one, case in zip(totals, mine, strict=True)]
    return weighed


def tabulate(pairs: Sequence[Sequence[Case]], weights: type) -> Table:
    """Return how many damaged places weigh more than so many of the others."""
    weighed = weigh_unseen(pairs, weights)
    damaged = [weight for weight, hurt in weighed if hurt]
    others = sorted((weight for weight, hurt in weighed if not hurt), reverse=True)
    table = Table("none", "bar", "found", title=f"{len(pairs)} pairs, {len(damaged)} damaged")
    for allowed in FALSE:
        bar = others[allowed] if allowed < len(others) else -np.inf
        found = sum(weight > bar for weight in damaged)
        table.add_row(str(allowed), f"{bar:.2f}", f"{found} = {found / len(damaged):.0%}")
    return table


def _names(weights: type) -> list[str]:
    return [field.name for field in fields(weights) if field.name != "intercept"]


def _rows(cases: Sequence[Case], weights: type) -> Floats:
    names = _names(weights)
    rows = [[float(getattr(case.measures, name)) for name in names] for case in cases]
    return np.array(rows, np.float64).reshape(len(cases), len(names))


def _box_of(stain: Stain) -> Box:
    """Return the box of what may be a stain, in millimetres."""
    rows, columns = np.nonzero(stain.mask)
    left, top, right, low = columns.min(), rows.min(), columns.max() + 1, rows.max() + 1
    px = stain.px_per_mm
    return float(left / px), float(top / px), float(right / px), float(low / px)


def _around(hollow: Hollow) -> Box:
    x, y, radius = hollow.circle
    return x - radius, y - radius, x + radius, y + radius


if __name__ == "__main__":
    sys.exit(main())
