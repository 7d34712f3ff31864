"""Find the day on which a shop is open again (Civil Code 142)."""

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from functools import cache

from holidays import HolidayBase, country_holidays


def open_day(day: date, *, countries: Iterable[str], closed_weekdays: Collection[int]) -> date:
    """Return ``day``, or the next one that is neither a closed weekday nor a public holiday.

    Args:
        day: where to start.
        countries: ISO 3166 alpha-2; a day closed in one of them is closed. A country that the
            ``holidays`` library does not know closes no day.
        closed_weekdays: ISO weekday numbers, 1 Monday to 7 Sunday; not all seven.
    """
    calendars = [calendar for c in countries if (calendar := _calendar(c, day.year)) is not None]
    while day.isoweekday() in closed_weekdays or any(day in c for c in calendars):
        day += timedelta(days=1)
    return day


@cache
def _calendar(country: str, year: int) -> HolidayBase | None:
    """Return the nation-wide holidays of a year and the next, which a search may run into."""
    try:
        return country_holidays(country, years=(year, year + 1), expand=False)
    except NotImplementedError:
        return None
