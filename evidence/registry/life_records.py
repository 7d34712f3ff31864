"""What is kept of a claim's life: steps, inspections, final proposals, second readings."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from evidence.policy.life import Action, State


@dataclass(frozen=True, slots=True)
class StepTaken:
    """One move of a claim; kept for ever, never changed.

    Attributes:
        by: the person who did it, by name; ``workflow`` where a rule or a program did.
        role: as whom.
        note: why, or empty.
        facts: what else was told, as JSON values.
    """

    step_id: int
    claim_id: str
    action: Action
    by: str
    role: str
    note: str
    facts: Mapping[str, Any]
    from_state: State
    to_state: State
    at: datetime


@dataclass(frozen=True, slots=True)
class Inspection:
    """A look at one item that came back.

    Attributes:
        claim_id: what it came back for, None if no claim is known.
        inspected_by: the person, by name.
        note: what that person wrote.
        findings: their answers, as JSON values.
    """

    inspection_id: int
    item_id: str
    claim_id: str | None
    inspected_by: str
    note: str
    findings: Mapping[str, Any]
    inspected_at: datetime


@dataclass(frozen=True, slots=True)
class IssuedProposal:
    """A recommendation or a final one, as it was issued: its JSON text and when."""

    body: str
    issued_at: datetime


@dataclass(frozen=True, slots=True)
class SecondReading:
    """A second person's look at a claim's photos.

    Attributes:
        answer: ``same_item``, ``different_item`` or ``cannot_tell``; None until answered.
        difference: of a different item, ``other_copy`` or ``other_product`` if it was told.
        verdict: the product's own at the moment of the answer; None where it had none.
    """

    reading_id: int
    claim_id: str
    reader: str
    asked_by: str
    asked_at: datetime
    answer: str | None = None
    difference: str | None = None
    reason: str | None = None
    verdict: str | None = None
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """What a second reader answers, with the product's verdict that was hidden until then."""

    answer: str
    reason: str
    at: datetime
    difference: str | None = None
    verdict: str | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of a move beside its action; ``by`` is a name."""

    by: str
    at: datetime
    role: str = "workflow"
    note: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
