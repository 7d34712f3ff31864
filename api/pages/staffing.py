"""Who works here, and which programs may call: an owner's page."""

from fastapi import APIRouter, Response

from api.dependencies import ServiceDep
from api.pages.rendering import ReaderDep, require, show
from evidence.registry.staff_records import ROLES, SCOPES

router = APIRouter(include_in_schema=False)

_GRACES = (0, 1, 24, 168)  # hours that may be chosen for a secret that is replaced
_LIVES = (30, 90, 365)  # days that may be chosen for a key


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
        scopes=SCOPES,
        graces=_GRACES,
        lives=_LIVES,
    )
