"""What the routes need, taken from the app that ``create_app`` wired."""

import hashlib
import json
from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, Header, Path, Request, Response, Security
from fastapi.security import APIKeyCookie, HTTPBearer
from pydantic import BaseModel

from api.cookies import COOKIE, CSRF_HEADER
from evidence.service.ahead import Ahead
from evidence.service.parts import Service
from evidence.service.publishing import Publisher
from evidence.service.retries import Answer, answer_once

_BEARER = HTTPBearer(auto_error=False, description="the API key that the first start shows")
_COOKIE = APIKeyCookie(
    name=COOKIE,
    auto_error=False,
    description=f"of a person who signed in; what is no GET needs the header {CSRF_HEADER} too",
)


async def _either(bearer: object = Security(_BEARER), cookie: object = Security(_COOKIE)) -> None:
    """Only say so in the OpenAPI; ``api.access`` asks before a body is read."""


KEY = Security(_either)

ItemId = Annotated[
    str,
    Path(
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$",
        description="the shop's id of the item",
        examples=["item-1"],
    ),
]
ClaimId = Annotated[
    str,
    Path(
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$",
        description="the shop's id of the claim",
        examples=["claim-1"],
    ),
]
IdempotencyKey = Annotated[
    str | None,
    Header(
        pattern=r"^[\x21-\x7e]{1,255}$",
        description="a request sent again with the same key within 7 days has one effect and "
        "gets the same answer; another request with that key gets 409",
        examples=["0b6f2f1c-6a3e-4a51-9d6c-1f0e8f9b2a77"],
    ),
]


# None of these waits for anything: as coroutines they cost no way to a thread and back.
async def _service(request: Request) -> Service:
    service: Service = request.app.state.service
    return service


async def _ahead(request: Request) -> Ahead | None:
    ahead: Ahead | None = request.app.state.ahead
    return ahead


async def _publisher(request: Request) -> Publisher | None:
    publisher: Publisher | None = request.app.state.publisher
    return publisher


async def _client(request: Request) -> str:
    name: str = request.state.client
    return name


class Once:
    """Answers one request, or repeats the answer that its Idempotency-Key got before."""

    def __init__(self, service: Service, request: Request, key: str | None) -> None:
        self._service, self._request, self._key = service, request, key

    def __call__(self, asked: object, make: Callable[[], tuple[int, BaseModel]]) -> Response:
        """Return the answer that ``make`` gives; ``asked`` is all that the request says."""

        def answer() -> Answer:
            status, view = make()
            return Answer(status, view.model_dump_json(by_alias=True))

        if self._key is None:
            done = answer()
        else:
            request = [self._request.method, self._request.url.path, asked]
            text = json.dumps(request, sort_keys=True, default=str)
            fingerprint = hashlib.sha256(text.encode()).hexdigest()
            key = f"{self._request.state.asker}/{self._key}"
            done = answer_once(self._service, key, fingerprint, answer)
        return Response(done.body, done.status, media_type="application/json")


ServiceDep = Annotated[Service, Depends(_service)]
AheadDep = Annotated[Ahead | None, Depends(_ahead)]
PublisherDep = Annotated[Publisher | None, Depends(_publisher)]
ClientDep = Annotated[str, Depends(_client)]  # the name of the API key, or of the person


async def _once(
    service: ServiceDep, request: Request, idempotency_key: IdempotencyKey = None
) -> Once:
    return Once(service, request, idempotency_key)


OnceDep = Annotated[Once, Depends(_once)]
