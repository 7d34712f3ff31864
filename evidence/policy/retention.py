"""How long photos are kept: the shop's rules as data, and what they say of one photo.

A legal hold wins over everything, an open claim over every date. What hangs on several owners is
kept as long as any of them needs it. Before its day nothing goes but a closed claim's photos, on
the request of a person whom they concern.
"""

import hashlib
import tomllib
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter, ValidationError, with_config

from evidence.errors import PolicyDocumentError
from evidence.policy.terms import STRICT, Words

Days = Annotated[int, Field(strict=True, ge=1, le=36_500)]
Ground = Literal["retention", "request"]
Refusal = Literal["held", "open claim", "not due"]

WHY: dict[Refusal, str] = {
    "held": "a legal hold is on it",
    "open claim": "a claim on it is open",
    "not due": "its time has not come",
}


@with_config(STRICT)
@dataclass(frozen=True, slots=True)
class KindDays:
    """Days after delivery, by kind of item."""

    card: Days
    slab: Days
    sealed: Days
    other: Days


@with_config(STRICT)
@dataclass(frozen=True, slots=True)
class MoreDays:
    """The other numbers of days.

    Attributes:
        transit: added where no delivery was told.
        closed: after a claim was closed.
        loose: for a photo that hangs on nothing.
    """

    transit: Days
    closed: Days
    loose: Days


@with_config(STRICT)
@dataclass(frozen=True, slots=True)
class RetentionRules:
    """One version of the shop's rules; ``sha256`` is that of the document's bytes."""

    id: Words
    version: Words
    note: Words
    days: KindDays
    more: MoreDays
    sha256: str


@dataclass(frozen=True, slots=True)
class ClaimFacts:
    """A claim that needs a photo; ``closed_at`` is None while it is open."""

    claim_id: str
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class OwnerFacts:
    """What a photo hangs on.

    Attributes:
        subject: ``item``, ``claim`` or ``inspection``.
        subject_id: its id.
        kind: of the item that it is about.
        since: the last seal or photo of an item; when the photo was added to anything else.
        delivered: each delivery that was told.
        claims: those that need the photo.
        held: a legal hold is on it, or on a claim or item that it belongs to.
    """

    subject: Literal["item", "claim", "inspection"]
    subject_id: str
    kind: str
    since: datetime
    delivered: tuple[datetime, ...]
    claims: tuple[ClaimFacts, ...]
    held: bool


@dataclass(frozen=True, slots=True)
class PhotoFacts:
    """A kept photo, as far as its time depends on it; ``size`` is in bytes."""

    photo_id: str
    size: int
    added_at: datetime
    owners: tuple[OwnerFacts, ...]

    @property
    def held(self) -> bool:
        """Whether a legal hold is on anything that it hangs on."""
        return any(owner.held for owner in self.owners)


def load_retention(data: bytes) -> RetentionRules:
    """Read the rules from TOML in UTF-8.

    Raises:
        PolicyDocumentError: broken or incomplete; says the key, and the reason.
    """
    try:
        raw = {**tomllib.loads(data.decode("utf-8")), "sha256": hashlib.sha256(data).hexdigest()}
        return TypeAdapter(RetentionRules).validate_python(raw)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise PolicyDocumentError(f"retention: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(map(str, first["loc"]))
        raise PolicyDocumentError(f"retention: {key}: {first['msg']}") from error


@cache
def packaged_retention() -> RetentionRules:
    """Return the rules that come with the product."""
    return load_retention((files("evidence.policy") / "retention.toml").read_bytes())


def due_at(photo: PhotoFacts, rules: RetentionRules) -> datetime | None:
    """Return from when on a photo may go; None while a claim that needs it is open.

    Legal holds are not looked at: ``refuse_erasure`` does.
    """
    if not photo.owners:
        return photo.added_at + timedelta(days=rules.more.loose)
    ends = [_due(owner, rules) for owner in photo.owners]
    known = [end for end in ends if end is not None]
    return max(known) if len(known) == len(ends) else None


def refuse_erasure(
    photo: PhotoFacts, rules: RetentionRules, now: datetime, *, of_claim: str | None = None
) -> Refusal | None:
    """Say why a photo may not be erased now; None if it may.

    Args:
        photo: the facts, as they are in the transaction that would erase it.
        rules: the shop's.
        now: the instant. Aware.
        of_claim: the claim whose photos a person asked to erase: once it is closed, its own photos
            and those of its inspections need not be due.
    """
    if photo.held:
        return "held"
    for owner in photo.owners:
        if any(claim.closed_at is None for claim in owner.claims):
            return "open claim"
    if not photo.owners:
        due = due_at(photo, rules)
        return None if due is not None and due <= now else "not due"
    for owner in photo.owners:
        if owner.subject != "item" and any(one.claim_id == of_claim for one in owner.claims):
            continue
        end = _due(owner, rules)
        if end is None or end > now:
            return "not due"
    return None


def _due(owner: OwnerFacts, rules: RetentionRules) -> datetime | None:
    closed = [claim.closed_at for claim in owner.claims]
    if None in closed:
        return None
    days = timedelta(days=getattr(rules.days, owner.kind, rules.days.other))
    ends = [at + days for at in owner.delivered]
    if not ends:
        transit = timedelta(days=rules.more.transit)
        ends = [owner.since + (transit + days if owner.subject == "item" else days)]
    ends += [at + timedelta(days=rules.more.closed) for at in closed if at is not None]
    return max(ends)
