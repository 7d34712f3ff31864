"""What is kept of a claim's life: steps, inspections, second readings, proposals."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from evidence.comparison.verdict import VerdictName
from evidence.policy.life import Action, State
from evidence.policy.second_reading import Agreement, Answer, Confidence


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
class ShownPhoto:
    """A photo as a second reader sees it: the photo, and what of the item it shows."""

    photo_id: str
    view: str
    media_type: str


@dataclass(frozen=True, slots=True)
class SecondAnswer:
    """What a second reader answered, and what was found beside it then; never changed.

    Attributes:
        reason: in the reader's words.
        verdict: the product's own on the very photos that the reader saw.
        with_verdict: whether the two agree.
        decision_id: the last decision at that moment, None before the first.
        with_decision: whether the answer goes along with it; None without a decision.
    """

    answer: Answer
    confidence: Confidence
    reason: str
    answered_at: datetime
    verdict: VerdictName
    with_verdict: Agreement
    decision_id: int | None
    with_decision: Agreement | None


@dataclass(frozen=True, slots=True)
class SecondReading:
    """A case that was given to a second person.

    Attributes:
        reader: who is asked, by name.
        because: why, in the asker's words, or empty; the reader sees it only after answering,
            since the asker may have seen the score.
        references: the photos before shipping as they were when it was asked for.
        queries: the customer's photos of the product at that moment.
        answered: None until then.
        withdrawn_by, withdrawn_at: None unless it was taken back unanswered.
    """

    reading_id: int
    claim_id: str
    asked_by: str
    reader: str
    because: str
    asked_at: datetime
    references: tuple[ShownPhoto, ...]
    queries: tuple[ShownPhoto, ...]
    answered: SecondAnswer | None = None
    withdrawn_by: str | None = None
    withdrawn_at: datetime | None = None

    @property
    def waits(self) -> bool:
        """Whether it is still to be answered."""
        return self.answered is None and self.withdrawn_at is None

    @property
    def version(self) -> int:
        """1 while it waits for its answer; 2 from then on, or from its withdrawal on."""
        return 1 if self.answered is None and self.withdrawn_at is None else 2


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
