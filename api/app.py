"""Wire the web application together."""

from importlib.metadata import version
from typing import Any

from fastapi import FastAPI

from api import (
    catalogue,
    claims,
    comparisons,
    events,
    health,
    imports,
    inspections,
    items,
    life,
    lists,
    search,
    second_readings,
)
from api.access import Access
from api.bodies import BoundedBodies
from api.examples import restore_nulls
from api.headers import SafeHeaders
from api.problems import add_problem_handlers, only_problems
from evidence.service.ahead import Ahead
from evidence.service.keys import Keys
from evidence.service.parts import Service

_ABOUT = """
Keep pre-shipment photos of trading cards, compare them with a customer's photos, and get the
recommendation that the return policy gives. Photos never deny a claim; a named person decides.
"""


class App(FastAPI):
    """FastAPI, with an OpenAPI that says what is really sent."""

    def openapi(self) -> dict[str, Any]:
        """Return the description of every call."""
        if self.openapi_schema is None:
            self.openapi_schema = restore_nulls(only_problems(super().openapi()))
        return self.openapi_schema


def create_app(service: Service, keys: Keys, *, ahead: Ahead | None = None) -> FastAPI:
    """Build the app; the only place where its parts are chosen.

    Args:
        service: the use cases' parts.
        keys: who may call.
        ahead: looks at claims before they are asked for; without it they are when they are.
    """
    app = App(
        title="Photo evidence",
        summary="Photo evidence for returns of trading cards",
        description=_ABOUT.strip(),
        version=version("photo-evidence"),
        docs_url=None,  # they would load scripts from another host
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.service, app.state.ahead = service, ahead
    nouns = (
        items, catalogue, claims, life, inspections, second_readings, lists, comparisons, search,
        events, imports, health,
    )  # fmt: skip
    for noun in nouns:
        app.include_router(noun.router)
    add_problem_handlers(app)
    # The last one added sees a request first.
    app.add_middleware(BoundedBodies, max_bytes=service.settings.limits.max_bytes)
    app.add_middleware(Access, keys=keys)
    app.add_middleware(SafeHeaders)
    return app
