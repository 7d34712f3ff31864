"""Find the time zones that a country's addresses may lie in."""

from functools import cache
from importlib.resources import files


def country_zones(country: str | None) -> tuple[str, ...]:
    """Return the IANA zones of a country, or of the whole earth where it is unknown.

    Args:
        country: ISO 3166 alpha-2.

    Returns:
        At least one zone, in the order of the table.

    Source:
        zone1970.tab of the IANA time zone database, from the ``tzdata`` package.
    """
    table = _table()
    named = tuple(zone for zone, countries in table if country in countries)
    return named or tuple(zone for zone, _ in table)


@cache
def _table() -> tuple[tuple[str, frozenset[str]], ...]:
    lines = (files("tzdata.zoneinfo") / "zone1970.tab").read_text("utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return tuple((row[2], frozenset(row[0].split(","))) for row in rows)
