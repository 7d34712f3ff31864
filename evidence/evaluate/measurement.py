"""Read every photo once, compare every pair, and note what it took."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from evidence.errors import EvidenceError, UnacceptableError
from evidence.evaluate.outcome import REFUSED, Evaluation, Lap, Look, Outcome
from evidence.evaluate.pairs import Pair
from evidence.evaluate.stages import (
    COMPARING,
    LOADING,
    READING,
    compare_stored,
    read_file,
    time_parts,
)
from evidence.settings import Settings
from evidence.workers import Unfinished, Workers

TIMED = 100  # pairs whose parts are timed alone: enough for a 95 % quantile

Progress = Callable[[str, int, int], None]  # what is done, how many are done, of how many


def evaluate(
    pairs: Sequence[Pair],
    root: Path,
    scratch: Path,
    *,
    settings: Settings,
    workers: Workers,
    parallel: int,
    progress: Progress,
    timed: int = TIMED,
) -> Evaluation:
    """Read every photo once, compare every pair, in the order of the pairs.

    Args:
        pairs: what to compare.
        root: directory that the paths are relative to.
        scratch: empty directory for the readings; ``stored_readings`` says where they are.
        settings: every threshold.
        workers: where photos are read and compared.
        parallel: how many at once.
        progress: told after each step.
        timed: about how many pairs' parts are timed alone, after the work; 0 for none.

    Raises:
        UnacceptableError: a photo's file does not exist.
    """
    names = sorted({name for pair in pairs for name in (pair.reference, pair.query)})
    absent = [name for name in names if not (root / name).is_file()]
    if absent:
        raise UnacceptableError(f"{len(absent)} photos are not there, the first is {absent[0]}")
    run = _Run(root, stored_readings(pairs, scratch), settings, workers)

    def watch(futures: Sequence[Future[Any]], doing: str) -> None:
        for count, future in enumerate(as_completed(futures), start=1):
            future.result()
            progress(doing, count, len(futures))

    with ThreadPoolExecutor(parallel) as threads:
        watch([threads.submit(run.read, name) for name in names], "Reading photos")
        judging = [threads.submit(run.judge, pair) for pair in pairs]
        watch(judging, "Comparing pairs")
        outcomes = tuple(future.result() for future in judging)
        sample = _sample([o.pair for o in outcomes if o.verdict != REFUSED], timed)
        watch([threads.submit(run.time, pair) for pair in sample], "Timing the stages")
    laps = {stage: tuple(laps) for stage, laps in run.laps.items()}
    return Evaluation(outcomes, laps, dict(run.peaks), parallel)


def stored_readings(pairs: Iterable[Pair], scratch: Path) -> dict[str, Path]:
    """Return where the reading of each photo is kept, by the photo's path."""
    names = sorted({name for pair in pairs for name in (pair.reference, pair.query)})
    return {name: scratch / f"{number}.reading" for number, name in enumerate(names)}


@dataclass(slots=True)
class _Run:
    """The state that the threads share; each entry is written by one of them, once."""

    root: Path
    places: dict[str, Path]
    settings: Settings
    workers: Workers
    looks: dict[str, Look] = field(default_factory=dict)
    refusals: dict[str, str] = field(default_factory=dict)
    spent: dict[str, float] = field(default_factory=dict)
    laps: defaultdict[str, list[Lap]] = field(default_factory=lambda: defaultdict(list))
    peaks: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))

    def read(self, name: str) -> None:
        """Read one photo and keep its reading."""
        limit = self.settings.limits.seconds
        try:
            done = self.workers.run(read_file, self.root / name, self.settings, seconds=limit)
        except EvidenceError as error:
            self.refusals[name] = str(error)
            return
        if isinstance(done, Unfinished):
            self.refusals[name] = f"reading it ended without a result: {done.reason}"
            return
        self.places[name].write_bytes(done.data)
        self.looks[name], self.spent[name] = done.look, done.lap.clock
        self.laps[READING].append(done.lap)
        self.peaks["reading"] = max(self.peaks["reading"], done.peak)

    def judge(self, pair: Pair) -> Outcome:
        """Compare one pair."""
        for name in (pair.reference, pair.query):
            if name in self.refusals:
                return _refused(pair, f"{name}: {self.refusals[name]}")
        readings = self.places[pair.reference], self.places[pair.query]
        limit = self.settings.limits.compare_seconds
        try:
            done = self.workers.run(compare_stored, *readings, self.settings, seconds=limit)
        except EvidenceError as error:  # one pair; the others' results are kept
            return _refused(pair, str(error))
        if isinstance(done, Unfinished):
            return _refused(pair, f"comparing ended without a result: {done.reason}")
        self.laps[LOADING].append(done.loading)
        self.laps[COMPARING].append(done.comparing)
        self.peaks["comparing"] = max(self.peaks["comparing"], done.peak)
        verdict = done.verdict
        return Outcome(
            pair,
            verdict.verdict,
            verdict.design.llr,
            verdict.copy.llr,
            tuple(shortfall.code for shortfall in verdict.shortfalls),
            round(done.comparing.clock + self.spent[pair.query], 3),
            verdict.findings,
            (self.looks[pair.reference], self.looks[pair.query]),
        )

    def time(self, pair: Pair) -> None:
        """Time the parts of one comparison; what does not end in time is left out."""
        readings = self.places[pair.reference], self.places[pair.query]
        limit = self.settings.limits.compare_seconds
        done = self.workers.run(time_parts, *readings, self.settings, seconds=limit)
        if not isinstance(done, Unfinished):
            for stage, lap in done.items():
                self.laps[stage].append(lap)


def _refused(pair: Pair, why: str) -> Outcome:
    return Outcome(pair, REFUSED, None, None, (), 0.0, refusal=why)


def _sample(pairs: Sequence[Pair], most: int) -> Sequence[Pair]:
    """Return an even selection."""
    return pairs[:: max(1, -(-len(pairs) // most))] if most else ()
