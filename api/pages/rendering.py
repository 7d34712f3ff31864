"""Show a page: in the reader's language, on the shop's clock, with nothing from elsewhere."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, is_dataclass
from datetime import datetime
from functools import cache, partial
from typing import Annotated, Any, cast
from urllib.parse import quote
from zoneinfo import ZoneInfo

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, PackageLoader, StrictUndefined

from api.cookies import is_secure, name_of
from api.pages.static_files import static_address
from api.pages.vocabulary import load_words
from api.problems import ProblemError
from api.roles import may
from evidence import wording
from evidence.registry.staff_records import Role, Session
from evidence.service.parts import Service
from evidence.words import LANGUAGES, Language

LANGUAGE_COOKIE = "evidence_language"
# Scripts and styles are files of our own; no page runs or loads anything else.
POLICY = (
    "default-src 'none'; object-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' blob:; connect-src 'self'; media-src 'self' blob:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
PAGES = (  # in the menu, for whoever may make the call that each is about
    ("packing", "PUT /v1/items/x"),
    ("parcels", "POST /v1/items/x/inspections"),
    ("claims", "GET /v1/claims/x/recommendation"),
    ("readings", "POST /v1/claims/x/second-readings"),
    ("search", "POST /v1/search"),
    ("evaluation", "POST /v1/claims/x/second-readings/1/answer"),
    ("staff", "GET /v1/staff"),
    ("log", "GET /v1/events"),
    ("service", "GET /metrics"),
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Vary": "Cookie, Accept-Language",
}


class SignInNeededError(Exception):
    """A page was asked for by nobody who is signed in, or who has to choose a password first."""

    def __init__(self, place: str) -> None:
        super().__init__(place)
        self.place = place


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looks at a page, and how it is told.

    Attributes:
        session: of the person signed in; None on the pages before that.
        language: in which it is told.
        now: the service's clock. Aware.
        zone: the shop's clock, which pages show.
        path: where the reader is, with what was asked for.
        demo: the shop is made up, and signing in takes no password.
    """

    session: Session | None
    language: Language
    now: datetime
    zone: ZoneInfo
    path: str
    demo: bool

    @property
    def name(self) -> str:
        """The person's name; empty before signing in."""
        return self.session.staff.name if self.session else ""

    @property
    def role(self) -> Role:
        """What the person works as.

        Raises:
            ValueError: nobody is signed in.
        """
        if self.session is None:
            raise ValueError("nobody is signed in")
        return self.session.staff.role

    def may(self, call: str) -> bool:
        """Tell whether the reader may make a call, such as ``POST /v1/search``."""
        method, _, path = call.partition(" ")
        return self.session is not None and may(self.session.staff.role, method, path)


def reader_of(request: Request) -> Reader:
    """Return who asked for a page, signed in or not."""
    service: Service = request.app.state.service
    query = f"?{request.url.query}" if request.url.query else ""
    return Reader(
        session=getattr(request.state, "session", None),
        language=_language(request),
        now=service.now(),
        zone=ZoneInfo(service.documents[-1].home_zone),
        path=request.url.path + query,
        demo=bool(getattr(request.app.state, "demo", False)),
    )


def _reader(reader: Annotated[Reader, Depends(reader_of)]) -> Reader:
    if reader.session is None:
        raise SignInNeededError(f"/sign-in?then={quote(reader.path, safe='')}")
    if reader.session.staff.one_time:
        raise SignInNeededError("/password")
    return reader


def require(reader: Reader, call: str) -> None:
    """Refuse a page about a call that the reader may not make.

    Raises:
        ProblemError: 403.
    """
    if not reader.may(call):
        raise ProblemError(
            403,
            f"{call} is not for {reader.role}",
            f"{call} は {reader.role} の権限では利用できません。",
        )


StrangerDep = Annotated[Reader, Depends(reader_of)]  # whoever it is
ReaderDep = Annotated[Reader, Depends(_reader)]  # signed in, with a password of their own


def show(reader: Reader, template: str, *, status: int = 200, **values: Any) -> Response:
    """Return the page that a template makes of the values."""
    page = _templates().get_template(template).render(_said_by(reader) | values)
    return HTMLResponse(page, status, HEADERS)


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=PackageLoader("api.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(static=static_address, pages=PAGES)
    return environment


def _said_by(reader: Reader) -> dict[str, Any]:
    """Return what templates say things with."""
    language, zone = reader.language, reader.zone
    return {
        "reader": reader,
        "lang": language,
        "other_lang": next(one for one in LANGUAGES if one != language),
        "t": partial(_word, language),
        "say": partial(_said, language),
        "instant": partial(wording.write_instant, language=language, zone=zone),
        "day": partial(wording.write_day, language=language, zone=zone),
        "left": partial(wording.write_left, now=reader.now, language=language),
        "money": partial(wording.write_money, language=language),
        "number": partial(wording.write_number, language=language),
    }


def _word(language: Language, name: str, other: str | None = None, /, **values: object) -> str:
    """Return a text by its name; ``other`` where a shop's own data names what we have no word for.

    Raises:
        KeyError: there is neither.
    """
    told = load_words()
    if name not in told and other is not None:
        return other
    text: str = getattr(told[name], language)
    return text.format(**values) if values else text


def _said(language: Language, told: object) -> str:
    """Return the reader's half of whatever has one in each language."""
    if is_dataclass(told) and not isinstance(told, type):
        told = asdict(told)
    if not isinstance(told, Mapping):
        told = vars(told)
    return cast(str, told[language])


def _language(request: Request) -> Language:
    """Return what the reader chose, else what the browser prefers, else Japanese."""
    chosen = request.cookies.get(name_of(LANGUAGE_COOKIE, secure=is_secure(request)))
    preferred = request.headers.get("accept-language", "").lower()
    for wish in (chosen, *(one.strip()[:2] for one in preferred.split(","))):
        if wish in LANGUAGES:
            return wish
    return "ja"
