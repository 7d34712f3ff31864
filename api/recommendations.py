"""What is shown of a recommendation: outcome, costs, clauses, window, findings, drafts."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from api import examples
from api.examples import shown
from api.three_way import ThreeWayView
from api.verdicts import FindingView, TextView, VerdictView
from evidence.policy.recommendation import Outcome, WindowState


class CostView(BaseModel):
    """Who pays one fee."""

    fee: str = Field(examples=["inbound_shipping"])
    paid_by: Literal["shop", "customer", "person_decides"]
    clause: str = Field(examples=["jp.4"])


class ClauseView(TextView):
    """A cited clause with its wording."""

    id: str = Field(examples=["jp.3"])


class WindowView(BaseModel):
    """Was the shop told in time?"""

    state: WindowState = Field(description="`unknown` is neither in nor out")
    deadline: datetime | None = Field(description="last instant of the window; null if unknown")
    zone: str = Field(description="zone that the days are counted in", examples=["Asia/Tokyo"])
    rule: str = Field(description="clause that sets the window", examples=["jp.3"])


class MissingView(TextView):
    """One thing to ask the customer or the warehouse for."""

    code: str = Field(examples=["photo.front"])


class PolicyView(BaseModel):
    """Which version of the policy was applied."""

    id: str
    version: str
    sha256: str


class MailView(BaseModel):
    """A draft in one language, plain text; a person sends it."""

    subject: str = Field(examples=["Your message about order order-1: what we still need"])
    body: str


class DraftMailView(BaseModel):
    """The mail to the customer in both languages."""

    en: MailView
    ja: MailView


class RecommendationView(BaseModel, json_schema_extra=shown(examples.RECOMMENDATION)):
    """What the rules propose; a named person decides."""

    outcome: Outcome = Field(description="never `deny` by a photo signal alone")
    remedy: str = Field(examples=["return_for_refund_or_exchange"])
    costs: list[CostView]
    clauses: list[ClauseView] = Field(description="every clause that was applied")
    window: WindowView
    verdict: VerdictView | None = Field(description="null where there was nothing to compare")
    findings: list[FindingView] = Field(description="of the photos and of the rules")
    missing: list[MissingView] = Field(description="what is asked for, exactly")
    next_steps: list[TextView]
    requires_decision_by: Literal["person"]
    policy: PolicyView
    draft_mail: DraftMailView = Field(
        description="for a person to send once decided; from templates that a shop can edit"
    )
    three_way: ThreeWayView | None = Field(
        default=None,
        description="order, packing and what arrived, compared; null in recommendations that are "
        "older than this",
    )
