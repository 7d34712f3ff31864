"""What is kept of a claim's life: steps, inspections, proposals."""

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
class Told:
    """What is told of a move beside its action; ``by`` is a name."""

    by: str
    at: datetime
    role: str = "workflow"
    note: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
