"""How the service fares, for owners; machines ask ``/metrics``."""

from datetime import UTC, datetime

from fastapi import APIRouter, Response

from api.dependencies import PublisherDep, ServiceDep
from api.pages.rendering import ReaderDep, require, show
from evidence.policy.life import STATES
from evidence.policy.life_wording import STATES as STATE_WORDS

router = APIRouter(include_in_schema=False)


@router.get("/service")
def read_service(reader: ReaderDep, service: ServiceDep, publisher: PublisherDep) -> Response:
    """Show what waits and what is wrong, by the same figures as ``/metrics``."""
    require(reader, "GET /metrics")
    figures = service.registry.figures(reader.now)
    at = None if publisher is None else publisher.published_at
    return show(
        reader,
        "service.html",
        figures=figures,
        claims=[(STATE_WORDS[state], figures.claims.get(state, 0)) for state in STATES],
        damaged=sum(figures.damages.values()),
        workers=service.workers.count,
        at_work=service.telemetry.at_work,
        publisher=publisher,
        published_at=None if at is None else datetime.fromtimestamp(at, UTC),
    )
