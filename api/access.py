"""Ask who calls before anything is read: a program with its key, a person with a session.

=============================  =================================================================
``OPEN``                       anybody
``OPEN_CALLS``                 anybody, but no page of another site: the ways to sign in
other calls                    an API key or a session, and what ``api.roles`` lets it do
everything else: pages         anybody; a page looks at the session and sends to the sign-in
=============================  =================================================================

Then, whether that caller has asked for too much: a key, a person, or whoever is not known by the
address. ``/healthz`` alone is always answered.

``request.state.session`` is set on every request: the Session where a person's valid cookie came
with a page or a call, else None. A person whose password was made by an owner (``one_time``) may
call nothing before choosing another; pages look at that themselves. What is no GET and has a
session needs the CSRF header, on pages too.
"""

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.cookies import CSRF_HEADER, is_forged, is_from_elsewhere, token_of
from api.problems import FieldError, refusal, refuse_error
from api.roles import METRICS, methods_of, row_of
from api.watching import address_of
from evidence.errors import EvidenceError
from evidence.registry.staff_records import ROLES, SCOPES, Session
from evidence.service.keys import Keys, Program
from evidence.service.people import People
from evidence.service.quotas import OverQuota, Quotas
from evidence.service.sessions import session_of

ALWAYS = "/healthz"
OPEN = frozenset({ALWAYS, "/readyz", "/openapi.json"})
OPEN_CALLS = frozenset(
    {
        ("POST", "/v1/session"),
        ("POST", "/v1/session/first-owner"),
        ("POST", "/v1/session/demo"),  # a route in the demo only
    }
)
_CALLS = ("/v1", METRICS)
# What may be called with a password that an owner made.
_WITH_ONE_TIME = frozenset(
    {
        ("GET", "/v1/session"),
        ("DELETE", "/v1/session"),
        ("DELETE", "/v1/session/all"),
        ("POST", "/v1/session/password"),
    }
)
_UNREAD = {"Connection": "close"}  # what the refused still send is not read


class Access:
    """Ask who calls, and whether they may, before the first byte of a body is read."""

    def __init__(
        self, app: ASGIApp, keys: Keys, people: People, quotas: Quotas, *, secure: bool
    ) -> None:
        """Ask before ``app``; ``secure``: browsers come by TLS."""
        self._app = app
        self._keys = keys
        self._people = people
        self._quotas = quotas
        self._secure = secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with who sent it, or answer 401, 403 or 429."""
        refused = None
        if scope["type"] == "http":
            scope.setdefault("state", {})["session"] = None
            headers = Headers(scope=scope)
            try:
                refused = await self._refuse(scope, headers)
                over = self._slow(scope, headers)
                if over is not None:
                    scope["state"]["over_quota"], refused = True, _over(over)
            except EvidenceError as error:  # a disk that fails; no handler is around us
                refused = refuse_error(error)
            if "asker" in scope["state"]:
                receive = self._counted(receive, scope["state"]["asker"])
        await (refused or self._app)(scope, receive, send)

    async def _refuse(self, scope: Scope, headers: Headers) -> Response | None:
        """Return the refusal, None if the request may go on.

        A call with an Authorization header is a program's, whatever cookie it has.
        """
        method, path = scope["method"], scope["path"]
        if path in OPEN:
            return None
        if (method, path) in OPEN_CALLS:
            return _elsewhere() if is_from_elsewhere(headers) else None
        if not is_call(path):
            return await self._let_person(scope, headers)
        row = row_of(method, path)
        scope["state"]["call"] = "elsewhere" if row is None else row.path
        if "authorization" in headers:
            return await self._let_program(scope, headers["authorization"])
        refused = await self._let_person(scope, headers)
        session: Session | None = scope["state"]["session"]
        if refused is not None:
            return refused
        return _unknown() if session is None else _beyond(session, method, path)

    async def _let_program(self, scope: Scope, header: str) -> Response | None:
        scheme, _, key = header.partition(" ")
        program = None
        if scheme.lower() == "bearer" and key:
            program = self._keys.program_at_once(key.strip())
            if program is None:
                program = await run_in_threadpool(self._keys.program_of, key.strip())
        if program is None:
            return _unknown()
        scope["state"].update(client=program.name, asker=program.name, scopes=program.scopes)
        return _beyond_key(program, scope["method"], scope["path"])

    async def _let_person(self, scope: Scope, headers: Headers) -> Response | None:
        """Find the session, if there is one; refuse what another site's page may have sent."""
        token = token_of(headers, secure=self._secure)
        if token is None:
            return None
        session = await run_in_threadpool(session_of, self._people, token)
        if session is None:
            return None
        if is_forged(scope["method"], headers, token):
            return _elsewhere()
        asker = f"staff/{session.staff.staff_id}"  # no API key has such a name
        scope["state"].update(client=session.staff.name, asker=asker, session=session)
        return None

    def _slow(self, scope: Scope, headers: Headers) -> OverQuota | None:
        """Count the request; return why it has to wait, None if it does not."""
        if scope["path"] == ALWAYS:
            return None
        now, who = self._people.service.now(), scope["state"].get("asker")
        if who is None:
            return self._quotas.ask_unknown(address_of(scope), now)
        over = self._quotas.ask(who, now)
        if over is None and scope["method"] in ("POST", "PUT"):
            photo = headers.get("content-type", "").lower().startswith("multipart/form-data")
            over = self._quotas.upload(who, int(photo), now)
        return over

    def _counted(self, receive: Receive, who: str) -> Receive:
        """Count the bytes of a body as they come."""

        async def receive_counted() -> Message:
            message = await receive()
            size = len(message.get("body", b""))
            if size:
                self._quotas.receive(who, size, self._people.service.now())
            return message

        return receive_counted


