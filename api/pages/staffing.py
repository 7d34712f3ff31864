"""Who works here, and which programs may call: an owner's page."""

from fastapi import APIRouter, Response

from api.dependencies import ServiceDep
from api.pages.rendering import ReaderDep, require, show
from evidence.registry.staff_records import ROLES

router = APIRouter(include_in_schema=False)


@router.get("/staff")
def read_staff(reader: ReaderDep, service: ServiceDep) -> Response:
    """Show accounts and API keys."""
    require(reader, "GET /v1/staff")
    return show(
        reader,
        "staff.html",
        staff=service.registry.all_staff(),
        keys=service.registry.all_api_keys(),
        roles=ROLES,
    )
