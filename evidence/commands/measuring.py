"""What ``evidence evaluate`` and ``evidence calibrate`` share: pairs, read and compared."""

import os
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from evidence.commands.configuration import read_config, read_settings
from evidence.commands.refusal import refusing

if TYPE_CHECKING:
    from evidence.evaluate import Evaluation, Pair
    from evidence.settings import Settings
    from evidence.workers import Workers

PairsFile = Annotated[
    Path, typer.Argument(show_default=False, help="CSV: reference, query, label, confidence")
]
Root = Annotated[
    Path | None, typer.Option(help="where the photos' paths start; default: beside the CSV")
]


@dataclass(frozen=True, slots=True)
class Bench:
    """What pairs are measured with.

    Attributes:
        settings: every threshold.
        workers: where photos are read and compared.
        parallel: how many at once.
        scratch: directory for the readings, gone afterwards.
    """

    settings: "Settings"
    workers: "Workers"
    parallel: int
    scratch: Path


@contextmanager
def open_bench() -> Iterator[Bench]:
    """Start workers as the environment says, and stop them."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from evidence.workers import Workers

    config = read_config()
    settings = read_settings(config)
    workers = Workers(
        count=config.workers,
        waiting=0,
        memory=settings.limits.worker_memory,
        readable=[Path("/")],  # the photos that are measured lie anywhere
    )
    with closing(workers), TemporaryDirectory() as name:
        yield Bench(settings, workers, config.workers, Path(name))


def measure(bench: Bench, pairs: Path, root: Path | None, *, timed: bool) -> "Evaluation":
    """Compare all labelled pairs, or end with one line that says why they cannot be used."""
    from evidence.evaluate import load_pairs

    with refusing(pairs):
        table = load_pairs(pairs.read_text(encoding="utf-8-sig"))
        return measure_pairs(bench, table, root or pairs.parent, timed=timed)


def measure_pairs(
    bench: Bench, pairs: Sequence["Pair"], root: Path, *, timed: bool
) -> "Evaluation":
    """Compare labelled pairs of photos under ``root``.

    Raises:
        UnacceptableError: a photo's file does not exist.
    """
    from evidence.evaluate import evaluate
    from evidence.evaluate.measurement import TIMED
    from evidence.terminal import show_progress

    with show_progress() as show:
        return evaluate(
            pairs,
            root,
            bench.scratch,
            settings=bench.settings,
            workers=bench.workers,
            parallel=bench.parallel,
            progress=show,
            timed=TIMED if timed else 0,
        )
