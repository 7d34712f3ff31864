"""Headers that keep answers from being cached, sniffed or run."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SAFE_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; object-src 'none'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
# Where browsers come by TLS: they come no other way for a year, to any host under this one.
TLS_HEADERS = {"Strict-Transport-Security": "max-age=31536000; includeSubDomains"}


class SafeHeaders:
    """Add the headers to every answer that does not set its own."""

    def __init__(self, app: ASGIApp, *, secure: bool = False) -> None:
        """Add them to what ``app`` answers; ``secure``: browsers come by TLS."""
        self._app = app
        self._headers = SAFE_HEADERS | (TLS_HEADERS if secure else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and its answer back with the headers."""

        async def send_safe(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_safe)
