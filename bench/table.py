"""One row a rule: what it catches and what it costs, for the terminal, a page and programs."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np

from bench.measure import Measured
from bench.metrics import Area, count_caught, find_threshold, measure_area
from bench.rules import RULES
from evidence.evaluate import Pair, Rate

ALLOWED = (0.01, 0.0)  # shares of pairs that share a design and may be flagged wrongly


@dataclass(frozen=True, slots=True)
class Row:
    """What one rule reaches.

    Attributes:
        name, title, source: of the rule.
        area: under the ROC curve.
        thresholds: the score below which a pair is flagged, for each of ``ALLOWED``.
        caught: different pairs flagged at each threshold.
        apart: for each ``kind`` and label, pairs flagged at each threshold.
        photo, pair: median processor time in times of decoding one photo whole with Pillow.
        decoding: that unit, median seconds.
        stored: median bytes of a photo's features.
        peak: of the process's memory, bytes.
    """

    name: str
    title: str
    source: str
    area: Area
    thresholds: tuple[float, ...]
    caught: tuple[Rate | None, ...]
    apart: dict[str, tuple[Rate | None, ...]]
    photo: float
    pair: float
    decoding: float
    stored: int
    peak: int


def summarise(pairs: Sequence[Pair], name: str, measured: Measured) -> Row:
    """Return the rule's row.

    Raises:
        ValueError: fewer than two pairs of a label were judged.
    """
    groups: dict[tuple[str, bool], list[float]] = {}
    for pair, score in zip(pairs, measured.scores, strict=True):
        if score is not None:
            key = pair.apart, pair.shares_design
            groups.setdefault(key, []).append(score)
    same, different = (groups.pop(("", shares), []) for shares in (True, False))
    area = measure_area(same, different)
    thresholds = tuple(find_threshold(same, allowed) for allowed in ALLOWED)
    decoding = float(np.median(measured.decoding))
    rule = RULES[name]
    return Row(
        name=name,
        title=rule.title,
        source=rule.source,
        area=area,
        thresholds=thresholds,
        caught=tuple(count_caught(different, t) for t in thresholds),
        apart={
            f"{kind.replace('_', ' ')}, {'same design' if shares else 'different'}": tuple(
                count_caught(scores, t) for t in thresholds
            )
            for (kind, shares), scores in sorted(groups.items())
        },
        photo=float(np.median(np.divide(measured.preparing, measured.decoding))),
        pair=float(np.median(measured.scoring)) / decoding,
        decoding=decoding,
        stored=int(np.median(measured.stored)),
        peak=measured.peak,
    )


def tabulate(rows: Sequence[Row]) -> list[list[str]]:
    """Return the header and a line of cells for each row."""
    kinds = list(rows[0].apart)
    head = ["rule", "caught at 1 %", "at none", "AUC [95 %]", "a photo", "a pair", "stored", "peak"]
    head += [f"{kind}: below at 1 % / none" for kind in kinds]
    return [head, *(_cells(row, kinds) for row in rows)]


def write_markdown(rows: Sequence[Row], notes: Sequence[str]) -> str:
    """Return the table and what has to be known about it; the last row stands out."""
    head, *lines = tabulate(rows)
    lines[-1] = [f"**{cell}**" for cell in lines[-1]]
    rule = ["---", *("---:" for _ in head[1:])]
    table = "\n".join(f"| {' | '.join(cells)} |" for cells in (head, rule, *lines))
    return f"{table}\n\n{' '.join(notes)}\n"


def explain(
    pairs: Sequence[Pair], measured: Mapping[str, Measured], rows: Sequence[Row], where: str
) -> list[str]:
    """Say what was measured, sentence by sentence."""
    plain = [pair for pair in pairs if not pair.apart]
    shares = sum(pair.shares_design for pair in plain)
    refused = sum(score is None for score in next(iter(measured.values())).scores)
    found = [one for one in measured.values() if one.decoding]
    floor = np.median([np.median(np.divide(one.viewing, one.decoding)) for one in found])
    unit = float(np.median([row.decoding for row in rows]))
    pixels = float(np.median(found[0].pixels)) / 1e6
    apart = len(pairs) - len(plain)
    return [
        f"{where}: {shares} pairs share a design, {len(plain) - shares} do not"
        + (f", {apart} of other kinds are counted apart" if apart else "")
        + (f"; {refused} could not be read." if refused else "."),
        "Caught: different pairs that score below a threshold under which at most "
        f"{int(ALLOWED[0] * shares + 1e-9)} (1 %) or none of the pairs that share a design lie.",
        "Time: processor time on one thread, median, in times of decoding the photo whole "
        f"with Pillow ({unit * 1000:.1f} ms, {pixels:.1f} megapixels); a photo includes decoding "
        f"it as the product does, checked, upright, in sRGB, at 1,280 pixels ({floor:.1f} x).",
        "Peak: of a process that runs this rule alone.",
    ]


def to_json(
    pairs: Sequence[Pair], measured: Mapping[str, Measured], rows: Sequence[Row], where: str
) -> dict[str, object]:
    """Return every row, and every pair with its scores."""
    return {
        "pairs_from": where,
        "rules": [asdict(row) for row in rows],
        "pairs": [
            {
                "reference": pair.reference,
                "query": pair.query,
                "label": pair.label,
                "kind": pair.apart,
                "scores": {name: found.scores[i] for name, found in measured.items()},
            }
            for i, pair in enumerate(pairs)
        ],
    }


def _cells(row: Row, kinds: Sequence[str]) -> list[str]:
    return [
        row.title,
        *("-" if rate is None else f"{rate.rate:.1%}" for rate in row.caught),
        f"{row.area.auc:.4f} [{row.area.low:.3f}, {row.area.high:.3f}]",
        _times(row.photo),
        _times(row.pair),
        f"{row.stored / 1000:,.1f} kB",
        f"{row.peak / 1e6:.0f} MB",
        *(_flagged(row.apart[kind]) for kind in kinds),
    ]


def _times(ratio: float) -> str:
    return f"{ratio:.1f} x" if ratio >= 0.1 else f"{ratio:.1g} x"


def _flagged(rates: Sequence[Rate | None]) -> str:
    counts = [rate.count for rate in rates if rate is not None]
    totals = [rate.total for rate in rates if rate is not None]
    return f"{' / '.join(map(str, counts))} of {totals[0]}" if totals else "-"
