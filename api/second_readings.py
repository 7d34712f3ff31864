"""Second readings over HTTP: a second person sees the photos, and the score after answering."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from api import examples
from api.callers import CallerDep
from api.dependencies import KEY, ClaimId, OnceDep, ServiceDep
from api.etags import TAGGED, ChangingDep, etag
from api.fields import Sha256
from api.pictures import as_attachment
from api.problems import problems
from api.second_reading_views import (
    AnswerRequest,
    SecondReadingRequest,
    SecondReadingView,
    WithdrawalRequest,
)
from evidence.service.second_readings import (
    answer_second_reading,
    ask_second_reading,
    read_shown_photo,
)

router = APIRouter(
    prefix="/v1/claims/{claim_id}/second-readings", tags=["claims"], dependencies=[KEY]
)
ReadingId = Annotated[int, Path(ge=1, le=2**53, description="its number", examples=[1])]
PhotoId = Annotated[
    Sha256, Path(description="one of the photos shown", examples=[examples.PHOTO_ID])
]
PHOTO = {"schema": {"type": "string", "format": "binary"}, "example": "(the bytes of the file)"}


@router.post(
    "",
    status_code=201,
    response_model=SecondReadingView,
    responses=problems(400, 404, 409, 412, 413),
)
def post_second_reading(
    claim_id: ClaimId,
    request: SecondReadingRequest,
    service: ServiceDep,
    caller: CallerDep,
    expected: ChangingDep,
    once: OnceDep,
) -> Response:
    """Give the claim's photos, as they are now, to a second person."""
    asked_by = caller.acting("asked_by", request.asked_by)

    def ask() -> tuple[int, SecondReadingView]:
        asked = ask_second_reading(
            service,
            claim_id,
            asked_by=asked_by,
            reader=request.reader,
            because=request.reason or "",
            expected=expected,
        )
        return 201, SecondReadingView.of(asked, service)

    return once(request.model_dump(), ask)


@router.get(
    "/{reading_id}",
    responses={200: {"description": "The question and the photos", **TAGGED}, **problems(404)},
)
def read_second_reading(
    claim_id: ClaimId, reading_id: ReadingId, response: Response, service: ServiceDep
) -> SecondReadingView:
    """Read the question and the photos; verdict and decision follow once it is answered.

    It is blind as far as this call goes: other calls show the verdict to any key.
    """
    reading = service.registry.second_reading(claim_id, reading_id)
    response.headers["ETag"] = etag(reading.version)
    return SecondReadingView.of(reading, service)


@router.get(
    "/{reading_id}/photos/{photo_id}",
    response_class=Response,
    responses={
        200: {
            "content": {"application/octet-stream": PHOTO},
            "description": "The photo as it was uploaded, metadata and all",
        },
        **problems(404, 410),
    },
)
def read_second_reading_photo(
    claim_id: ClaimId, reading_id: ReadingId, photo_id: PhotoId, service: ServiceDep
) -> Response:
    """Save one of the photos as it was uploaded; to look at it, ask for its picture."""
    data, media_type = read_shown_photo(service, claim_id, reading_id, photo_id)
    return as_attachment(photo_id, media_type, data)


@router.post(
    "/{reading_id}/answer",
    status_code=201,
    response_model=SecondReadingView,
    responses=problems(400, 404, 409, 410, 412, 413),
)
def post_answer(
    claim_id: ClaimId,
    reading_id: ReadingId,
    request: AnswerRequest,
    service: ServiceDep,
    caller: CallerDep,
    expected: ChangingDep,
    once: OnceDep,
) -> Response:
    """Answer once and for ever; what the comparison and a person say follows beside it."""
    told = request.model_dump()
    told["answered_by"] = caller.acting("answered_by", request.answered_by)

    def answer() -> tuple[int, SecondReadingView]:
        answered = answer_second_reading(service, claim_id, reading_id, **told, expected=expected)
        return 201, SecondReadingView.of(answered, service)

    return once(request.model_dump(), answer)


@router.post(
    "/{reading_id}/withdrawal",
    status_code=201,
    response_model=SecondReadingView,
    responses=problems(400, 404, 409, 412, 413),
)
def post_withdrawal(
    claim_id: ClaimId,
    reading_id: ReadingId,
    request: WithdrawalRequest,
    service: ServiceDep,
    caller: CallerDep,
    expected: ChangingDep,
    once: OnceDep,
) -> Response:
    """Take a second reading back that nobody has answered."""
    withdrawn_by = caller.acting("withdrawn_by", request.withdrawn_by)

    def withdraw() -> tuple[int, SecondReadingView]:
        withdrawn = service.registry.withdraw_second_reading(
            claim_id, reading_id, withdrawn_by, service.now(), expected=expected
        )
        return 201, SecondReadingView.of(withdrawn, service)

    return once(request.model_dump(), withdraw)
