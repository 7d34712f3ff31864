"""Bound every body before it is read: nothing else in the stack does."""

from anyio import move_on_after
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import ProblemError, refusal
from evidence.service.import_table import MAX_BYTES as TABLE_BYTES
from evidence.text import Text

JSON_BYTES = 64_000  # the largest JSON of the contract has about 2 kB
FORM_BYTES = 1_000_000  # beside the photos: fields and boundaries
# Of a body that does not say its length, so that one without end is refused soon; browsers, curl
# and HTTP libraries say it.
UNDECLARED_BYTES = 20_000_000
# Read and dropped after a refusal, so that a client that writes first still sees the answer.
LINGER_BYTES = 8_000_000
LINGER_SECONDS = 2.0
_TABLES = "/v1/imports"
_SESSIONS = "/v1/session"  # read before anybody is known: whatever it calls itself, small
_PHOTOS = {"/v1/comparisons": 2}  # path -> photos in one form, where it is not one


class BoundedBodies:
    """Answer 413 from the declared length at once, and count what declares none."""

    def __init__(self, app: ASGIApp, max_bytes: int) -> None:
        """Bound the bodies that reach ``app``; ``max_bytes`` is the limit of one photo."""
        self._app = app
        self._max_bytes = max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with a body that cannot exceed its limit."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        headers = Headers(scope=scope)
        limit = self._limit(scope["path"], headers.get("content-type", ""))
        # A body that comes in chunks ends where it likes, whatever length stands beside.
        declared = "" if "transfer-encoding" in headers else headers.get("content-length", "")
        if not declared.isdecimal():
            limit = min(limit, UNDECLARED_BYTES)
        elif int(declared) > limit:
            told = _tell(limit, declared)
            answer = refusal(413, told.en, told.ja)
            return await answer(scope, receive, _lingering(receive, send))
        seen = 0

        async def receive_bounded() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > limit:
                told = _tell(limit, declared)
                raise ProblemError(413, told.en, told.ja)
            return message

        async def send_bounded(message: Message) -> None:
            await (_lingering(receive, send) if seen > limit else send)(message)

        return await self._app(scope, receive_bounded, send_bounded)

    def _limit(self, path: str, content_type: str) -> int:
        if path.startswith(_SESSIONS):
            return JSON_BYTES
        if content_type.lower().startswith("multipart/form-data"):
            return _PHOTOS.get(path, 1) * self._max_bytes + FORM_BYTES
        if path == _TABLES:
            return TABLE_BYTES
        return JSON_BYTES


def _tell(limit: int, declared: str) -> Text:
    en, ja = f"this body may have {limit} bytes", f"本文は {limit} バイトまでです。"
    if declared or limit != UNDECLARED_BYTES:
        return Text(en, ja)
    return Text(
        f"{en}; a longer one has to say its Content-Length",
        f"{ja}それより長い場合は Content-Length が必要です。",
    )


def _lingering(receive: Receive, send: Send) -> Send:
    """Read and drop for a while after the answer is out, before the connection is closed."""

    async def send_lingering(message: Message) -> None:
        if message["type"] != "http.response.body":
            return await send(message)
        await send({**message, "more_body": True})  # the answer is out; the connection still open
        dropped = 0
        with move_on_after(LINGER_SECONDS):
            while dropped < LINGER_BYTES:
                got = await receive()
                dropped += len(got.get("body", b""))
                if not got.get("more_body", False):
                    break
        return await send({"type": "http.response.body", "body": b"", "more_body": False})

    return send_lingering
