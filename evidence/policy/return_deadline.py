"""Reckon until when an authorised return is asked back: soft, and never held against anybody."""

from datetime import UTC, datetime

from evidence.policy.business_days import open_day
from evidence.policy.calendar_days import day_after, end_of_day
from evidence.policy.case import Case
from evidence.policy.terms import DELIVERY, Document
from evidence.policy.windows import reckon_window
from evidence.policy.zones import address_zones


def reckon_return(case: Case, document: Document, authorised_at: datetime) -> datetime | None:
    """Return the last instant to send the item back (POLICY reading 25), in UTC.

    The day of the authorisation is not counted. Everything doubtful falls to the customer's side:
    a last day on which the shop or the customer's country is closed makes it the next open day,
    and of several zones that the address may lie in the latest-ending one counts.

    Args:
        case: the facts of the disputed line.
        document: the policy in force when it was ordered.
        authorised_at: when the return was authorised. Aware.

    Returns:
        None if the policy names no such days.

    Raises:
        UnacceptableError: see ``reckon_window``.
        ValueError: an instant has no offset from UTC.
    """
    if authorised_at.utcoffset() is None:
        raise ValueError("authorised_at must be aware")
    region = reckon_window(case, document).region
    if region.return_days is None:
        return None
    zones = address_zones(case, document) if region.zone == DELIVERY else (region.zone,)
    ends = []
    for zone in zones:
        last_day = open_day(
            day_after(authorised_at, region.return_days, zone),
            countries=filter(None, (document.home_country, case.ship_to or case.residence)),
            closed_weekdays=document.closed_weekdays,
        )
        ends.append(end_of_day(last_day, zone).astimezone(UTC))
    return max(ends)
