"""Wire the web application together."""

from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.telemetry import TelemetryConfig
from starlette.routing import BaseRoute

from api import (
    api_keys,
    bundles,
    catalogue,
    claims,
    codes,
    comparisons,
    events,
    health,
    imports,
    inspections,
    items,
    life,
    lists,
    log,
    metrics,
    pictures,
    retention,
    search,
    second_readings,
    sessions,
    staff,
)
from api.access import OPEN, Access
from api.bodies import BoundedBodies
from api.digests import DigestedBodies
from api.examples import restore_nulls
from api.headers import SafeHeaders
from api.metrics import Numbers
from api.pages.site import PAGES, lead_people
from api.problems import add_problem_handlers, only_problems
from api.requests import Requests
from api.roles import METRICS
from api.watching import Watching
from evidence.service.ahead import Ahead
from evidence.service.keys import Keys
from evidence.service.parts import Service
from evidence.service.people import People
from evidence.service.publishing import Publisher
from evidence.service.quotas import Quotas
from evidence.settings import QuotaSettings

_ABOUT = """
Keep pre-shipment photos of trading cards, compare them with a customer's photos, and get the
recommendation that the return policy gives. Photos never deny a claim; a named person decides.
"""


def _join(*routers: APIRouter) -> list[BaseRoute]:
    """Return the routes of all routers.

    FastAPI works out at the first request what it has to know of each, which takes a tenth of a
    second, and keeps it beside the route: so the apps of one process share them.
    """
    joined = APIRouter()
    for router in routers:
        joined.include_router(router)
    return joined.routes


_CALLS = (
    items, catalogue, claims, life, inspections, second_readings, bundles, lists, comparisons,
    pictures, search, codes, events, log, imports, sessions, staff, api_keys, retention, health,
    metrics,
)  # fmt: skip
_ROUTES = _join(*(noun.router for noun in (*_CALLS, *PAGES)))


class App(FastAPI):
    """FastAPI, with an OpenAPI that says what is really sent."""

    def openapi(self) -> dict[str, Any]:
        """Return the description of every call."""
        if self.openapi_schema is None:
            self.openapi_schema = restore_nulls(only_problems(super().openapi()))
        return self.openapi_schema


def create_app(
    service: Service,
    keys: Keys,
    *,
    people: People | None = None,
    quotas: Quotas | None = None,
    secure_cookies: bool = False,
    demo: bool = False,
    ahead: Ahead | None = None,
    publisher: Publisher | None = None,
    report: Mapping[str, Any] | None = None,
) -> FastAPI:
    """Build the app; the only place where its parts are chosen.

    Args:
        service: the use cases' parts.
        keys: which programs may call.
        people: who may sign in; if it is not given, with the settings as they come.
        quotas: how much each caller may ask for; if it is not given, as it comes.
        secure_cookies: browsers reach the service by TLS, although it does not speak it itself.
        demo: the shop is made up; whoever comes may sign in as its staff, without a password.
        ahead: looks at claims before they are asked for; without it they are when they are.
        publisher: writes the log's checkpoints elsewhere; ``/readyz`` tells how it fares.
        report: the summary of the shop's own evaluation, for the page of error rates.
    """
    app = App(
        title="Photo evidence",
        summary="Photo evidence for returns of trading cards",
        description=_ABOUT.strip(),
        version=version("photo-evidence"),
        docs_url=None,  # they would load scripts from another host
        redoc_url=None,
        redirect_slashes=False,
        routes=[*_ROUTES],
        telemetry=_telemetry(service),
    )
    people = people or People.of(service)
    app.state.service, app.state.ahead, app.state.publisher = service, ahead, publisher
    app.state.people, app.state.keys = people, keys
    app.state.secure_cookies, app.state.demo = secure_cookies, demo
    app.state.report, app.state.draining = report, False
    numbers = app.state.numbers = Numbers(service, publisher)
    if demo:
        app.include_router(sessions.demo_router)
    add_problem_handlers(app)
    lead_people(app)
    # The last one added sees a request first.
    app.add_middleware(DigestedBodies)
    app.add_middleware(BoundedBodies, max_bytes=service.settings.limits.max_bytes)
    quotas = quotas or Quotas(QuotaSettings())
    app.add_middleware(Access, keys=keys, people=people, quotas=quotas, secure=secure_cookies)
    app.add_middleware(Watching, watch=people.watch)
    app.add_middleware(SafeHeaders, secure=secure_cookies)
    app.add_middleware(Requests, numbers=numbers)
    return app


def _telemetry(service: Service) -> TelemetryConfig:
    """Have FastAPI give each request its span, where the service's own go; and send nothing."""
    return {
        "tracer_provider": service.telemetry.tracer_provider,
        "metrics": False,
        "logs": False,
        "operation_spans": False,
        "auto_configure": False,
        "exclude": lambda scope: scope["path"] in (*OPEN, METRICS),
    }
