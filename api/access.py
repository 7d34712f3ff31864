"""Nothing but what is named here is answered without an API key."""

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from api.problems import refusal
from evidence.service.keys import Keys

OPEN = frozenset({"/healthz", "/readyz", "/openapi.json"})


class Access:
    """Ask for the key before the first byte of a body is read."""

    def __init__(self, app: ASGIApp, keys: Keys) -> None:
        self._app = app
        self._keys = keys

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with the client's name, or answer 401."""
        if scope["type"] != "http" or scope["path"] in OPEN:
            return await self._app(scope, receive, send)
        scheme, _, key = Headers(scope=scope).get("authorization", "").partition(" ")
        name = None
        if scheme.lower() == "bearer" and key:
            name = await run_in_threadpool(self._keys.name_of, key.strip())
        if name is None:
            answer = refusal(
                401,
                "send the API key as Authorization: Bearer KEY",
                headers={"Connection": "close"},  # what the stranger still sends is not read
            )
            return await answer(scope, receive, send)
        scope.setdefault("state", {})["client"] = name
        return await self._app(scope, receive, send)
