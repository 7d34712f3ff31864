"""Is the service alive, and can it do its work?"""

from typing import Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from api import examples
from api.dependencies import PublisherDep, ServiceDep
from api.examples import shown
from api.problems import refusals
from evidence.errors import BusyError, TamperedLogError

router = APIRouter(tags=["health"])


class HealthView(BaseModel, json_schema_extra=shown(examples.HEALTH)):
    """It is well."""

    status: Literal["ok"] = "ok"


class ReadinessView(BaseModel, json_schema_extra=shown(examples.READINESS)):
    """It can work."""

    status: Literal["ok"] = "ok"
    checkpoints: Literal["written", "failing", "off"] = Field(
        description="those of the log, in the second place; while they are `failing` the service "
        "goes on and its log says why, and what is missing there is made up for"
    )


# The one coroutine: it must answer while every thread waits for a worker.
@router.get("/healthz")
async def read_health() -> HealthView:
    """Say that the process answers; it asks for no key."""
    return HealthView()


@router.get("/readyz", responses=refusals(429, 503, 507))
def read_readiness(request: Request, service: ServiceDep, publisher: PublisherDep) -> ReadinessView:
    """Write and read what is kept, and say that it works; it asks for no key.

    While the service stops it is 503, and other calls are still answered for a moment.
    """
    if request.app.state.draining:
        raise BusyError(
            "the service is stopping: turn to another one",
            "サービスを停止しています。ほかのサーバーを利用してください。",
        )
    service.registry.check()
    if publisher is None:
        return ReadinessView(checkpoints="off")
    if isinstance(publisher.fault, TamperedLogError):
        raise TamperedLogError(
            "the log is not the one that was signed for; its own log says more",
            "記録が署名されたものと一致しません。詳細はサービスのログにあります。",
        )
    return ReadinessView(checkpoints="failing" if publisher.fault else "written")
