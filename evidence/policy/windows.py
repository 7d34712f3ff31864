"""Reckon whether the shop was told in time, by calendar days in a stated zone.

The day of receipt is not counted (Civil Code 140), the last day counts to its end (141). A last
day on which the shop is closed makes the next open day ``borderline`` (142), and so does a notice
that was sent in time and came late; a public holiday where the parcel went or where the customer
lives closes a day as one in the shop's country does. Nothing doubtful is ever read as late.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from evidence.errors import UnacceptableError
from evidence.policy.business_days import open_day
from evidence.policy.calendar_days import day_after, end_of_day
from evidence.policy.case import Case
from evidence.policy.recommendation import UnknownBecause, Window, WindowState, ZoneRule
from evidence.policy.terms import DELIVERY, Document, Region
from evidence.policy.zones import address_zones

FAVOUR: tuple[WindowState, ...] = ("in", "borderline", "late", "unknown")  # best first
YEARS = (1950, 2500)  # far from the calendar's ends, so that no sum of days overflows


@dataclass(frozen=True, slots=True)
class Reckoning:
    """The window, with every reading of it that the facts allow (POLICY reading 1).

    Attributes:
        region: whose clauses, costs and steps apply: by residence, else by ship-to.
        window: the reading most favourable to the customer; the one that is applied.
        others: readings by another region, where residence and ship-to conflict or are unknown.
    """

    region: Region
    window: Window
    others: tuple[Window, ...]

    @property
    def disputed(self) -> bool:
        """Do the readings differ in what they say?"""
        return any(other.state != self.window.state for other in self.others)


def reckon_window(case: Case, document: Document) -> Reckoning:
    """Read the window under each region that may apply, and apply the most favourable.

    Raises:
        UnacceptableError: ``ship_to_zone`` is no zone, or an instant lies outside ``YEARS``.
        ValueError: an instant has no offset from UTC.
    """
    told = (case.ordered_at, case.notified_at, case.delivered_at, case.notice_sent_at)
    instants = (*told, *case.parcels)
    for instant in filter(None, instants):
        if instant.utcoffset() is None:
            raise ValueError("instants must be aware")
        if not YEARS[0] <= instant.year <= YEARS[1]:
            raise UnacceptableError(
                f"{instant.date()} is no day of a delivery or a notice",
                f"{instant.date()} は配達日または連絡日として扱えません。日付を確認してください。",
            )
    countries = [country for country in (case.residence, case.ship_to) if country]
    regions = {region.id: region for region in map(document.region_of, countries)}
    possible = list(regions.values()) or list(document.regions)
    readings = [(_read(case, region, document), region) for region in possible]
    readings.sort(key=lambda reading: _unfavour(reading[0].state, reading[0].deadline))
    (window, region), *others = readings
    return Reckoning(possible[0] if regions else region, window, tuple(w for w, _ in others))


def _unfavour(state: WindowState, deadline: datetime | None) -> tuple[int, float]:
    """Order the most favourable reading first: by state, then by the later deadline."""
    return FAVOUR.index(state), -deadline.timestamp() if deadline else 0.0


def _read(case: Case, region: Region, document: Document) -> Window:
    """Read the window by one region, in the zone that favours the customer most."""
    of_address = address_zones(case, document)
    zones = of_address if region.zone == DELIVERY else (region.zone,)
    zone = _favourable(zones, case, region, document)
    state, deadline = _count(case, region, zone, document)
    local = zone if zone in of_address else _favourable(of_address, case, region, document)
    window = Window(
        state=state,
        deadline=deadline,
        zone=zone,
        rule=region.cites.window,
        zone_rule=_zone_rule(region, zones),
        customer_zone=local,
        shop_zone=document.home_zone,
    )
    if case.received_at is not None:
        return window
    because: UnknownBecause = "parcel_unknown" if case.parcels else "delivery_unknown"
    return replace(window, state="unknown", deadline=None, unknown_because=because)


def _favourable(zones: tuple[str, ...], case: Case, region: Region, document: Document) -> str:
    """Return the zone whose window favours the customer most; the first of equals."""
    return min(zones, key=lambda zone: _unfavour(*_count(case, region, zone, document)))


def _count(
    case: Case, region: Region, zone: str, document: Document
) -> tuple[WindowState, datetime]:
    received = case.received_at or case.notified_at  # the latter only to name a zone
    last_day = day_after(received, region.window_days, zone)
    reopened = open_day(
        last_day,
        countries=filter(None, (document.home_country, case.ship_to, case.residence)),
        closed_weekdays=document.closed_weekdays,
    )
    deadline = end_of_day(last_day, zone)
    return _state(case, deadline, end_of_day(reopened, zone)), deadline


def _state(case: Case, deadline: datetime, reopened: datetime) -> WindowState:
    # In UTC: two instants of one zone would be compared by wall clock, blind to DST.
    notified, sent = (
        (instant or case.notified_at).astimezone(UTC)
        for instant in (case.notified_at, case.notice_sent_at)
    )
    if notified <= deadline.astimezone(UTC):
        return "in"
    doubtful = sent <= deadline.astimezone(UTC) or notified <= reopened.astimezone(UTC)
    return "borderline" if doubtful else "late"


def _zone_rule(region: Region, zones: tuple[str, ...]) -> ZoneRule:
    if region.zone != DELIVERY:
        return "policy"
    return "address" if len(zones) == 1 else "latest_ending"
