"""A decision over HTTP: what a named person states, and what is kept of it for ever."""

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from api import examples
from api.callers import Actor
from api.examples import shown
from api.fields import Words
from evidence.policy.recommendation import Outcome
from evidence.registry.records import Decision


class DecisionRequest(
    BaseModel, extra="forbid", json_schema_extra=shown(examples.DECISION_REQUEST)
):
    """What a named person decides."""

    decision: Outcome = Field(examples=["approve"])
    decided_by: Actor = None
    reason: Words = Field(examples=["same card, dented in transit"])


class DecisionView(BaseModel, json_schema_extra=shown(examples.DECISION)):
    """What a person decided, with the recommendation of that moment."""

    decision_id: int
    decision: Outcome
    decided_by: str
    reason: str
    decided_at: datetime
    recommendation: dict[str, Any] = Field(description="as it was when the decision was taken")

    @classmethod
    def of(cls, decision: Decision) -> "DecisionView":
        """Show a decision."""
        return cls.model_validate(
            {**asdict(decision), "recommendation": json.loads(decision.recommendation)}
        )
