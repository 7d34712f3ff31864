"""Sessions over HTTP: sign in, who is signed in, one's own password, sign out."""

from datetime import timedelta
from typing import Any, NoReturn

from fastapi import APIRouter, Request, Response

from api.callers import PeopleDep, SessionDep
from api.cookies import COOKIE, give_cookie, is_secure, take_cookie, token_of
from api.dependencies import KEY
from api.problems import FieldError, ProblemError, problems
from api.session_views import (
    DemoRequest,
    FirstOwnerRequest,
    PasswordRequest,
    SessionView,
    SignInRequest,
)
from api.staff import StaffView
from evidence.service.demo_staff import begin_as
from evidence.service.keys import sha256_of
from evidence.service.people import People
from evidence.service.sessions import NotSignedIn, SignedIn, begin, sign_in
from evidence.service.staff import choose_password, make_first_owner

router = APIRouter(prefix="/v1/session", tags=["people"])
demo_router = APIRouter(prefix="/v1/session", tags=["people"])  # for a made-up shop only
_COOKIE = {
    "Set-Cookie": {
        "description": f"`{COOKIE}`, by TLS `__Host-{COOKIE}`: for no script, no other site",
        "schema": {"type": "string", "examples": [f"{COOKIE}=...; HttpOnly; SameSite=strict"]},
    }
}
_BEGUN: dict[int | str, dict[str, Any]] = {201: {"description": "Signed in", "headers": _COOKIE}}


@router.post("", status_code=201, responses={**_BEGUN, **problems(400, 413, 429)})
def post_session(
    body: SignInRequest, request: Request, response: Response, people: PeopleDep
) -> SessionView:
    """Sign in; the session that this browser had before ends.

    It takes no Idempotency-Key, because its answer is not kept.
    """
    done = sign_in(
        people, body.sign_in_name, body.password.get_secret_value(), address=_address(request)
    )
    return _show(done, request, response, people)


@router.post("/first-owner", status_code=201, responses={**_BEGUN, **problems(400, 409, 413)})
def post_first_owner(
    body: FirstOwnerRequest, request: Request, response: Response, people: PeopleDep
) -> SessionView:
    """Make the first owner's account with the code that the start shows, once, and sign in.

    It takes no Idempotency-Key, because its answer is not kept.
    """
    owner = make_first_owner(
        people,
        body.code.get_secret_value(),
        name=body.name,
        sign_in_name=body.sign_in_name,
        password=body.password.get_secret_value(),
        address=_address(request),
    )
    return _show(begin(people, owner), request, response, people)


@demo_router.post("/demo", status_code=201, responses={**_BEGUN, **problems(400, 413)})
def post_demo_session(
    body: DemoRequest, request: Request, response: Response, people: PeopleDep
) -> SessionView:
    """Sign in to the demo as somebody of a role, without a password; no other service has it.

    It takes no Idempotency-Key, because its answer is not kept.
    """
    return _show(begin_as(people, body.role), request, response, people)


@router.get("", dependencies=[KEY], responses=problems())
def read_session(request: Request, session: SessionDep, people: PeopleDep) -> SessionView:
    """Read who is signed in, what they may do, and the token that changes need."""
    return SessionView.of(
        session, token_of(request.headers, secure=is_secure(request)) or "", people
    )


@router.post("/password", dependencies=[KEY], responses=problems(400, 413, 429))
def post_password(
    body: PasswordRequest, request: Request, session: SessionDep, people: PeopleDep
) -> StaffView:
    """Choose one's own password; other browsers are signed out.

    It takes no Idempotency-Key: sent again, the current password is another.
    """
    done = choose_password(
        people,
        session,
        body.current.get_secret_value(),
        body.password.get_secret_value(),
        address=_address(request),
    )
    if isinstance(done, NotSignedIn):
        _refuse(done, 422, "current")
    return StaffView.of(done)


@router.delete("", dependencies=[KEY], status_code=204, responses=problems())
def delete_session(
    request: Request, response: Response, session: SessionDep, people: PeopleDep
) -> None:
    """Sign out here."""
    people.service.registry.end_session(session.token_sha256)
    take_cookie(request, response)


@router.delete("/all", dependencies=[KEY], status_code=204, responses=problems())
def delete_sessions(
    request: Request, response: Response, session: SessionDep, people: PeopleDep
) -> None:
    """Sign out everywhere."""
    people.service.registry.end_sessions(session.staff, people.service.now())
    take_cookie(request, response)


def _show(
    done: SignedIn | NotSignedIn, request: Request, response: Response, people: People
) -> SessionView:
    if isinstance(done, NotSignedIn):
        _refuse(done, 401, "password")
    before = token_of(request.headers, secure=is_secure(request))
    if before is not None:
        people.service.registry.end_session(sha256_of(before))
    seconds = int(timedelta(hours=people.settings.session_hours).total_seconds())
    give_cookie(request, response, done.token, seconds=seconds)
    return SessionView.of(done.session, done.token, people)


def _refuse(done: NotSignedIn, status: int, field: str) -> NoReturn:
    if done.wait:
        en = f"too many attempts: try again in {done.wait} seconds"
        ja = f"試行回数が多すぎます。{done.wait}秒後にもう一度お試しください。"
        told = [FieldError(field="body", message=en, ja=ja)]
        raise ProblemError(429, en, ja, told, {"Retry-After": str(done.wait)})
    en = "the sign-in name or the password is wrong"
    ja = "サインイン名またはパスワードが違います。"
    raise ProblemError(status, en, ja, [FieldError(field=f"body.{field}", message=en, ja=ja)])


def _address(request: Request) -> str:
    return request.client.host if request.client else ""
