"""The pages, listed here alone, and what leads people who are refused one."""

import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.responses import RedirectResponse

from api.pages import (
    case,
    claims,
    comparing,
    entry,
    evaluation,
    faring,
    log,
    packing,
    parcels,
    readings,
    searching,
    staffing,
    static_files,
)
from api.pages.rendering import SignInNeededError, reader_of, show

# The queue's /claims/new comes before the page of a claim.
PAGES = (
    entry, claims, case, comparing, packing, parcels, readings, searching, evaluation, staffing,
    log, faring, static_files,
)  # fmt: skip

Handler = Callable[[Request, Any], Response]


def lead_people(app: FastAPI) -> None:
    """Add the way to sign in, and pages that say why something was refused.

    To be called when the handlers of errors are there already.
    """
    for error, handler in list(app.exception_handlers.items()):
        app.add_exception_handler(error, _for_people(handler))  # type: ignore[arg-type]
    app.add_exception_handler(SignInNeededError, _lead_to_sign_in)  # type: ignore[arg-type]


def _lead_to_sign_in(request: Request, error: SignInNeededError) -> Response:
    return RedirectResponse(error.place, 303)


def _for_people(handler: Handler) -> Handler:
    """Return a handler that answers a browser which asked for a page with a page."""

    def handle(request: Request, error: Exception) -> Response:
        answer = handler(request, error)
        asked = request.headers.get("accept", "")
        if request.url.path.startswith("/v1/") or "text/html" not in asked:
            return answer
        reader, status = reader_of(request), answer.status_code
        detail = None
        if status < HTTPStatus.INTERNAL_SERVER_ERROR:
            problem = json.loads(bytes(answer.body))
            detail = problem.get("detail_ja" if reader.language == "ja" else "detail")
        return show(reader, "refused.html", status=status, code=status, detail=detail)

    return handle
