"""Is the service alive, and can it do its work?"""

from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel

from api import examples
from api.dependencies import ServiceDep
from api.examples import shown
from api.problems import refusals

router = APIRouter(tags=["health"])


class HealthView(BaseModel, json_schema_extra=shown(examples.HEALTH)):
    """It is well."""

    status: Literal["ok"] = "ok"


# The one coroutine: it must answer while every thread waits for a worker.
@router.get("/healthz")
async def read_health() -> HealthView:
    """Say that the process answers; it asks for no key."""
    return HealthView()


@router.get("/readyz", responses=refusals(503, 507))
def read_readiness(service: ServiceDep) -> HealthView:
    """Write and read what is kept, and say that it works; it asks for no key."""
    service.registry.check()
    return HealthView()
