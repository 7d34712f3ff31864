"""Run rules over labelled pairs, each alone in a process of its own, on one thread."""

import io
import multiprocessing
import os
import resource
import sys
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from pathlib import Path
from tempfile import TemporaryDirectory

import cv2
import numpy as np
from PIL import Image

from bench.rule import Features, Rule, view
from bench.rules import RULES
from evidence.errors import PhotoError, UnacceptableError
from evidence.evaluate import Pair, Progress

THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


@dataclass(slots=True)
class Measured:
    """What one rule did.

    Attributes:
        scores: in the order of the pairs, None where a photo was refused.
        decoding: processor seconds of decoding each photo whole with Pillow.
        viewing: the same as the product decodes, checked, upright, in sRGB, shrunk.
        preparing: the same of ``prepare``, which includes viewing.
        scoring: processor seconds of ``score``, pair by pair.
        stored: bytes of each photo's features.
        pixels: width x height of each photo.
        peak: of the process's memory, in bytes.
    """

    scores: list[float | None] = field(default_factory=list)
    decoding: list[float] = field(default_factory=list)
    viewing: list[float] = field(default_factory=list)
    preparing: list[float] = field(default_factory=list)
    scoring: list[float] = field(default_factory=list)
    stored: list[int] = field(default_factory=list)
    pixels: list[int] = field(default_factory=list)
    peak: int = 0


def measure_rules(
    rules: Sequence[str], pairs: Sequence[Pair], root: Path, *, processes: int, progress: Progress
) -> dict[str, Measured]:
    """Run every rule over every pair.

    Args:
        rules: names, run in this order.
        pairs: what to compare.
        root: directory that the pairs' paths are relative to.
        processes: how many rules run at once.
        progress: told of each photo and pair.

    Raises:
        UnacceptableError: a photo's file does not exist.
        RuntimeError: a rule failed; its traceback is on standard error.
    """
    absent = [n for pair in pairs for n in (pair.reference, pair.query) if not (root / n).is_file()]
    if absent:
        raise UnacceptableError(f"{len(absent)} photos are not there, the first is {absent[0]}")
    for name in THREADS:  # read when numpy is first imported, so before the processes start
        os.environ[name] = "1"
    waiting, done = deque(rules), dict[str, Measured]()
    running: dict[Connection, tuple[str, SpawnProcess]] = {}
    try:
        while waiting or running:
            while waiting and len(running) < processes:
                mine, process = _start(waiting[0], pairs, root)
                running[mine] = waiting.popleft(), process
            for pipe in wait(list(running)):
                assert isinstance(pipe, Connection)  # noqa: S101  # wait() forgets the type
                name, process = running[pipe]
                try:
                    told = pipe.recv()
                except EOFError:
                    raise RuntimeError(f"the rule {name} failed") from None
                if isinstance(told, Measured):
                    done[name] = told
                    del running[pipe]
                    process.join()
                else:
                    progress(RULES[name].title, *told)
    finally:
        for _, process in running.values():
            process.terminate()
    return {name: done[name] for name in rules}


def measure(
    rule: Rule, pairs: Sequence[Pair], root: Path, tell: Callable[[int, int], None]
) -> Measured:
    """Run one rule here; features wait on the disk, so memory does not grow with the pairs."""
    names = sorted({name for pair in pairs for name in (pair.reference, pair.query)})
    total, result = len(names) + len(pairs), Measured()
    with TemporaryDirectory() as scratch:
        places = {name: Path(scratch, f"{number}.npz") for number, name in enumerate(names)}
        for count, name in enumerate(names, start=1):
            _prepare(rule, (root / name).read_bytes(), places[name], result)
            tell(count, total)
        for count, pair in enumerate(pairs, start=len(names) + 1):
            ours = places[pair.reference], places[pair.query]
            result.scores.append(_score(rule, *ours, result))
            tell(count, total)
    result.peak = _peak_memory()
    return result


def _prepare(rule: Rule, data: bytes, place: Path, result: Measured) -> None:
    start = time.process_time()
    try:
        features = rule.prepare(data)
    except PhotoError:
        return
    prepared = time.process_time()
    with Image.open(io.BytesIO(data)) as image:
        image.load()
        result.pixels.append(image.width * image.height)
    decoded = time.process_time()
    view(data)
    result.viewing.append(time.process_time() - decoded)
    result.decoding.append(decoded - prepared)
    result.preparing.append(prepared - start)
    result.stored.append(sum(array.nbytes for array in features.values()))
    np.savez(place, allow_pickle=False, **features)


def _score(rule: Rule, reference: Path, query: Path, result: Measured) -> float | None:
    if not (reference.exists() and query.exists()):
        return None
    features = [_load(place) for place in (reference, query)]
    start = time.process_time()
    score = rule.score(features[0], features[1])
    result.scoring.append(time.process_time() - start)
    return score


def _load(place: Path) -> Features:
    with np.load(place, allow_pickle=False) as stored:
        return {name: stored[name] for name in stored.files}


def _start(name: str, pairs: Sequence[Pair], root: Path) -> tuple[Connection, SpawnProcess]:
    context = multiprocessing.get_context("spawn")
    mine, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(name, pairs, root, theirs), daemon=True)
    process.start()
    theirs.close()  # or the end of the process would not be seen here
    return mine, process


def _work(name: str, pairs: Sequence[Pair], root: Path, pipe: Connection) -> None:
    cv2.setNumThreads(1)
    pipe.send(measure(RULES[name], pairs, root, lambda count, total: pipe.send((count, total))))


def _peak_memory() -> int:
    """Return this process's peak in bytes; without what its parent had before it was started."""
    try:
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) * 1024
    except (OSError, StopIteration):
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak if sys.platform == "darwin" else peak * 1024
