"""Tell the log what was refused and who looked at what: from the answers, in one place."""

from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from evidence.service.watch import STRANGER, Sight, Watch

# What counts as looking at something, calls and pages: kind, subject, and where its id is. Small
# pictures and tiles do not count; what they are of was opened before.
_CASE = ("claim.viewed", "claim", "claim_id")
VIEWS = {
    ("GET", "/v1/claims/{claim_id}"): _CASE,
    ("GET", "/v1/claims/{claim_id}/recommendation"): _CASE,
    ("GET", "/v1/claims/{claim_id}/final-recommendation"): _CASE,
    ("GET", "/v1/claims/{claim_id}/history"): _CASE,
    ("GET", "/v1/claims/{claim_id}/second-readings/{reading_id}"): _CASE,
    ("GET", "/claims/{claim_id}"): _CASE,
    ("GET", "/claims/{claim_id}/recommended"): _CASE,
    ("GET", "/claims/{claim_id}/readings/{reading_id}"): _CASE,
    ("GET", "/claims/{claim_id}/comparison"): ("claim.comparison_viewed", "claim", "claim_id"),
    ("GET", "/v1/comparisons/{comparison_id}/overlay.png"): (
        "comparison.viewed", "comparison", "comparison_id",
    ),
    ("GET", "/v1/photos/{photo_id}/original"): ("photo.original_saved", "photo", "photo_id"),
    ("GET", "/v1/claims/{claim_id}/second-readings/{reading_id}/photos/{photo_id}"): (
        "photo.original_saved", "photo", "photo_id",
    ),
    ("POST", "/v1/search"): ("photo.searched", "photo", "searched_photo"),
}  # fmt: skip
_REFUSED = {401: "access.unknown", 403: "access.forbidden"}
_PHOTO_REFUSED = (413, 415, 422)
_SIGNING_IN = ("/v1/session", "/v1/session/first-owner")  # told where the password is checked


class Watching:
    """Write down refusals and views before the answer is sent."""

    def __init__(self, app: ASGIApp, watch: Watch) -> None:
        self._app = app
        self._watch = watch

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and its answer back once it is written down."""

        async def send_told(message: Message) -> None:
            if message["type"] == "http.response.start":
                await self._tell(scope, message["status"])
            await send(message)

        await self._app(scope, receive, send_told if scope["type"] == "http" else send)

    async def _tell(self, scope: Scope, status: int) -> None:
        if status < 400:
            view = _view(scope)
            if view is not None and self._watch.is_new(view):
                await run_in_threadpool(self._watch.viewed, view)
        elif "over_quota" in scope["state"]:  # not every 429: a full queue is nobody's doing
            await run_in_threadpool(self._tell_refused, scope, "access.over_quota")
        elif status in _REFUSED and scope["path"] not in _SIGNING_IN:
            await run_in_threadpool(self._tell_refused, scope, _REFUSED[status])
        elif status in _PHOTO_REFUSED and scope["state"].get("refused_photo"):
            await run_in_threadpool(self._tell_photo, scope, status)
        if self._watch.owes():
            await run_in_threadpool(self._watch.tell_counts)

    def _tell_refused(self, scope: Scope, kind: str) -> None:
        actor = scope["state"].get("client")
        if actor is None:
            place = self._watch.place(address_of(scope))
            self._watch.refused(kind, subject="address", subject_id=place)
        else:
            self._watch.refused(kind, subject="call", subject_id=_call(scope), actor=actor)

    def _tell_photo(self, scope: Scope, status: int) -> None:
        self._watch.refused(
            "photo.refused",
            subject="photo",
            subject_id=scope["state"]["refused_photo"],
            actor=scope["state"].get("client", STRANGER),
            facts={"status": status, "call": _call(scope)},
        )


def address_of(scope: Scope) -> str:
    """Return the address that a request comes from; empty where there is none."""
    return scope["client"][0] if scope.get("client") else ""


def _view(scope: Scope) -> Sight | None:
    """Return what an answered request looked at, None if that is not told."""
    told = VIEWS.get((method_of(scope), template_of(scope)))
    if told is None:
        return None
    kind, subject, where = told
    ids = {**scope["state"], **scope.get("path_params", {})}
    return Sight(kind, subject, str(ids.get(where, "")), scope["state"].get("client", STRANGER))


def _call(scope: Scope) -> str:
    """Return a call as the table has it; what a caller made up is not told."""
    return f"{method_of(scope)} {template_of(scope)}"


def method_of(scope: Scope) -> str:
    """Return the method that a route has for it: a HEAD is a GET."""
    return "GET" if scope["method"] == "HEAD" else str(scope["method"])


def template_of(scope: Scope) -> str:
    """Return the path as its route has it, or as ``api.access`` found it in the table."""
    route = scope.get("route")
    return str(getattr(route, "path", None) or scope["state"].get("call", "elsewhere"))
