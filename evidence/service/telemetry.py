"""What a service tells of its own work to whoever runs it: numbers, and spans if they are wanted.

No label has more values than the code has words for it, and none is about a person, an item or a
claim. Nothing is sent anywhere by this module: numbers wait to be asked for, and spans go where
the given provider sends them.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal, get_args

from opentelemetry.trace import Span, TracerProvider, get_tracer
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
)

from evidence.measured import Measured
from evidence.workers import Reason

# A time beside every number, which nobody asks for.
disable_created_metrics()  # type: ignore[no-untyped-call]

Stage = Literal[
    "decode", "read", "facts", "codes", "store", "print", "compare", "expose", "search", "rules",
    "draw", "cover",
]  # fmt: skip
# From a look at what is remembered to a comparison's limit.
BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Telemetry:
    """Numbers and spans of one service; safe to share among threads.

    Attributes:
        registry: where the numbers are.
        tracer_provider: where spans go; None for wherever OpenTelemetry is set up to, if it is.
    """

    def __init__(self, tracer_provider: TracerProvider | None = None) -> None:
        self.registry = registry = CollectorRegistry()
        self.tracer_provider = tracer_provider
        self._tracer = get_tracer("photo-evidence", tracer_provider=tracer_provider)
        self._counting = threading.Lock()
        self._at_work = 0
        self.seconds = Histogram(
            "evidence_stage_seconds",
            "Seconds that a stage took; in a worker, without the wait for one.",
            ["stage"],
            buckets=BUCKETS,
            registry=registry,
        )
        self.peak = Gauge(
            "evidence_stage_peak_memory_bytes",
            "Most memory that a worker held at the end of this stage, where the stage raised it.",
            ["stage"],
            registry=registry,
        )
        self.waits = Histogram(
            "evidence_worker_wait_seconds",
            "Seconds that work waited for a worker, pipes included.",
            buckets=BUCKETS,
            registry=registry,
        )
        self.unfinished = Counter(
            "evidence_work_unfinished",
            "Work that ended without a result: its worker was killed, died, or gave up.",
            ["reason"],
            registry=registry,
        )
        for reason in get_args(Reason):
            self.unfinished.labels(reason)
        self.refused = Counter(
            "evidence_work_refused",
            "Work that found every worker taken and the queue full.",
            registry=registry,
        )
        ProcessCollector(registry=registry)
        self._peaks: dict[str, int] = {}

    @property
    def at_work(self) -> int:
        """How much work is in workers or waits for one."""
        return self._at_work

    @contextmanager
    def stage(self, stage: Stage) -> Iterator[Span]:
        """Time the block and give it a span, whether it succeeds or not."""
        began = time.perf_counter()
        with self._tracer.start_as_current_span(stage) as span:
            try:
                yield span
            finally:
                self.seconds.labels(stage).observe(time.perf_counter() - began)

    @contextmanager
    def waiting(self, stage: Stage) -> Iterator[Span]:
        """Count the block, which waits for a worker and its work, and give it a span."""
        self._count(1)
        try:
            with self._tracer.start_as_current_span(stage) as span:
                yield span
        finally:
            self._count(-1)

    def tell(self, done: Measured, *, since: float) -> None:
        """Take in what a worker measured.

        Args:
            done: what came back.
            since: ``time.perf_counter`` of when it was asked for.
        """
        whole = done.stretches[-1]
        self.waits.observe(max(0.0, time.perf_counter() - since - whole.seconds))
        for stretch in done.stretches:
            self.seconds.labels(stretch.stage).observe(stretch.seconds)
            span = self._tracer.start_span(f"{stretch.stage} in worker", start_time=stretch.began)
            span.end(stretch.ended)
        if done.peak:
            self._raise_peak(whole.stage, done.peak)

    def _count(self, more: int) -> None:
        with self._counting:
            self._at_work += more

    def _raise_peak(self, stage: str, peak: int) -> None:
        with self._counting:
            if peak > self._peaks.get(stage, 0):
                self._peaks[stage] = peak
                self.peak.labels(stage).set(peak)
