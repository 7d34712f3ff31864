"""Where a day ends: whole calendar days after an instant, in a named zone."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from evidence.errors import UnacceptableError


def day_after(start: datetime, days: int, zone: str) -> date:
    """Return the local day that many days after that of ``start``, which is not counted itself.

    Args:
        start: any instant. Aware.
        days: 0 or more.
        zone: IANA zone.

    Raises:
        UnacceptableError: see ``known_zone``.
    """
    return start.astimezone(known_zone(zone)).date() + timedelta(days=days)


def end_of_day(day: date, zone: str) -> datetime:
    """Return the last microsecond of a local day; the later one where clocks make it twice.

    Raises:
        UnacceptableError: see ``known_zone``.
    """
    local = datetime.combine(day, time.max, known_zone(zone))
    return max(local, local.replace(fold=1), key=lambda instant: instant.astimezone(UTC))


def known_zone(name: str) -> ZoneInfo:
    """Return the IANA zone of that name.

    Raises:
        UnacceptableError: there is none.
    """
    try:
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError) as error:
        raise UnacceptableError(
            f"ship_to_zone: {name!r} is no IANA time zone",
            f"ship_to_zone：{name!r} は IANA のタイムゾーンではありません。",
        ) from error
