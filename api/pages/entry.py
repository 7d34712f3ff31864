"""The way in: whose page comes first, signing in, one's own password, the language."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from api.cookies import is_secure, name_of
from api.pages.rendering import LANGUAGE_COOKIE, ReaderDep, SignInNeededError, StrangerDep, show
from evidence.registry.staff_records import ROLES
from evidence.words import Language

router = APIRouter(include_in_schema=False)

_FIRST = {"warehouse": "/packing", "support": "/claims", "reviewer": "/readings"}
_YEAR = 31_536_000  # seconds that a browser keeps the language


@router.get("/")
def read_first(reader: ReaderDep) -> Response:
    """Go to the page that the reader works on."""
    role = reader.session.staff.role if reader.session else "owner"
    return RedirectResponse(_FIRST.get(role, "/claims"), 303)


@router.get("/sign-in")
def read_sign_in(reader: StrangerDep, request: Request, then: str = "/") -> Response:
    """Show the form, the first owner's where there is none, the demo's buttons in the demo."""
    first_owner = not reader.demo and request.app.state.people.set_up_code is not None
    first_owner = first_owner and not request.app.state.service.registry.has_owner()
    return show(reader, "sign-in.html", then=_here(then), first_owner=first_owner, roles=ROLES)


@router.get("/password")
def read_password(reader: StrangerDep) -> Response:
    """Show the form for a password of one's own."""
    if reader.session is None:
        raise SignInNeededError("/sign-in?then=/password")
    return show(reader, "password.html")


@router.get("/language")
def read_language(request: Request, to: Language, then: str = "/") -> Response:
    """Keep the reader's language in a cookie and go back."""
    answer = RedirectResponse(_here(then), 303)
    secure = is_secure(request)
    name = name_of(LANGUAGE_COOKIE, secure=secure)
    answer.set_cookie(name, to, max_age=_YEAR, secure=secure, httponly=True, samesite="lax")
    return answer


def _here(place: str) -> str:
    """Return a place on this site; whatever leads elsewhere becomes the first page."""
    if not place.startswith("/") or place.startswith(("//", "/\\")) or not place.isprintable():
        return "/"
    return place
