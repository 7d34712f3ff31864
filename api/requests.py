"""Every request gets an id; it is counted, timed, and told in the service's own log."""

import logging
import time
from collections.abc import MutableMapping

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.metrics import Numbers
from api.request_ids import HEADER, name_request
from api.roles import METRICS
from api.watching import method_of, template_of

_METHODS = frozenset({"DELETE", "GET", "OPTIONS", "PATCH", "POST", "PUT"})
_OFTEN = frozenset({"/healthz", "/readyz", METRICS})  # asked by machines every few seconds
_UPLOADS = frozenset(
    {
        "/v1/items/{item_id}/photos",
        "/v1/items/{item_id}/catalogue-photo",
        "/v1/claims/{claim_id}/photos",
        "/v1/inspections/{inspection_id}/photos",
    }
)
_OUTCOMES = {
    200: "known",
    201: "kept",
    413: "too_large",
    415: "unsupported",
    422: "refused",
    429: "busy",
    503: "busy",
    507: "no_room",
}
_log = logging.getLogger(__name__)


class Requests:
    """Give each request an id, which its answer, its problem and its lines of the log carry."""

    def __init__(self, app: ASGIApp, numbers: Numbers) -> None:
        """Count what ``app`` answers."""
        self._app, self._numbers = app, numbers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and its answer back with the id."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        name = name_request(Headers(scope=scope).get(HEADER, ""))
        status, began = 500, time.perf_counter()  # what raises is answered with 500 outside of us

        async def send_named(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[HEADER] = name
            await send(message)

        scope.setdefault("state", {})
        try:
            return await self._app(scope, receive, send_named)
        finally:
            self._tell(scope, status, time.perf_counter() - began)

    def _tell(self, scope: MutableMapping[str, object], status: int, seconds: float) -> None:
        method, route = method_of(scope), template_of(scope)
        method = method if method in _METHODS else "other"
        self._numbers.requests.labels(method, route, f"{status // 100}xx").observe(seconds)
        if method == "POST" and route in _UPLOADS:
            outcome = _OUTCOMES.get(status, "failed" if status >= 500 else "not_taken")
            self._numbers.uploads.labels(outcome).inc()
        level = logging.DEBUG if route in _OFTEN else logging.INFO
        facts = {"method": method, "route": route, "status": status, "seconds": round(seconds, 4)}
        _log.log(level, "answered", extra=facts)
