"""What is shown of a recommendation: outcome, costs, clauses, window, findings, drafts."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from api import examples
from api.examples import shown
from api.three_way import ThreeWayView
from api.verdicts import ClaimVerdictView, ComparedView, FindingView, TextView
from evidence.policy.recommendation import Outcome, UnknownBecause, WindowState, ZoneRule


class CostView(BaseModel):
    """Who pays one fee."""

    fee: str = Field(examples=["inbound_shipping"])
    paid_by: Literal["shop", "customer", "person_decides"]
    clause: str = Field(examples=["jp.4"])


class ClauseView(TextView):
    """A cited clause with its wording."""

    id: str = Field(examples=["jp.3"])


class LocalDeadlineView(BaseModel):
    """The deadline by the clocks of one zone; null where there is none."""

    zone: str = Field(description="IANA time zone", examples=["Europe/Paris"])
    deadline: datetime | None = Field(description="with the zone's offset from UTC at that instant")
    en: str | None = Field(
        description="the same in words",
        examples=["Friday, 4 April 2025, 23:59 (Central European Summer Time)"],
    )
    ja: str | None = Field(examples=["2025年4月4日（金）23時59分（中央ヨーロッパ夏時間）"])


class UnknownDeadlineView(TextView):
    """Why there is no deadline."""

    code: UnknownBecause


class WindowView(BaseModel):
    """Was the shop told in time?"""

    state: WindowState = Field(description="`unknown` is neither in nor out")
    deadline: datetime | None = Field(description="last instant of the window; null if unknown")
    zone: str = Field(description="zone that the days are counted in", examples=["Asia/Tokyo"])
    rule: str = Field(description="clause that sets the window", examples=["jp.3"])
    zone_rule: ZoneRule = Field(
        description="why that zone: the `policy` names it, it is that of the delivery `address`, "
        "or the `latest_ending` one of several that it may be"
    )
    customer: LocalDeadlineView = Field(description="in the zone of the delivery address")
    shop: LocalDeadlineView = Field(description="in the shop's zone")
    unknown_because: UnknownDeadlineView | None = Field(description="null where it is known")


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
    verdict: ClaimVerdictView | None = Field(description="null where there was nothing to compare")
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
    comparisons: list[ComparedView] | None = Field(
        default=None,
        description="each photo of the claim with those of the item that it was compared with, the "
        "likeliest first, up to one that agrees; null in recommendations that are older than this",
    )
