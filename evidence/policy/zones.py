"""Find the time zones that a country's addresses may lie in, and those of a case."""

from functools import cache
from importlib.resources import files

from evidence.policy.case import Case
from evidence.policy.terms import Document


def address_zones(case: Case, document: Document) -> tuple[str, ...]:
    """Return every zone that the goods may have been received in (POLICY reading 6).

    Returns:
        The zone of the delivery address where it is told, else the zones of its country; where
        residence and delivery lie in different regions of the policy, those of both countries.
    """
    if case.ship_to_zone is None:
        zones = country_zones(case.ship_to or case.residence)
    else:
        zones = (case.ship_to_zone,)
    if case.residence and case.ship_to:
        regions = {document.region_of(country).id for country in (case.residence, case.ship_to)}
        zones += country_zones(case.residence) if len(regions) > 1 else ()
    return zones


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
