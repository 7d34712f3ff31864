"""Error rates of the whole way on labelled pairs of photos."""

import csv
import io
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.stats import beta

from evidence.comparison.compare import compare
from evidence.comparison.verdict import Verdict
from evidence.errors import PhotoError, UnacceptableError
from evidence.photo.reading import Reading, read_photo
from evidence.settings import Settings
from evidence.workers import Unfinished, Workers

LABELS = ("same_item", "same_design", "different")
COLUMNS = ("reference", "query", "label", "confidence")
REFUSED = "refused"  # beside the verdicts: a photo of the pair could not be read

Progress = Callable[[str, int, int], None]  # what is done, how many are done, of how many


@dataclass(frozen=True, slots=True)
class Pair:
    """One labelled pair.

    Attributes:
        reference: path of the reference, relative to the root.
        query: path of the query, relative to the root.
        label: ``same_item``, ``same_design`` or ``different``.
        confidence: how sure the label is, as its maker wrote it.
        others: the columns that this program does not know.
    """

    reference: str
    query: str
    label: str
    confidence: str
    others: dict[str, str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one pair; ``seconds`` is what a claim pays: reading the query, comparing."""

    pair: Pair
    verdict: str
    design_llr: float | None
    copy_llr: float | None
    shortfalls: tuple[str, ...]
    seconds: float

    def to_json(self) -> dict[str, Any]:
        """Return one of ``pairs[]`` of the contract."""
        facts = asdict(self)
        pair = facts.pop("pair")
        return {**pair.pop("others"), **pair, **facts}


@dataclass(frozen=True, slots=True)
class Rate:
    """A share with its 95 % bounds."""

    count: int
    total: int
    rate: float
    low: float
    high: float


def load_pairs(text: str) -> tuple[Pair, ...]:
    """Read labelled pairs from CSV.

    Raises:
        UnacceptableError: a column is missing, a label is unknown or there are no pairs.
    """
    table = csv.DictReader(io.StringIO(text))
    missing = [name for name in COLUMNS[:3] if name not in (table.fieldnames or ())]
    if missing:
        raise UnacceptableError(f"the table lacks the column {', '.join(missing)}")
    pairs = []
    for line, row in enumerate(table, start=2):
        if row["label"] not in LABELS:
            raise UnacceptableError(f"line {line}: the label is none of {', '.join(LABELS)}")
        others = {k: v or "" for k, v in row.items() if k is not None and k not in COLUMNS}
        known = (row["reference"], row["query"], row["label"], row.get("confidence") or "")
        pairs.append(Pair(*known, others))
    if not pairs:
        raise UnacceptableError("the table has no pairs")
    return tuple(pairs)


def evaluate(
    pairs: Sequence[Pair],
    root: Path,
    scratch: Path,
    *,
    settings: Settings,
    workers: Workers,
    parallel: int,
    progress: Progress,
) -> tuple[Outcome, ...]:
    """Read every photo once, compare every pair, in the order of the pairs.

    Args:
        pairs: what to compare.
        root: directory that the paths are relative to.
        scratch: empty directory for the readings.
        settings: every threshold.
        workers: where photos are read and compared.
        parallel: how many at once.
        progress: told after each step.

    Raises:
        UnacceptableError: a photo's file does not exist.
    """
    names = sorted({name for pair in pairs for name in (pair.reference, pair.query)})
    absent = [name for name in names if not (root / name).is_file()]
    if absent:
        raise UnacceptableError(f"{len(absent)} photos are not there, the first is {absent[0]}")
    limit = settings.limits.seconds
    places = {name: scratch / f"{number}.reading" for number, name in enumerate(names)}
    spent: dict[str, float] = {}

    def read(name: str) -> None:
        try:
            done = workers.run(_read, root / name, settings, seconds=limit)
        except PhotoError:
            return
        if not isinstance(done, Unfinished):
            data, spent[name] = done
            places[name].write_bytes(data)

    def judge(pair: Pair) -> Outcome:
        if pair.reference not in spent or pair.query not in spent:
            return Outcome(pair, REFUSED, None, None, (), 0.0)
        readings = places[pair.reference], places[pair.query]
        done = workers.run(_compare, *readings, settings, seconds=limit)
        if isinstance(done, Unfinished):
            return Outcome(pair, REFUSED, None, None, (), limit)
        verdict, seconds = done
        shortfalls = tuple(shortfall.code for shortfall in verdict.shortfalls)
        llrs = verdict.design.llr, verdict.copy.llr
        return Outcome(
            pair, verdict.verdict, *llrs, shortfalls, round(seconds + spent[pair.query], 3)
        )

    def watch(futures: Sequence[Future[Any]], doing: str) -> None:
        for count, future in enumerate(as_completed(futures), start=1):
            future.result()
            progress(doing, count, len(futures))

    with ThreadPoolExecutor(parallel) as threads:
        watch([threads.submit(read, name) for name in names], "Reading photos")
        judging = [threads.submit(judge, pair) for pair in pairs]
        watch(judging, "Comparing pairs")
    return tuple(future.result() for future in judging)


def summarise(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Return the ``summary``: rates per label and verdict, Cllr, abstentions, seconds.

    Products with the same artwork (column ``kind``) are counted apart, since they are
    another, harder question; so are pairs with a refused photo in Cllr and seconds.
    """
    groups: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        groups.setdefault(_group(outcome.pair), []).append(outcome)
    judged = [outcome for outcome in outcomes if outcome.verdict != REFUSED]
    plain = [o for o in judged if not o.pair.others.get("kind")]
    same = [o.design_llr for o in plain if o.pair.label != "different" and o.design_llr is not None]
    other = [
        o.design_llr for o in plain if o.pair.label == "different" and o.design_llr is not None
    ]
    seconds = [outcome.seconds for outcome in judged] or [0.0]
    abstained = sum(outcome.verdict == "inconclusive" for outcome in outcomes)
    return {
        "pairs": len(outcomes),
        "labels": {label: _rates(group) for label, group in sorted(groups.items())},
        "cllr": cllr(same, other),
        "abstentions": asdict(clopper_pearson(abstained, len(outcomes))),
        "seconds": {
            "median": round(float(np.median(seconds)), 3),
            "p95": round(float(np.quantile(seconds, 0.95)), 3),
        },
    }


def clopper_pearson(count: int, total: int, *, level: float = 0.95) -> Rate:
    """Return a share with its exact two-sided bounds.

    Args:
        count: how often it happened, in [0, total].
        total: how often it could have.
        level: of confidence, in (0, 1).

    Raises:
        ValueError: the counts are out of range.

    Source:
        Clopper and Pearson, Biometrika 1934.
    """
    if not 0 <= count <= total or total < 1:
        raise ValueError(f"out of range: {count=}, {total=}")
    tail = (1 - level) / 2
    low = float(beta.ppf(tail, count, total - count + 1)) if count else 0.0
    high = float(beta.ppf(1 - tail, count + 1, total - count)) if count < total else 1.0
    return Rate(count, total, round(count / total, 4), round(low, 4), round(high, 4))


def cllr(same: Iterable[float], different: Iterable[float]) -> float | None:
    """Return the cost of log10 likelihood ratios: 0 is perfect, 1 says nothing.

    Args:
        same: llr of pairs that are the same.
        different: llr of pairs that are not.

    Returns:
        The cost, None where one side has no pair.

    Source:
        Brümmer and du Preez, Computer Speech and Language 2006.
    """
    for_same, for_other = np.array(list(same)), np.array(list(different))
    if not len(for_same) or not len(for_other):
        return None
    miss = np.log2(1 + 10.0**-for_same).mean()
    alarm = np.log2(1 + 10.0**for_other).mean()
    return round(float(miss + alarm) / 2, 4)


def _group(pair: Pair) -> str:
    kind = pair.others.get("kind")
    return f"{pair.label} ({kind})" if kind else pair.label


def _rates(group: Sequence[Outcome]) -> Mapping[str, dict[str, Any]]:
    counts = Counter(outcome.verdict for outcome in group)
    return {
        verdict: asdict(clopper_pearson(count, len(group)))
        for verdict, count in sorted(counts.items())
    }


def _read(path: Path, settings: Settings) -> tuple[bytes, float]:
    start = time.perf_counter()
    reading = read_photo(path.read_bytes(), settings=settings)
    return reading.to_bytes(), time.perf_counter() - start


def _compare(reference: Path, query: Path, settings: Settings) -> tuple[Verdict, float]:
    readings = [Reading.from_bytes(path.read_bytes()) for path in (reference, query)]
    start = time.perf_counter()
    verdict = compare(readings[0], readings[1], settings=settings)
    return verdict, time.perf_counter() - start
