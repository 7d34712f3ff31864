"""What is sent and shown of a second reading."""

from datetime import datetime
from typing import Any, Self

from pydantic import BaseModel, Field

from api import workflow_examples as examples
from api.callers import Actor
from api.examples import shown
from api.fields import Line, Sha256, Words
from api.verdicts import TextView
from evidence.comparison.verdict import VerdictName
from evidence.policy.recommendation import Outcome
from evidence.policy.second_reading import Agreement, Answer, Confidence
from evidence.policy.second_reading_wording import (
    ANSWERS,
    CONFIDENCES,
    QUESTION,
    WITH_DECISION,
    WITH_VERDICT,
)
from evidence.registry.life_records import SecondAnswer, SecondReading, ShownPhoto
from evidence.service.parts import Service
from evidence.text import Text

_BOTH: dict[str, Any] = {
    "examples": [
        *shown(examples.SECOND_READING)["examples"],
        *shown(examples.ANSWERED_READING)["examples"],
    ]
}


class SecondReadingRequest(
    BaseModel, extra="forbid", json_schema_extra=shown(examples.SECOND_READING_REQUEST)
):
    """Who gives the case to whom."""

    asked_by: Actor = None
    reader: Line = Field(
        description="the person to answer: nobody who asked, decided or inspected on this claim",
        examples=["reviewer-2"],
    )
    reason: Words | None = Field(
        default=None, description="why; the reader does not see it before the answer"
    )


class AnswerRequest(BaseModel, extra="forbid", json_schema_extra=shown(examples.ANSWER_REQUEST)):
    """What the reader answers; it stays."""

    answered_by: Actor = None
    answer: Answer
    confidence: Confidence
    reason: Words = Field(description="what the answer rests on, in the reader's words")


class WithdrawalRequest(
    BaseModel, extra="forbid", json_schema_extra=shown(examples.WITHDRAWAL_REQUEST)
):
    """Who takes an unanswered second reading back."""

    withdrawn_by: Actor = None


class ChoiceOfAnswerView(TextView):
    """A word to answer with, and what it means."""

    name: str


class ShownPhotoView(BaseModel):
    """A photo that the reader looks at."""

    photo_id: Sha256 = Field(description="sha256 of the original bytes")
    view: str = Field(examples=["front"])
    media_type: str = Field(examples=["image/jpeg"])
    href: str = Field(description="its original bytes")


class AgreementView(TextView):
    """Whether two agree."""

    agreement: Agreement = Field(description="`open`: one of the two leaves it open")

    @classmethod
    def of(cls, agreement: Agreement, words: dict[str, Text]) -> Self:
        """Show an agreement."""
        text = words[agreement]
        return cls(agreement=agreement, en=text.en, ja=text.ja)


class AnsweredView(BaseModel):
    """The answer, and beside it what was kept from the reader until then."""

    answer: Answer
    confidence: Confidence
    reason: str
    answered_at: datetime
    asked_because: str
    verdict: VerdictName = Field(description="of the comparison, on the photos shown")
    with_verdict: AgreementView
    decision: Outcome | None = Field(description="the last one at that moment; null before any")
    with_decision: AgreementView | None

    @classmethod
    def of(cls, given: SecondAnswer, reading: SecondReading, service: Service) -> Self:
        """Show an answer."""
        decisions = {
            one.decision_id: one.decision for one in service.registry.decisions(reading.claim_id)
        }
        compared = given.with_decision
        return cls.model_validate(
            {
                "answer": given.answer,
                "confidence": given.confidence,
                "reason": given.reason,
                "answered_at": given.answered_at,
                "asked_because": reading.because,
                "verdict": given.verdict,
                "with_verdict": AgreementView.of(given.with_verdict, WITH_VERDICT),
                "decision": decisions.get(given.decision_id or 0),
                "with_decision": compared and AgreementView.of(compared, WITH_DECISION),
            }
        )


class WithdrawnView(BaseModel):
    """Who took it back, and when."""

    withdrawn_by: str
    withdrawn_at: datetime


class SecondReadingView(BaseModel, json_schema_extra=_BOTH):
    """A question and photos, nothing else until it is answered."""

    reading_id: int
    claim_id: str
    asked_by: str
    reader: str
    asked_at: datetime
    question: TextView
    answers: list[ChoiceOfAnswerView]
    confidences: list[ChoiceOfAnswerView]
    pre_shipment: list[ShownPhotoView] = Field(description="before shipping, when it was asked for")
    from_customer: list[ShownPhotoView] = Field(description="of the product, at that moment")
    withdrawn: WithdrawnView | None
    answered: AnsweredView | None = Field(description="null until then")

    @classmethod
    def of(cls, reading: SecondReading, service: Service) -> Self:
        """Show a second reading; before the answer, only what is told here is looked up."""
        given = reading.answered
        return cls.model_validate(
            {
                "reading_id": reading.reading_id,
                "claim_id": reading.claim_id,
                "asked_by": reading.asked_by,
                "reader": reading.reader,
                "asked_at": reading.asked_at,
                "question": {"en": QUESTION.en, "ja": QUESTION.ja},
                "answers": _choices(ANSWERS),
                "confidences": _choices(CONFIDENCES),
                "pre_shipment": [_photo(one, reading) for one in reading.references],
                "from_customer": [_photo(one, reading) for one in reading.queries],
                "withdrawn": reading.withdrawn_at
                and {"withdrawn_by": reading.withdrawn_by, "withdrawn_at": reading.withdrawn_at},
                "answered": given and AnsweredView.of(given, reading, service),
            }
        )


def _choices(words: dict[str, Text]) -> list[ChoiceOfAnswerView]:
    return [ChoiceOfAnswerView(name=name, en=text.en, ja=text.ja) for name, text in words.items()]


def _photo(one: ShownPhoto, reading: SecondReading) -> ShownPhotoView:
    place = f"/v1/claims/{reading.claim_id}/second-readings/{reading.reading_id}"
    return ShownPhotoView(
        photo_id=one.photo_id,
        view=one.view,
        media_type=one.media_type,
        href=f"{place}/photos/{one.photo_id}",
    )
