"""``python -m bench.changes DIR``: which damages are found, and what is called damage and is none.

DIR is written by ``python -m fixtures copies DIR --kind damage`` (or ``plain``: no damage at all).
A damage of 1 mm and more counts as found where a region overlaps its box by half, intersection
over union, both on a card of nominal size: a card is cut a little larger or smaller, which no photo
tells. Damages of one kind that overlap may share a region. A region is false where less than half
of it lies in the box of any damage. Places that one photo hides are no regions here.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import track
from rich.table import Table

from evidence.comparison.compare import compare
from evidence.errors import EvidenceError
from evidence.evaluate import Pair, clopper_pearson, load_pairs
from evidence.photo.reading import read_photo
from evidence.settings import Settings

SETTINGS = Settings()  # as shipped
NOMINAL_MM = 63.0, 88.0
LEAST_MM = 1.0  # of a damage's longer side
OVERLAP = 0.5
INSIDE = 0.5

Box = tuple[float, float, float, float]  # left, top, right, bottom in mm


@dataclass(frozen=True, slots=True)
class Damage:
    """One damage that only the query shows.

    Attributes:
        pair: the query's file.
        kind: what was done to the card.
        box: where, on a card of nominal size.
        overlap: with the region that overlaps it most, intersection over union.
        called: that region's kind; None where no region overlaps it.
    """

    pair: str
    kind: str
    box: Box
    overlap: float
    called: str | None

    @property
    def found(self) -> bool:
        """Whether it counts as found."""
        return self.overlap >= OVERLAP


@dataclass(frozen=True, slots=True)
class Judged:
    """A pair's damages, and the regions, by kind and box, that are none."""

    damages: tuple[Damage, ...]
    false: tuple[tuple[str, Box], ...]


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare the pairs and show the table; 0 done, 2 the input cannot be used."""
    parser = argparse.ArgumentParser(prog="python -m bench.changes", description=__doc__)
    parser.add_argument("directory", type=Path)
    parser.add_argument("--json", type=Path, help="write what became of every damage here")
    chosen = parser.parse_args(arguments)
    try:
        pairs = load_pairs((chosen.directory / "pairs.csv").read_text(encoding="utf-8"))
        same = [pair for pair in pairs if pair.label == "same_item"]
        progress = track(judge_pairs(same, chosen.directory), total=len(same), transient=True)
        judged = list(progress)
    except (EvidenceError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    Console().print(tabulate(judged))
    if chosen.json is not None:
        text = json.dumps([asdict(one) for one in judged], indent=1)
        chosen.json.write_text(text + "\n", encoding="utf-8")
    return 0


def judge_pairs(pairs: Sequence[Pair], root: Path) -> Iterator[Judged]:
    """Yield what became of each pair's damages.

    Raises:
        PhotoError: a photo cannot be read.
        OSError: a photo's file, or the truth about a pair, cannot be opened.
    """
    for pair in pairs:
        name = pair.query.removesuffix("-query.jpg")
        truth = json.loads((root / f"{name}-truth.json").read_text(encoding="utf-8"))
        reference, query = (
            read_photo((root / photo).read_bytes(), settings=SETTINGS)
            for photo in (pair.reference, pair.query)
        )
        verdict = compare(reference, query, settings=SETTINGS)
        regions = [
            (one.kind, (one.x, one.y, one.x + one.width, one.y + one.height))
            for one in verdict.regions
            if one.kind != "hidden"
        ]
        yield judge(pair.query, new_damages(truth), regions)


def new_damages(truth: dict[str, Any]) -> list[tuple[str, Box]]:
    """Return (kind, box) of what only the query's card bears, on a card of nominal size."""
    wide, tall = truth["query"]["cut"]["size_mm"]
    across, down = NOMINAL_MM[0] / wide, NOMINAL_MM[1] / tall
    found: list[tuple[str, Box]] = []
    for one in truth["query"]["damages"]:
        if one in truth["reference"]["damages"]:
            continue
        left, top = max(one["x"] * across, 0.0), max(one["y"] * down, 0.0)
        right = min((one["x"] + one["width"]) * across, NOMINAL_MM[0])
        low = min((one["y"] + one["height"]) * down, NOMINAL_MM[1])
        if max(right - left, low - top) >= LEAST_MM:
            found.append((one["kind"], (left, top, right, low)))
    return found


def judge(
    pair: str, damages: Sequence[tuple[str, Box]], regions: Sequence[tuple[str, Box]]
) -> Judged:
    """Hold the regions that were told against the damages that are there."""
    rows = []
    for kind, box in damages:
        alike = [other for name, other in damages if name == kind and _shared(box, other) > 0]
        boxes = {box, _around(alike)}
        ranked = [(max(overlap(one, place) for one in boxes), name) for name, place in regions]
        shared, called = max(ranked, default=(0.0, ""))
        rows.append(Damage(pair, kind, box, shared, called if shared > 0 else None))
    false = [
        one for one in regions if all(share_within(one[1], box) < INSIDE for _, box in damages)
    ]
    return Judged(tuple(rows), tuple(false))


def overlap(one: Box, other: Box) -> float:
    """Return the intersection over union of two boxes."""
    both = _shared(one, other)
    union = _area(one) + _area(other) - both
    return both / union if union > 0 else 0.0


def share_within(one: Box, other: Box) -> float:
    """Return what share of a box lies in another."""
    return _shared(one, other) / max(_area(one), 1e-9)


def _around(boxes: Sequence[Box]) -> Box:
    left, top, right, low = zip(*boxes, strict=True)
    return min(left), min(top), max(right), max(low)


def _shared(one: Box, other: Box) -> float:
    wide = min(one[2], other[2]) - max(one[0], other[0])
    tall = min(one[3], other[3]) - max(one[1], other[1])
    return max(wide, 0.0) * max(tall, 0.0)


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def tabulate(judged: Sequence[Judged]) -> Table:
    """Return a row for each kind of damage and one for all, with exact 95 % bounds."""
    false = sum(len(one.false) for one in judged)
    table = Table(
        "damage",
        "there",
        "found",
        title=f"{len(judged)} pairs, {false / max(len(judged), 1):.2f} false regions a pair",
    )
    damages = [damage for one in judged for damage in one.damages]
    kinds = sorted({damage.kind for damage in damages})
    groups = [(kind, [one for one in damages if one.kind == kind]) for kind in kinds]
    for name, group in (*groups, ("all", damages)):
        if group:
            rate = clopper_pearson(sum(one.found for one in group), len(group))
            share = f"{rate.count} = {rate.rate:.0%} ({rate.low:.0%} to {rate.high:.0%})"
            table.add_row(name, str(len(group)), share)
    return table


if __name__ == "__main__":
    sys.exit(main())
