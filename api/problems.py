"""Turn everything that goes wrong into problem details (RFC 9457)."""

import json
import logging
import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from api.field_faults import tell_fault
from api.headers import SAFE_HEADERS
from api.request_ids import HEADER, request_id
from evidence.errors import (
    BusyError,
    CalibrationError,
    ConflictError,
    DamagedOriginalError,
    DamagedPhotoError,
    ErasedError,
    EvidenceError,
    MissingViewsError,
    NoteError,
    NotFoundError,
    PhotoError,
    PhotoTooLargeError,
    PolicyDocumentError,
    QueueFullError,
    SealedError,
    SettingsError,
    StaleError,
    StorageError,
    StorageFullError,
    TamperedLogError,
    TimestampError,
    UnacceptableError,
    UnsafeStorageError,
    UnsupportedPhotoError,
    WeakPasswordError,
    WrongDigestError,
)

STATUS: dict[type[EvidenceError], int] = {
    UnsupportedPhotoError: 415,
    PhotoTooLargeError: 413,
    DamagedPhotoError: 422,
    WrongDigestError: 422,
    NotFoundError: 404,
    ErasedError: 410,
    ConflictError: 409,
    MissingViewsError: 409,
    SealedError: 409,
    StaleError: 412,
    UnacceptableError: 422,
    WeakPasswordError: 422,
    BusyError: 503,
    QueueFullError: 429,
    CalibrationError: 500,
    PolicyDocumentError: 500,
    SettingsError: 500,
    NoteError: 500,
    TimestampError: 503,
    StorageError: 503,
    StorageFullError: 507,
    UnsafeStorageError: 503,
    TamperedLogError: 503,
    DamagedOriginalError: 500,
}
ADVICE = {  # status -> header that tells the client how to go on
    401: {"WWW-Authenticate": 'Bearer realm="photo-evidence"'},
    413: {"Connection": "close"},  # else the server goes on reading what it refused
    503: {"Retry-After": "2"},
}
MEDIA_TYPE = "application/problem+json"

_log = logging.getLogger(__name__)


class FieldError(BaseModel):
    """One value that cannot be taken."""

    field: str = Field(description="where it is", examples=["body.declared_value.currency"])
    message: str = Field(description="what is wrong", examples=["Field required"])
    ja: str | None = Field(
        default=None, description="the same in Japanese, where a person is to read it"
    )


class Problem(BaseModel):
    """Body of every answer that is no success."""

    type: str = Field(
        description="stable name of the problem; `about:blank` says no more than the status",
        examples=["urn:photo-evidence:problem:missing-views"],
    )
    title: str = Field(description="the same in words", examples=["Missing views"])
    status: int = Field(description="the HTTP status", examples=[409])
    detail: str = Field(
        description="what is wrong this time, and what to do",
        examples=["before sealing item-1, photograph its back"],
    )
    detail_ja: str | None = Field(
        default=None,
        description="the same in Japanese, where a person is to read it",
        examples=["商品 item-1 を確定する前に、裏面を撮影してください。"],
    )
    request_id: str | None = Field(
        default=None,
        description="names the request in the service's own log; `X-Request-ID` of the answer",
        examples=["0b6f2f1c6a3e4a519d6c1f0e8f9b2a77"],
    )
    errors: list[FieldError] | None = Field(
        default=None, description="each value that cannot be taken, where there are several"
    )


