"""What the rules propose; a person decides."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from evidence.comparison.verdict import Finding, Verdict
from evidence.text import Text

Outcome = Literal["approve", "deny", "review", "request_information"]
WindowState = Literal["in", "late", "borderline", "unknown"]
ZoneRule = Literal["policy", "address", "latest_ending"]
UnknownBecause = Literal["delivery_unknown", "parcel_unknown"]


@dataclass(frozen=True, slots=True)
class Window:
    """Was the shop told in time?

    Attributes:
        state: ``unknown`` is neither in nor out.
        deadline: last instant of the window in ``zone``, None while delivery is unknown. Aware.
        zone: IANA zone that the calendar days are counted in.
        rule: id of the clause that sets the window, such as ``jp.3``.
        zone_rule: why it is that zone (POLICY reading 6): the ``policy`` names it, it is that of
            the delivery ``address``, or the ``latest_ending`` one of several that it may be.
        customer_zone: IANA zone of the delivery address; of several, the one that is counted in
            if it is among them, else the latest-ending one.
        shop_zone: IANA zone of the shop, from the policy document.
        unknown_because: why there is no deadline; None where there is one.
    """

    state: WindowState
    deadline: datetime | None
    zone: str
    rule: str
    zone_rule: ZoneRule
    customer_zone: str
    shop_zone: str
    unknown_because: UnknownBecause | None = None

    def deadline_in(self, zone: str) -> datetime | None:
        """Return the deadline by the clocks of an IANA zone; the same instant."""
        return self.deadline and self.deadline.astimezone(ZoneInfo(zone))


@dataclass(frozen=True, slots=True)
class Cost:
    """Who pays one fee: ``shop``, ``customer`` or ``person_decides``, by which clause."""

    fee: str
    paid_by: str
    clause: str


@dataclass(frozen=True, slots=True)
class ClauseText:
    """A cited clause with its wording in both languages."""

    id: str
    text: Text


@dataclass(frozen=True, slots=True)
class PolicyVersion:
    """Which document was applied: its id, version and content hash."""

    id: str
    version: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that is asked for: a stable code and the request in both languages."""

    code: str
    text: Text


@dataclass(frozen=True, slots=True)
class Recommendation:
    """The ``recommendation`` of the contract.

    Attributes:
        outcome: never ``deny`` by a photo signal alone.
        remedy: ``return_for_refund_or_exchange``, ``reship_or_partial_refund``,
            ``person_decides`` or ``none``.
        costs: fees one by one.
        clauses: every clause that was applied, with its wording.
        window: was the shop told in time.
        verdict: what the photos show, None where there was nothing to compare.
        findings: of the photos and of the rules, in both languages.
        missing: what is asked for, exactly.
        next_steps: for the customer and the staff, in order.
        requires_decision_by: ``person`` wherever the outcome weighs against the customer
            or something is left to judge; every outcome is decided by a named person.
        policy: which document was applied.
    """

    outcome: Outcome
    remedy: str
    costs: tuple[Cost, ...]
    clauses: tuple[ClauseText, ...]
    window: Window
    verdict: Verdict | None
    findings: tuple[Finding, ...]
    missing: tuple[Missing, ...]
    next_steps: tuple[Text, ...]
    requires_decision_by: Literal["person"]
    policy: PolicyVersion
