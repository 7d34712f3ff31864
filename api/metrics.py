"""The service's numbers, as Prometheus asks for them: ``GET /metrics``.

Every label has a bounded set of values: routes, methods, kinds of status, stages, states and parts
that the code has words for. Nothing tells of a person, an item, a claim or a photo.
"""

import time
from collections.abc import Iterator
from importlib.metadata import version
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.registry import Collector

from api.dependencies import KEY
from api.problems import problems
from api.roles import METRICS
from evidence.errors import StorageError
from evidence.policy.life import STATES
from evidence.registry.figure_rows import Figures
from evidence.service.parts import Service
from evidence.service.publishing import Publisher
from evidence.service.telemetry import BUCKETS

router = APIRouter(tags=["health"])

_TOTALS_SECONDS = 300.0  # between two looks at every photo's row; counts of a store change slowly
_PARTS = ("original", "reading", "database", "log")  # of what is kept; shown as 0 where whole
_EXAMPLE = """# HELP evidence_claims Claims by the state that they stand in.
# TYPE evidence_claims gauge
evidence_claims{state="opened"} 3.0
"""


class Numbers:
    """All numbers of one app: of its requests, of the service's work, and of what is kept."""

    def __init__(self, service: Service, publisher: Publisher | None) -> None:
        self.registry = registry = CollectorRegistry()
        self.requests = Histogram(
            "evidence_request_seconds",
            "Seconds from a request's head to the end of its answer.",
            ["method", "route", "status"],
            buckets=BUCKETS,
            registry=registry,
        )
        self.uploads = Counter(
            "evidence_uploads", "Photos that were sent, by what became of them.", ["outcome"],
            registry=registry,
        )  # fmt: skip
        registry.register(service.telemetry.registry)
        registry.register(_State(service, publisher))


class _State(Collector):
    """What is read when it is asked for."""

    def __init__(self, service: Service, publisher: Publisher | None) -> None:
        self._service, self._publisher = service, publisher
        self._totals, self._due = (0, 0), float("-inf")

    def collect(self) -> Iterator[Metric]:
        """Read the state of the service; a store that fails is told as such."""
        build = GaugeMetricFamily(
            "evidence_build_info", "The version that runs.", labels=["version"]
        )
        build.add_metric([version("photo-evidence")], 1)
        yield build
        yield from self._work()
        began = time.perf_counter()
        try:
            figures = self._service.registry.figures(self._service.now())
            took = time.perf_counter() - began
            photos, size = self._photos()
        except StorageError:
            yield _gauge("evidence_store_up", "Whether what is kept can be read.", 0)
            return
        yield _gauge("evidence_store_up", "Whether what is kept can be read.", 1)
        yield _gauge("evidence_store_read_seconds", "Seconds that reading these counts took.", took)
        yield _gauge("evidence_store_photos", "Photos whose originals are kept.", photos)
        yield _gauge("evidence_store_photo_bytes", "Bytes of those originals.", size)
        yield from _waiting(figures)
        yield from self._log(figures)

    def _work(self) -> Iterator[Metric]:
        count, at_work = self._service.workers.count, self._service.telemetry.at_work
        yield _gauge("evidence_workers", "Processes that read and compare photos.", count)
        busy = min(count, at_work)
        yield _gauge("evidence_workers_busy", "Of those, how many are at work.", busy)
        waiting = max(0, at_work - count)
        yield _gauge("evidence_work_waiting", "Work that waits for one of them.", waiting)

    def _photos(self) -> tuple[int, int]:
        now = time.monotonic()
        if now >= self._due:
            self._totals = self._service.registry.photo_totals()
            self._due = now + _TOTALS_SECONDS
        return self._totals

    def _log(self, figures: Figures) -> Iterator[Metric]:
        yield _gauge("evidence_log_entries", "Entries of the log.", figures.log_entries)
        signed = figures.log_signed
        yield _gauge("evidence_log_signed_entries", "Of those, under a signed checkpoint.", signed)
        at = None if self._publisher is None else self._publisher.published_at
        if at is not None:
            yield _gauge(
                "evidence_log_published_timestamp_seconds",
                "When the second place last had every checkpoint.",
                at,
            )


def _waiting(figures: Figures) -> Iterator[Metric]:
    claims = GaugeMetricFamily(
        "evidence_claims", "Claims by the state that they stand in.", labels=["state"]
    )
    for state in STATES:
        claims.add_metric([state], figures.claims.get(state, 0))
    yield claims
    late = GaugeMetricFamily(
        "evidence_claims_late",
        "Claims whose deadline has passed: of the window, while nobody has decided; of the return, "
        "while the item is awaited.",
        labels=["deadline"],
    )
    late.add_metric(["window"], figures.undecided_late)
    late.add_metric(["return"], figures.returns_late)
    yield late
    damages = GaugeMetricFamily(
        "evidence_damages", "What was found damaged and is not healed.", labels=["part"]
    )
    for part in sorted({*_PARTS, *figures.damages}):
        damages.add_metric([part], figures.damages.get(part, 0))
    yield damages


def _gauge(name: str, what: str, value: float) -> Metric:
    return GaugeMetricFamily(name, what, value=value)


def _numbers(request: Request) -> Numbers:
    numbers: Numbers = request.app.state.numbers
    return numbers


@router.get(
    METRICS,
    dependencies=[KEY],
    response_class=Response,
    responses={200: {"content": {"text/plain": {"example": _EXAMPLE}}}, **problems()},
)
def read_metrics(numbers: Annotated[Numbers, Depends(_numbers)]) -> Response:
    """Tell how the service fares, for Prometheus; a key for `metrics` may call nothing else."""
    return Response(generate_latest(numbers.registry), media_type=CONTENT_TYPE_PLAIN_0_0_4)
