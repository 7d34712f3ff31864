"""API keys over HTTP: an owner says which programs may call."""

from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Annotated, Self

from fastapi import APIRouter, Depends, Path, Request
from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from api import staff_examples as examples
from api.callers import SessionDep
from api.dependencies import KEY, ServiceDep
from api.examples import shown
from api.problems import problems
from evidence.registry.staff_records import SCOPES, ApiKey, Scope
from evidence.service.keys import Keys

router = APIRouter(prefix="/v1/keys", tags=["people"], dependencies=[KEY])
_FORM = r"^[a-z0-9][a-z0-9._-]{0,63}$"
KeyName = Annotated[str, StringConstraints(pattern=_FORM)]
KeyPath = Annotated[str, Path(pattern=_FORM, description="its name", examples=["returns-workflow"])]


def _in_order(scopes: list[Scope]) -> list[Scope]:
    if "everything" in scopes and len(scopes) > 1:
        raise ValueError("everything is everything: name nothing beside it")
    return [scope for scope in SCOPES if scope in scopes]


def _keys(request: Request) -> Keys:
    keys: Keys = request.app.state.keys
    return keys


KeysDep = Annotated[Keys, Depends(_keys)]


class KeyRequest(BaseModel, extra="forbid", json_schema_extra=shown(examples.KEY_REQUEST)):
    """A program that is to have a key."""

    name: KeyName = Field(description="written beside what the program does; never used again")
    scopes: Annotated[list[Scope], Field(min_length=1), AfterValidator(_in_order)] = Field(
        default=["everything"],
        description="what it may call: `everything` that needs no person, `read`: of that what is "
        "a GET, what a person of the role `warehouse`, `support` or `reviewer` may call, or "
        "`metrics`: what tells how the service fares, and nothing else",
    )
    days: int | None = Field(
        default=None, ge=1, le=3650, description="that it is good for; null: until it is revoked"
    )


class RotationRequest(BaseModel, extra="forbid", json_schema_extra=shown(examples.ROTATION)):
    """Another secret for a key."""

    grace_hours: int = Field(
        default=24,
        ge=0,
        le=720,
        description="that the secret until now counts too, while the program is told the new one; "
        "0 ends it at once",
    )


class KeyView(BaseModel, json_schema_extra=shown(examples.KEY)):
    """A key, without what the program sends."""

    name: str
    added_at: datetime
    revoked_at: datetime | None = Field(description="since when it is refused")
    scopes: list[Scope] = Field(description="what it may call")
    expires_at: datetime | None = Field(description="until when; null: until it is revoked")
    last_used_on: date | None = Field(description="last day of a call, by UTC; null: none yet")
    rotated_at: datetime | None = Field(description="since when it has another secret")
    old_until: datetime | None = Field(description="until when the secret before that one counts")

    @classmethod
    def of(cls, one: ApiKey) -> Self:
        """Show a key."""
        return cls(**asdict(one))


class KeyList(BaseModel, json_schema_extra=shown(examples.KEY_LIST)):
    """Every program that may call, or might once."""

    keys: list[KeyView]
    operator: bool = Field(
        description="one more is set by `EVIDENCE_API_KEY`; it counts as long as that is set"
    )


class NewKeyView(BaseModel, json_schema_extra=shown(examples.NEW_KEY)):
    """A new key, and what the program is to send."""

    key: KeyView
    api_key: str = Field(description="shown only now")


@router.get("", responses=problems())
def read_keys(service: ServiceDep, keys: KeysDep, session: SessionDep) -> KeyList:
    """List every key, the oldest first; revoked ones stay in the list."""
    made = [KeyView.of(one) for one in service.registry.all_api_keys()]
    return KeyList(keys=made, operator=keys.given_sha256 is not None)


@router.post("", status_code=201, responses=problems(400, 409, 413))
def post_key(request: KeyRequest, keys: KeysDep, session: SessionDep) -> NewKeyView:
    """Make a key; only its sha256 is kept.

    It takes no Idempotency-Key, because its answer is not kept: where the answer was lost, revoke
    the key and make another.
    """
    added, key = keys.add(
        request.name, actor=session.staff.name, scopes=request.scopes, days=request.days
    )
    return NewKeyView(key=KeyView.of(added), api_key=key)


@router.post("/{name}/rotation", status_code=201, responses=problems(400, 404, 409, 413))
def post_rotation(
    name: KeyPath, request: RotationRequest, keys: KeysDep, session: SessionDep
) -> NewKeyView:
    """Give a key another secret; the one until now counts for a while too.

    It takes no Idempotency-Key, because its answer is not kept: where the answer was lost, rotate
    it again, which ends the secret that was lost.
    """
    rotated, key = keys.rotate(
        name, grace=timedelta(hours=request.grace_hours), actor=session.staff.name
    )
    return NewKeyView(key=KeyView.of(rotated), api_key=key)


@router.delete("/{name}", status_code=204, responses=problems(404))
def delete_key(
    name: KeyPath,
    service: ServiceDep,
    session: SessionDep,
) -> None:
    """Refuse a key from now on; again changes nothing."""
    service.registry.revoke_api_key(name, service.now(), actor=session.staff.name)
