"""Until when an authorised return is asked back (reading 25)."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from policy.cases import another_shop, case

from evidence.policy.business_days import open_day
from evidence.policy.document import packaged_documents
from evidence.policy.return_deadline import reckon_return
from evidence.policy.zones import country_zones

(DOCUMENT,) = packaged_documents()
TOKYO = ZoneInfo("Asia/Tokyo")
MICROSECOND = timedelta(microseconds=1)
ALWAYS_OPEN = replace(DOCUMENT, home_country="ZZ", closed_weekdays=frozenset())
ZONES = st.sampled_from(country_zones(None))
INSTANTS = st.datetimes(datetime(2000, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))


def by(authorised, document=DOCUMENT, **facts):
    return reckon_return(case(**facts), document, authorised)


@pytest.mark.parametrize("hour", [0, 12, 23])
def test_reading_25_the_day_of_the_authorisation_is_not_counted(hour):
    found = by(datetime(2025, 3, 10, hour, 59, 59, tzinfo=TOKYO))
    assert found.astimezone(TOKYO) == datetime(2025, 3, 24, 23, 59, 59, 999999, TOKYO)


def test_reading_25_a_closed_last_day_makes_it_the_next_open_day():
    found = by(datetime(2025, 3, 6, 9, tzinfo=TOKYO))  # the 20th is the vernal equinox
    assert found.astimezone(TOKYO).date() == date(2025, 3, 21)
    found = by(datetime(2025, 3, 9, 9, tzinfo=TOKYO))  # the 23rd is a Sunday
    assert found.astimezone(TOKYO).date() == date(2025, 3, 24)


def test_reading_25_the_days_are_the_policy_s_and_there_may_be_none():
    shop, authorised = another_shop(), datetime(2025, 3, 10, 9, tzinfo=UTC)
    assert by(authorised, shop, residence="FR").date() == date(2025, 3, 20)
    assert by(authorised, shop, residence="KR") is None
    assert by(authorised, residence="FR").date() > by(authorised, residence="JP").date()


@given(authorised=INSTANTS, zone=ZONES)
@settings(deadline=None)
def test_reading_25_it_is_the_end_of_the_thirtieth_day_in_every_zone(authorised, zone):
    found = by(authorised, ALWAYS_OPEN, residence=None, ship_to="ZZ", ship_to_zone=zone)
    there = ZoneInfo(zone)
    due = authorised.astimezone(there).date() + timedelta(days=30)
    local = found.astimezone(there)
    assert found.utcoffset() == timedelta(0)
    after = (found + MICROSECOND).astimezone(there)
    assert after.date() > due  # the clocks may skip that day, or show its end twice
    assert (local.date(), local.time()) == (due, time.max) or local.date() > due


@given(authorised=INSTANTS, country=st.sampled_from(["US", "RU", "BR", "AU", "ZZ"]))
@settings(deadline=None, max_examples=30)
def test_reading_25_of_several_zones_none_ends_later(authorised, country):
    facts = {"residence": None, "ship_to": country}
    latest = by(authorised, **facts)
    ends = [by(authorised, **facts, ship_to_zone=zone) for zone in country_zones(country)]
    assert latest == max(ends)


@given(authorised=INSTANTS, residence=st.sampled_from(["JP", "US", "DE", "NZ"]))
@settings(deadline=None)
def test_reading_25_nobody_is_asked_earlier_than_the_policy_names(authorised, residence):
    days = DOCUMENT.region_of(residence).return_days
    found = by(authorised, residence=residence)
    assert found - authorised >= timedelta(days=days) - timedelta(hours=2)  # clocks may move
    zone = ZoneInfo("Asia/Tokyo")
    if residence == "JP":
        day = found.astimezone(zone).date()
        assert open_day(day, countries=["JP"], closed_weekdays={7}) == day


def test_an_instant_needs_its_zone():
    with pytest.raises(ValueError, match="aware"):
        by(datetime(2025, 3, 10))
