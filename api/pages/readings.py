"""Second readings: what waits for whom, and one case seen without the score."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from api.dependencies import ClaimId, ServiceDep
from api.etags import etag
from api.pages.case import waiting_for
from api.pages.rendering import ReaderDep, require, show
from api.second_reading_views import SecondReadingView
from evidence.policy.second_reading import is_same_person

router = APIRouter(include_in_schema=False)

_MOST = 200  # that the list shows, the newest
ReadingId = Annotated[int, Path(ge=1, le=2**53)]


@router.get("/readings")
def read_readings(reader: ReaderDep, service: ServiceDep) -> Response:
    """List what waits for the reader, then what waits for others, then what is settled."""
    require(reader, "POST /v1/claims/x/second-readings")
    found = service.registry.recent_second_readings(_MOST)
    mine = service.registry.second_readings_for(reader.name)
    blind = {one.claim_id for one in mine}  # another one's answer would tell the score
    return show(
        reader,
        "readings.html",
        mine=mine,
        others=[one for one in found if one.waits and one not in mine],
        settled=[one for one in found if one.answered is not None and one.claim_id not in blind],
    )


@router.get("/claims/{claim_id}/readings/{reading_id}")
def read_reading(
    reader: ReaderDep, service: ServiceDep, claim_id: ClaimId, reading_id: ReadingId
) -> Response:
    """Show the question and the photos; the score only once it is answered."""
    require(reader, f"GET /v1/claims/{claim_id}/second-readings/{reading_id}")
    reading = service.registry.second_reading(claim_id, reading_id)
    waiting = waiting_for(reader, service.registry.second_readings(claim_id))
    if waiting is not None and waiting.reading_id != reading_id:
        claim = service.registry.claim(claim_id)
        return show(reader, "blind.html", claim=claim, reading=waiting)
    return show(
        reader,
        "reading.html",
        reading=SecondReadingView.of(reading, service),
        etag=etag(reading.version),
        mine=is_same_person(reading.reader, reader.name),
    )
