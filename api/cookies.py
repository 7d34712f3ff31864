"""The cookie of a session, and whether a request with it comes from our own pages."""

import hmac
from http.cookies import CookieError, SimpleCookie
from urllib.parse import urlsplit

from fastapi import Request, Response
from starlette.datastructures import Headers

from evidence.service.sessions import csrf_token_of

COOKIE = "evidence_session"
CSRF_HEADER = "X-CSRF-Token"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_OURS = frozenset({"same-origin", "none"})  # none: typed by the person, never sent by a page


def name_of(name: str, *, secure: bool) -> str:
    """Return a cookie's name; with TLS, one that browsers take from this very host alone."""
    return f"__Host-{name}" if secure else name


def token_of(headers: Headers, *, secure: bool) -> str | None:
    """Return the token of the request's session cookie, None if it has none."""
    try:
        found = SimpleCookie(headers.get("cookie", "")).get(name_of(COOKIE, secure=secure))
    except CookieError:
        return None
    return found.value if found is not None and found.value else None


def give_cookie(request: Request, response: Response, token: str, *, seconds: int) -> None:
    """Set the cookie: not for scripts, not for other sites, and only by TLS where there is."""
    response.set_cookie(
        name_of(COOKIE, secure=is_secure(request)),
        token,
        max_age=seconds,
        path="/",
        secure=_by_tls(request),
        httponly=True,
        samesite="strict",
    )


def take_cookie(request: Request, response: Response) -> None:
    """Tell the browser to forget the cookie, and the pictures that it kept.

    Shots that wait in its storage to be sent stay: nothing taken is lost.
    """
    name = name_of(COOKIE, secure=is_secure(request))
    secure = _by_tls(request)
    response.delete_cookie(name, path="/", secure=secure, httponly=True, samesite="strict")
    response.headers["Clear-Site-Data"] = '"cache"'


def is_from_elsewhere(headers: Headers) -> bool:
    """Tell whether the browser says that another site's page sent the request.

    Sec-Fetch-Site is sent by every browser of these years, but only over TLS or to this machine;
    Origin always, where anything is changed. What sends neither is no browser.
    """
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is not None:
        return site not in _OURS
    if origin is None:
        return False
    return urlsplit(origin).netloc.lower() != headers.get("host", "").lower()


def is_forged(method: str, headers: Headers, token: str) -> bool:
    """Tell whether a request with the cookie may change something without our page's doing."""
    if method in _SAFE:
        return False
    sent = headers.get(CSRF_HEADER, "").encode("latin-1")
    if not hmac.compare_digest(sent, csrf_token_of(token).encode()):
        return True
    return is_from_elsewhere(headers)


def is_secure(request: Request) -> bool:
    """Tell whether browsers are known to reach the service by TLS, and by it alone."""
    return bool(request.app.state.secure_cookies)


def _by_tls(request: Request) -> bool:
    return request.url.scheme == "https" or is_secure(request)
