"""Codes over HTTP: what a camera's picture says, for whoever has no scanner."""

from hashlib import sha256
from typing import Annotated

from fastapi import APIRouter, Form, Response
from pydantic import BaseModel, Field

from api import code_examples
from api.dependencies import KEY, OnceDep, ServiceDep
from api.digests import DeclaredDep
from api.examples import shown
from api.photos import FORM, File
from api.problems import problems
from evidence.service.codes import find_codes

router = APIRouter(
    prefix="/v1/codes",
    tags=["items"],
    dependencies=[KEY],
    form_limits={"max_files": 1, "max_fields": 0},
)


class CodesForm(BaseModel, extra="forbid", json_schema_extra=shown(code_examples.CODES_FORM)):
    """A picture, such as a frame of a camera."""

    file: File


class CodeView(BaseModel):
    """What one code says."""

    text: str = Field(description="printable", examples=["item-1"])
    format: str = Field(description="its kind", examples=["QRCode"])


class CodesView(BaseModel, json_schema_extra=shown(code_examples.CODES)):
    """The codes on a picture, the largest first; empty if there is none that can be read."""

    codes: list[CodeView]


@router.post("", response_model=CodesView, responses=problems(400, 409, 413, 415))
def post_codes(
    form: Annotated[CodesForm, Form(media_type=FORM)],
    service: ServiceDep,
    declared: DeclaredDep,
    once: OnceDep,
) -> Response:
    """Read the bar and QR codes on a picture; the picture is not kept."""
    data = declared.read(form.file)

    def read() -> tuple[int, CodesView]:
        found = find_codes(service, data)
        return 200, CodesView(codes=[CodeView(text=one.text, format=one.format) for one in found])

    return once(sha256(data).hexdigest(), read)