class ProblemError(HTTPException):
    """A refusal of the interface's own; ``errors`` names each value that cannot be taken."""

    def __init__(
        self,
        status: int,
        en: str,
        ja: str,
        errors: list[FieldError] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(status, en, headers)
        self.ja = ja
        self.errors = errors


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the ``responses=`` of a route that may fail with these statuses.

    Those that every route under the key may fail with are added.
    """
    return refusals(*statuses, *_ALWAYS)


def refusals(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the ``responses=`` of a route that fails with these statuses and no others."""
    return {
        status: {
            "model": Problem,
            "description": HTTPStatus(status).phrase,
            "content": {MEDIA_TYPE: {"example": _problem(status, _EXAMPLES[status])}},
        }
        for status in sorted(set(statuses))
    }


def refusal(
    status: int,
    en: str,
    ja: str | None,
    *,
    error: type[EvidenceError] | None = None,
    errors: list[FieldError] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return the answer for a problem; ``error`` gives it a type of its own."""
    problem = _problem(status, en, ja, error, errors)
    named = {HEADER: problem["request_id"]} if "request_id" in problem else {}
    # ASCII, so that no lone surrogate that a client sent can break the answer.
    return Response(
        json.dumps(problem),
        status,
        {**SAFE_HEADERS, **named, **ADVICE.get(status, {}), **(headers or {})},
        MEDIA_TYPE,
    )


def refuse_error(error: EvidenceError) -> Response:
    """Return the answer for one of our own errors; log what is our own fault."""
    kind = next(cls for cls in type(error).__mro__ if cls in STATUS or cls is EvidenceError)
    status = STATUS.get(kind, 500)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR and kind is not BusyError:
        _log.error("%s", error, exc_info=error)
    en, ja, errors = str(error), error.ja, None
    if isinstance(error, WeakPasswordError):
        errors = [FieldError(field="body.password", message=en, ja=ja)]
    headers = {"Retry-After": str(error.wait)} if isinstance(error, QueueFullError) else None
    return refusal(status, en, ja, error=type(error), errors=errors, headers=headers)


def add_problem_handlers(app: FastAPI) -> None:
    """Answer our errors, FastAPI's, Starlette's and unknown ones as problem details."""

    def ours(request: Request, error: EvidenceError) -> Response:
        if isinstance(error, PhotoError):
            request.state.refused_photo = error.photo_id  # for the log
        return refuse_error(error)

    def invalid(request: Request, error: RequestValidationError) -> Response:
        errors = [
            FieldError(
                field=(field := ".".join(map(str, one["loc"]))),
                message=one["msg"],
                ja=tell_fault(field, one["type"], one.get("ctx", {})),
            )
            for one in error.errors()
        ]
        return refusal(
            422,
            "the request does not fit: see errors",
            "入力に不足または誤りがあります。",
            errors=errors,
        )

    def http(request: Request, error: HTTPException) -> Response:
        en = error.detail or HTTPStatus(error.status_code).description
        ja, errors = _FRAMEWORKS.get(error.status_code), None
        if isinstance(error, ProblemError):
            ja, errors = error.ja, error.errors
        return refusal(error.status_code, en, ja, errors=errors, headers=error.headers)

    def unknown(request: Request, error: Exception) -> Response:  # the server logs the error
        return refusal(
            500,
            "a fault of the service, not of the request; the log says why",
            "サービスの不具合です。しばらくしてからもう一度試し、"
            "続く場合はオーナーにお知らせください。",
        )

    app.add_exception_handler(EvidenceError, ours)  # type: ignore[arg-type]
    app.add_exception_handler(RequestValidationError, invalid)  # type: ignore[arg-type]
    app.add_exception_handler(HTTPException, http)  # type: ignore[arg-type]
    app.add_exception_handler(Exception, unknown)


def only_problems(schema: dict[str, Any]) -> dict[str, Any]:
    """Return an OpenAPI whose failures are problem details and nothing else.

    FastAPI puts a response's model under the route's own media type, whatever is sent.
    """
    for call in (call for path in schema["paths"].values() for call in path.values()):
        for answer in call["responses"].values():
            problem = answer.get("content", {}).get(MEDIA_TYPE)
            if problem is not None:
                problem["schema"] = {"$ref": f"#/components/schemas/{Problem.__name__}"}
                answer["content"] = {MEDIA_TYPE: problem}
    return schema


def _problem(
    status: int,
    en: str,
    ja: str | None = None,
    error: type[EvidenceError] | None = None,
    errors: list[FieldError] | None = None,
) -> dict[str, Any]:
    if error is None:
        kind, title = "about:blank", HTTPStatus(status).phrase
    else:
        words = re.findall("[A-Z][a-z]+", error.__name__.removesuffix("Error"))
        title = " ".join(words).capitalize()
        kind = f"urn:photo-evidence:problem:{title.lower().replace(' ', '-')}"
    problem = Problem(
        type=kind,
        title=title,
        status=status,
        detail=en,
        detail_ja=ja,
        errors=errors,
        request_id=request_id(),
    )
    return problem.model_dump(exclude_none=True)


_FRAMEWORKS = {  # status of FastAPI's and Starlette's own refusals -> the same in Japanese
    400: "送信内容を読み取れませんでした。",
    404: "該当するページがありません。",
    405: "この方法では呼び出せません。",
}
_ALWAYS = (401, 403, 422, 429, 500, 503, 507)
_EXAMPLES = {
    400: "there was an error parsing the body",
    401: "send the API key as Authorization: Bearer KEY",
    403: "this is for support, reviewer, owner; you are signed in as warehouse",
    404: "claim claim-1 is not known",
    409: "before sealing item-1, photograph its back",
    410: "photo 9f2c… was erased on 2025-09-01: it was kept as long as the shop keeps such photos",
    412: "claim claim-1 was changed in the meantime: read it again, then decide",
    413: "a photo may have 64 MB",
    415: "the file is no JPEG, PNG, WebP, HEIC or AVIF photo",
    422: "the request does not fit: see errors",
    429: "every worker is taken and the queue is full; try again in 12 seconds",
    500: "a fault of the service, not of the request; the log says why",
    503: "the workers are starting again; try again in a moment",
    507: "no room is left for the photo",
}