def is_call(path: str) -> bool:
    """Tell a call, which a program may make too, from a page."""
    return any(path == start or path.startswith(f"{start}/") for start in _CALLS)


def _beyond(session: Session, method: str, path: str) -> Response | None:
    """Return the refusal of what the person may not do, None if they may."""
    row, one = row_of(method, path), session.staff
    if row is None:
        return _no_call(path)
    if one.one_time and (method, path) not in _WITH_ONE_TIME:
        return _refuse(
            "choose a password of your own first: POST /v1/session/password",
            "先に自分のパスワードを設定してください。",
        )
    if one.role not in row.roles:
        whose = ", ".join(role for role in ROLES if role in row.roles)
        return _refuse(
            f"this is for {whose}; you are signed in as {one.role}",
            f"この操作は {whose} の権限が必要です。現在の権限は {one.role} です。",
        )
    return None


def _beyond_key(program: Program, method: str, path: str) -> Response | None:
    """Return the refusal of what the key is not for, None if it is."""
    row = row_of(method, path)
    if row is None:
        return _no_call(path)
    if not row.scopes:
        en = "this needs a person: sign in; an API key is nobody"
        return _refuse(en, "サインインしてください。")
    if not row.scopes & program.scopes:
        needed = ", ".join(scope for scope in SCOPES if scope in row.scopes)
        its = ", ".join(scope for scope in SCOPES if scope in program.scopes)
        return _refuse(
            f"this is for API keys with one of {needed}; yours has {its}",
            f"このAPIキーの範囲は {its} です。この操作には {needed} のいずれかが必要です。",
        )
    return None


def _no_call(path: str) -> Response:
    methods = methods_of(path)
    if not methods:
        return refusal(404, "there is no such call", "この呼び出しはありません。", headers=_UNREAD)
    allow = ", ".join(methods)
    return refusal(
        405,
        f"call it with {allow}",
        f"{allow} で呼び出してください。",
        headers={**_UNREAD, "Allow": allow},
    )


def _over(over: OverQuota) -> Response:
    told = [FieldError(field="caller", message=over.text.en, ja=over.text.ja)]
    headers = {**_UNREAD, "Retry-After": str(over.wait)}
    return refusal(429, over.text.en, over.text.ja, errors=told, headers=headers)


def _unknown() -> Response:
    return refusal(
        401,
        "send the API key as Authorization: Bearer KEY, or sign in",
        "サインインするか、APIキーを Authorization: Bearer KEY として送ってください。",
        headers=_UNREAD,
    )


def _elsewhere() -> Response:
    return _refuse(
        f"this did not come from our own page: send {CSRF_HEADER} as GET /v1/session gives it",
        "この画面以外からの操作は受け付けません。ページを読み込み直してください。",
    )


def _refuse(en: str, ja: str) -> Response:
    told = [FieldError(field="session", message=en, ja=ja)]
    return refusal(403, en, ja, errors=told, headers=_UNREAD)
