"""All that happened to a claim, in order."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from itertools import zip_longest
from typing import Any

from evidence.policy.life_wording import ACTIONS, OTHERS
from evidence.registry.life_records import SecondReading, StepTaken
from evidence.registry.records import Claim, KeptPhoto
from evidence.registry.retention_rows import Tombstone
from evidence.service.parts import Service
from evidence.text import Text

ISSUED = ("recommend", "recommend_final")  # told of by what was issued


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened.

    Attributes:
        at: when. Aware.
        code: stable name of what it was.
        text: the same in words.
        by: the person or program that did it, None for what the shop was told.
        note: why, or empty.
        from_state, to_state: of a move of the claim, else None.
        facts: what else was told, as JSON values.
    """

    at: datetime
    code: str
    text: Text
    by: str | None = None
    note: str = ""
    from_state: str | None = None
    to_state: str | None = None
    facts: dict[str, Any] = field(default_factory=dict)


def list_history(service: Service, claim_id: str) -> list[Happening]:
    """List what happened to a claim, the oldest first; equal instants in the order of the list.

    Raises:
        NotFoundError: no such claim.
    """
    registry = service.registry
    found = list(_told(registry.claim(claim_id)))
    found += [_photo("photo_added", photo) for photo in registry.claim_photos(claim_id)]
    for stone in registry.tombstones_of("claim", claim_id):
        found += _erased(stone)
    for issued in registry.issued_recommendations(claim_id):
        facts = {"outcome": json.loads(issued.body)["outcome"]}
        found.append(_other("recommended", issued.issued_at, facts))
    for inspection in registry.inspections_of(claim_id):
        photos = registry.inspection_photos(inspection.inspection_id)
        found += [_photo("inspection_photo_added", photo) for photo in photos]
    for issued in registry.final_recommendations(claim_id):
        facts = {"outcome": json.loads(issued.body)["outcome"]}
        found.append(_other("final_recommended", issued.issued_at, facts))
    steps = registry.steps(claim_id)
    found += [_move(step) for step in steps if step.action not in ISSUED]
    found += _overdue(steps, service.now())
    for reading in registry.second_readings(claim_id):
        found += _second_reading(reading)
    return sorted(found, key=lambda one: one.at)


def _told(claim: Claim) -> Iterator[Happening]:
    yield _other("ordered", claim.ordered_at)
    if claim.delivered_at is not None:
        yield _other("delivered", claim.delivered_at)
    for parcel in claim.parcels:
        if parcel.delivered_at is not None:
            yield _other("delivered", parcel.delivered_at, {"parcel_id": parcel.parcel_id})
    if claim.notice_sent_at is not None:
        yield _other("notice_sent", claim.notice_sent_at)
    yield _other("notified", claim.notified_at)


def _second_reading(reading: SecondReading) -> Iterator[Happening]:
    """Tell why it was asked for only with the answer: the asker may have seen the score."""
    number, given = {"reading_id": reading.reading_id}, reading.answered
    asked, note = number | {"reader": reading.reader}, reading.because if given else ""
    yield _of_person("second_reading_asked", reading.asked_at, reading.asked_by, note, asked)
    if given is not None:
        told = asdict(given)
        at, why = told.pop("answered_at"), told.pop("reason")
        yield _of_person("second_reading_answered", at, reading.reader, why, number | told)
    if reading.withdrawn_at is not None:
        by, at = reading.withdrawn_by or "", reading.withdrawn_at
        yield _of_person("second_reading_withdrawn", at, by, "", number)


def _of_person(code: str, at: datetime, by: str, note: str, facts: dict[str, Any]) -> Happening:
    return Happening(at, code, OTHERS[code], by=by, note=note, facts=facts)


def _photo(code: str, photo: KeptPhoto) -> Happening:
    return _other(code, photo.added_at, {"photo_id": photo.photo_id, "view": photo.view})


def _erased(stone: Tombstone) -> Iterator[Happening]:
    facts = {"photo_id": stone.photo_id, "view": ", ".join(stone.views)}
    if stone.added_at is not None:
        yield _other("photo_added", stone.added_at, facts)
    facts |= {"ground": stone.ground}
    yield _of_person("photo_erased", stone.erased_at, stone.erased_by, stone.reason, facts)


def _other(code: str, at: datetime, facts: dict[str, Any] | None = None) -> Happening:
    return Happening(at, code, OTHERS[code], facts=facts or {})


def _overdue(steps: Sequence[StepTaken], now: datetime) -> Iterator[Happening]:
    """Remind of each return that was still awaited when its day passed (reading 25)."""
    for step, following in zip_longest(steps, steps[1:]):
        if "return_by" in step.facts:
            by = datetime.fromisoformat(step.facts["return_by"])
            if by < (following.at if following else now):
                yield _other("return_overdue", by)


def _move(step: StepTaken) -> Happening:
    return Happening(
        at=step.at,
        code=step.action,
        text=ACTIONS[step.action],
        by=step.by,
        note=step.note,
        from_state=step.from_state,
        to_state=step.to_state,
        facts=dict(step.facts),
    )
