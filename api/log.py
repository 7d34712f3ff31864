"""The log for whoever does not trust us: its entries, proofs and signed checkpoints."""

from base64 import b64encode
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from fastapi.responses import PlainTextResponse
from pydantic import BaseModel, Field

from api import log_examples as examples
from api.dependencies import KEY, ServiceDep
from api.examples import shown
from api.problems import problems
from evidence.registry.log_leaves import LogEntry

router = APIRouter(prefix="/v1/log", tags=["log"], dependencies=[KEY])

LARGEST = 2**63 - 1

Number = Annotated[int, Path(ge=1, le=LARGEST, description="of the event", examples=[43])]
Size = Annotated[int, Query(ge=1, le=LARGEST, description="of a checkpoint", examples=[43])]


class LogEntryView(BaseModel, json_schema_extra=shown(examples.ENTRY)):
    """One event as it stands in the log."""

    number: int = Field(description="that of the event; its leaf has the index `number` - 1")
    leaf: str = Field(
        description="the leaf's data: canonical JSON, to be hashed as UTF-8. Its `details` is the "
        "SHA-256 of `salt` followed by `details` as UTF-8"
    )
    salt: str | None = Field(description="32 random bytes, hexadecimal; null once erased")
    details: str | None = Field(
        description="canonical JSON of what happened to whom; null once erased"
    )

    @classmethod
    def of(cls, entry: LogEntry) -> "LogEntryView":
        """Show an entry."""
        return cls(
            number=entry.number,
            leaf=entry.leaf.decode(),
            salt=entry.salt.hex() if entry.salt is not None else None,
            details=entry.details,
        )


class LogEntriesView(BaseModel, json_schema_extra=shown(examples.ENTRIES)):
    """Some entries, and where to go on."""

    entries: list[LogEntryView]
    next: int = Field(description="send it as `after` to go on")


class ConsistencyView(BaseModel, json_schema_extra=shown(examples.CONSISTENCY)):
    """What shows that one checkpoint extends another."""

    proof: list[str] = Field(description="hashes in base64, in the order of RFC 9162, 2.1.4.1")


def _text(description: str, example: str) -> dict[int | str, dict[str, Any]]:
    return {200: {"description": description, "content": {"text/plain": {"example": example}}}}


@router.get(
    "/key",
    response_class=PlainTextResponse,
    responses=_text("A verifier key", examples.KEY) | problems(),
)
def read_key(service: ServiceDep) -> str:
    """Read the key that checkpoints are signed with, as c2sp.org/signed-note writes it.

    Whoever checks the log should have it from elsewhere, such as from the start of the service.
    """
    return f"{service.registry.log_key()}\n"


@router.get(
    "/checkpoint",
    response_class=PlainTextResponse,
    responses=_text("A signed checkpoint", examples.CHECKPOINT) | problems(404),
)
def read_checkpoint(service: ServiceDep) -> PlainTextResponse:
    """Read the checkpoint of the whole log, signed, as c2sp.org/tlog-checkpoint has it."""
    return PlainTextResponse(service.registry.sign_log(), headers={"Cache-Control": "no-store"})


@router.get("/entries", responses=problems())
def read_entries(
    service: ServiceDep,
    after: Annotated[
        int, Query(ge=0, le=LARGEST, description="number of the last entry known", examples=[42])
    ] = 0,
    limit: Annotated[
        int, Query(ge=1, le=1000, description="how many at most", examples=[100])
    ] = 100,
) -> LogEntriesView:
    """Read what the leaves of the Merkle tree are made of, the oldest first."""
    last = min(after + limit, service.registry.log_size())
    entries = service.registry.log_entries(range(after + 1, last + 1))
    return LogEntriesView(
        entries=[LogEntryView.of(entry) for entry in entries], next=max(after, last)
    )


@router.get(
    "/proofs/{number}",
    response_class=PlainTextResponse,
    responses=_text("A proof of inclusion", examples.PROOF) | problems(404),
)
def read_proof(number: Number, service: ServiceDep) -> str:
    """Prove that an event is in the log, as c2sp.org/tlog-proof has it; anybody can check it."""
    return service.registry.log_proof(number)


@router.get("/consistency", responses=problems(404))
def read_consistency(old: Size, new: Size, service: ServiceDep) -> ConsistencyView:
    """Prove that the checkpoint of `new` entries extends that of `old` (RFC 9162, 2.1.4)."""
    proof = service.registry.log_consistency(old, new)
    return ConsistencyView(proof=[b64encode(one).decode() for one in proof])
