from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from policy.cases import another_shop, case

from evidence.errors import UnacceptableError
from evidence.policy.business_days import open_day
from evidence.policy.document import packaged_documents
from evidence.policy.recommendation import Window
from evidence.policy.windows import reckon_window
from evidence.policy.zones import country_zones

(DOCUMENT,) = packaged_documents()
TOKYO = ZoneInfo("Asia/Tokyo")
MICROSECOND = timedelta(microseconds=1)
ZONES = st.sampled_from(country_zones(None))
INSTANTS = st.datetimes(datetime(2000, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))


def reckon(**facts):
    return reckon_window(case(**facts), DOCUMENT)


def window(**facts):
    return reckon(**facts).window


def tokyo(*when):
    return datetime(*when, tzinfo=TOKYO)


@pytest.mark.parametrize("hour", [0, 12, 23])
def test_reading_4_the_first_day_is_not_counted_at_whatever_hour(hour):
    received = tokyo(2025, 2, 10, hour, 59, 59)
    last = tokyo(2025, 2, 13, 23, 59, 59, 999999)
    assert window(delivered_at=received, notified_at=last).state == "in"
    assert window(delivered_at=received, notified_at=last).deadline == last
    assert window(delivered_at=received, notified_at=last + MICROSECOND).state == "late"
    abroad = window(delivered_at=received, residence="KR", notified_at=last)
    assert abroad.deadline == datetime(2025, 3, 12, 23, 59, 59, 999999, ZoneInfo("Asia/Seoul"))


@pytest.mark.parametrize(
    ("received", "last"),
    [((2028, 2, 27), (2028, 3, 1)), ((2027, 2, 26), (2027, 3, 1)), ((2025, 12, 29), (2026, 1, 1))],
    ids=["leap day", "no leap day", "new year"],
)
def test_days_are_those_of_the_calendar(received, last):
    found = window(delivered_at=tokyo(*received, 9), notified_at=tokyo(*received, 10))
    assert found.deadline == tokyo(*last, 23, 59, 59, 999999)


def test_reading_3_an_unknown_delivery_is_neither_in_nor_late():
    for country in ("JP", "US"):
        found = window(residence=country, delivered_at=None, notified_at=tokyo(2030, 1, 1))
        assert (found.state, found.deadline) == ("unknown", None)


def test_a_notice_before_the_delivery_is_in_time():
    assert window(notified_at=tokyo(2025, 3, 1), delivered_at=tokyo(2025, 3, 5)).state == "in"


@pytest.mark.parametrize(
    ("received", "reopened"),
    [((2025, 3, 6), (2025, 3, 10)), ((2025, 5, 2), (2025, 5, 7)), ((2025, 2, 8), (2025, 2, 12))],
    ids=["Sunday", "Golden Week", "National Foundation Day"],
)
def test_reading_5_a_closed_last_day_makes_the_next_open_day_borderline(received, reopened):
    facts = {"delivered_at": tokyo(*received, 9)}
    last = tokyo(*received) + timedelta(days=4) - MICROSECOND
    end = tokyo(*reopened) + timedelta(days=1) - MICROSECOND
    assert window(**facts, notified_at=last).state == "in"
    assert window(**facts, notified_at=last + MICROSECOND).state == "borderline"
    assert window(**facts, notified_at=end).state == "borderline"
    assert window(**facts, notified_at=end).deadline == last
    assert window(**facts, notified_at=end + MICROSECOND).state == "late"


def test_reading_5_a_saturday_is_an_open_day():
    facts = {"delivered_at": tokyo(2025, 3, 5, 9)}  # last day Saturday 8 March
    assert window(**facts, notified_at=tokyo(2025, 3, 9)).state == "late"


def test_reading_5_abroad_holidays_of_both_countries_close_the_day():
    christmas = date(2025, 12, 25)
    assert open_day(christmas, countries=["JP"], closed_weekdays={7}) == christmas
    assert open_day(christmas, countries=["JP", "DK"], closed_weekdays={7}) == date(2025, 12, 27)
    assert open_day(christmas, countries=["ZZ"], closed_weekdays={7}) == christmas
    new_year = open_day(date(2025, 12, 31), countries=["JP"], closed_weekdays={3})  # a Wednesday
    assert new_year == date(2026, 1, 2)


def test_reading_5_abroad_the_holidays_of_the_address_and_of_the_residence_count():
    facts = {  # last day Christmas Day
        "delivered_at": datetime(2025, 11, 25, 12, tzinfo=UTC),
        "notified_at": datetime(2025, 12, 27, 12, tzinfo=UTC),
    }
    denmark = window(**facts, residence="SG", ship_to="DK")  # closed on the 26th too
    assert (denmark.state, denmark.zone) == ("borderline", "Europe/Berlin")  # one with Copenhagen
    assert window(**facts, residence="DK", ship_to="SG").state == "borderline"
    assert window(**facts, residence="SG", ship_to="SG").state == "late"
    assert window(**facts, residence="DK").state == "borderline"


def test_reading_6_abroad_the_zone_of_the_delivery_address_counts():
    instant = datetime(2025, 3, 5, 20, tzinfo=UTC)  # the 6th in Auckland, the 5th in London
    facts = {"residence": None, "delivered_at": instant, "notified_at": instant}
    auckland = window(**facts, ship_to="NZ", ship_to_zone="Pacific/Auckland")
    london = window(**facts, ship_to="GB", ship_to_zone="Europe/London")
    assert (auckland.zone, auckland.deadline.date()) == ("Pacific/Auckland", date(2025, 4, 5))
    assert (london.zone, london.deadline.date()) == ("Europe/London", date(2025, 4, 4))


def test_reading_6_of_a_country_s_several_zones_the_latest_ending_one_counts():
    found = window(residence="US", delivered_at=datetime(2025, 3, 5, 20, tzinfo=UTC))
    assert found.zone == "Pacific/Honolulu"


def test_reading_6_where_regions_conflict_zones_of_both_countries_count():
    found = window(residence="US", ship_to="JP", delivered_at=datetime(2025, 3, 5, 12, tzinfo=UTC))
    assert (found.zone, found.deadline.date()) == ("Pacific/Honolulu", date(2025, 4, 4))


def test_reading_6_in_japan_it_is_tokyo_whatever_the_address_says():
    assert window(ship_to="JP", ship_to_zone="Europe/London").zone == "Asia/Tokyo"


def test_reading_7_sent_in_time_but_arrived_late_is_borderline():
    facts = {"delivered_at": tokyo(2025, 3, 5, 9), "notified_at": tokyo(2025, 3, 20)}
    last = tokyo(2025, 3, 8, 23, 59, 59, 999999)
    assert window(**facts, notice_sent_at=last).state == "borderline"
    assert window(**facts, notice_sent_at=last + MICROSECOND).state == "late"
    assert window(**facts).state == "late"


@pytest.mark.parametrize(
    ("residence", "ship_to", "region"),
    [("JP", None, "jp"), (None, "JP", "jp"), ("US", None, "intl"), (None, "US", "intl"),
     ("JP", "US", "jp"), ("US", "JP", "intl"), ("US", "CA", "intl")],
)  # fmt: skip
def test_reading_1_residence_comes_before_ship_to(residence, ship_to, region):
    found = reckon(residence=residence, ship_to=ship_to)
    assert found.region.id == region
    assert bool(found.others) == ({residence, ship_to} == {"JP", "US"})


@pytest.mark.parametrize(("residence", "ship_to"), [("JP", "US"), ("US", "JP"), (None, None)])
def test_reading_1_a_conflict_applies_the_longer_window_and_shows_both(residence, ship_to):
    facts = {"residence": residence, "ship_to": ship_to, "delivered_at": tokyo(2025, 3, 5, 9)}
    found = reckon(**facts, notified_at=tokyo(2025, 3, 20))
    assert (found.window.rule, found.window.state) == ("intl.3.window", "in")
    assert [(w.rule, w.state) for w in found.others] == [("jp.3.window", "late")]
    assert found.disputed
    assert not reckon(**facts, notified_at=tokyo(2025, 3, 6)).disputed
    assert reckon(**facts, notified_at=tokyo(2025, 5, 20)).window.state == "late"


def test_the_end_of_a_day_that_clocks_make_twice_is_the_later_one():
    havana = ZoneInfo("America/Havana")  # on 2 November 2025, 01:00 becomes 00:00
    assuncion = "America/Asuncion"  # on 24 March 2024, 00:00 became 23:00 of the 23rd
    found = window(
        residence="PY",
        ship_to_zone=assuncion,
        delivered_at=datetime(2024, 2, 22, 12, tzinfo=UTC),
        notified_at=datetime(2024, 3, 24, 3, 30, tzinfo=UTC),  # 23:30, for the second time
    )
    assert found.deadline.utcoffset() == timedelta(hours=-4)
    assert found.state == "in"
    received = datetime(2025, 10, 2, 12, tzinfo=havana)
    found = window(residence="CU", delivered_at=received, notified_at=received)
    assert found.deadline.astimezone(UTC) == datetime(2025, 11, 2, 4, tzinfo=UTC) - MICROSECOND


def test_a_last_day_that_the_clocks_skip_lasts_as_long_as_the_next():
    apia = ZoneInfo("Pacific/Apia")  # went from 29 to 31 December 2011
    facts = {"residence": "WS", "delivered_at": datetime(2011, 11, 30, 12, tzinfo=apia)}
    # in one zone Python compares the clock on the wall, and would call this late
    assert window(**facts, notified_at=datetime(2011, 12, 31, 10, tzinfo=apia)).state == "in"
    assert window(**facts, notified_at=datetime(2012, 1, 5, tzinfo=apia)).state == "late"


@given(received=INSTANTS, zone=ZONES)
@settings(deadline=None)
def test_the_deadline_is_the_last_microsecond_of_the_thirtieth_day_in_every_zone(received, zone):
    facts = {"residence": None, "ship_to": "ZZ", "ship_to_zone": zone, "delivered_at": received}
    deadline = window(**facts, notified_at=received).deadline
    due = received.astimezone(ZoneInfo(zone)).date() + timedelta(days=30)
    after = (deadline.astimezone(UTC) + MICROSECOND).astimezone(ZoneInfo(zone))
    assert (deadline.date(), deadline.time()) == (due, time.max)
    assert after.date() > due
    assert window(**facts, notified_at=deadline.astimezone(UTC)).state == "in"
    assert window(**facts, notified_at=after.astimezone(UTC)).state in ("borderline", "late")


@given(received=INSTANTS)
@settings(deadline=None, max_examples=25)
def test_reading_6_no_zone_on_earth_ends_later_than_that_of_an_unknown_address(received):
    facts = {"residence": None, "ship_to": "ZZ", "delivered_at": received, "notified_at": received}
    latest = window(**facts).deadline.astimezone(UTC)
    for zone in country_zones(None):
        assert window(**facts, ship_to_zone=zone).deadline.astimezone(UTC) <= latest


@given(
    received=INSTANTS, told=st.timedeltas(timedelta(days=-5), timedelta(days=60)),
    residence=st.sampled_from(["JP", "US", "GB", None]),
    ship_to=st.sampled_from(["JP", "US", "NZ", None]),
)  # fmt: skip
@example(  # the last day is a holiday where the customer lives, and none where the parcel went
    received=datetime(2000, 6, 3, 15, tzinfo=UTC), told=timedelta(days=31),
    residence="US", ship_to="JP",
)  # fmt: skip
@settings(deadline=None)
def test_late_is_late_by_every_reading(received, told, residence, ship_to):
    facts = {"delivered_at": received, "notified_at": received + told}
    found = reckon(residence=residence, ship_to=ship_to, **facts)
    if found.window.state == "late":
        assert told > timedelta(days=3)
        for country in filter(None, (residence, ship_to)):
            for zone in country_zones(ship_to or residence):
                alone = window(residence=country, ship_to_zone=zone, **facts)
                assert alone.state == "late"
    if told < timedelta(days=3):
        assert found.window.state == "in"


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({}, ("Asia/Tokyo", "policy", "Asia/Tokyo")),
        ({"ship_to_zone": "Europe/London"}, ("Asia/Tokyo", "policy", "Europe/London")),
        ({"residence": "KR"}, ("Asia/Seoul", "address", "Asia/Seoul")),
        ({"residence": "US"}, ("Pacific/Honolulu", "latest_ending", "Pacific/Honolulu")),
        ({"residence": "US", "ship_to_zone": "America/Denver"},
         ("America/Denver", "address", "America/Denver")),
        ({"residence": "US", "delivered_at": None},
         ("Pacific/Honolulu", "latest_ending", "Pacific/Honolulu")),
    ],
    ids=str,
)  # fmt: skip
def test_reading_6_the_zones_and_why_they_are_used_are_told(facts, told):
    found = window(**{"delivered_at": datetime(2025, 3, 5, 20, tzinfo=UTC)} | facts)
    assert (found.zone, found.zone_rule, found.customer_zone) == told
    assert found.shop_zone == "Asia/Tokyo"


def test_the_shop_s_zone_is_the_document_s():
    found = reckon_window(case(residence="FR"), another_shop()).window
    assert (found.zone, found.customer_zone, found.shop_zone) == (
        "Europe/Berlin", "Europe/Paris", "Europe/Berlin",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("facts", "because"),
    [
        ({}, None),
        ({"delivered_at": None}, "delivery_unknown"),
        ({"parcels": (None, tokyo(2025, 3, 5))}, "parcel_unknown"),
        ({"delivered_at": None, "parcels": (tokyo(2025, 3, 5),)}, None),
    ],
    ids=str,
)
def test_reading_3_and_27_without_a_deadline_it_is_said_why(facts, because):
    found = window(**facts)
    assert found.unknown_because == because
    assert (found.deadline is None) == (because is not None) == (found.state == "unknown")


def by_clocks(instant, zone):
    """What a wall clock there shows, from the offsets alone."""
    offset = instant.astimezone(ZoneInfo(zone)).utcoffset()
    return instant.astimezone(UTC).replace(tzinfo=None) + offset, offset


@given(
    received=INSTANTS, told=st.timedeltas(timedelta(days=-5), timedelta(days=90)), zone=ZONES,
    residence=st.sampled_from(["JP", "US", "GB", None]), shop=st.sampled_from([0, 1]),
)  # fmt: skip
@settings(deadline=None, max_examples=200)
def test_the_deadline_is_one_instant_by_whichever_clocks(received, told, zone, residence, shop):
    document = (DOCUMENT, another_shop())[shop]
    facts = {"residence": residence, "ship_to_zone": zone, "delivered_at": received}
    found = reckon_window(case(**facts, notified_at=received + told), document).window
    assert (found.customer_zone, found.shop_zone) == (zone, document.home_zone)
    for name in (found.customer_zone, found.shop_zone):
        local = found.deadline_in(name)
        assert local.astimezone(UTC) == found.deadline.astimezone(UTC)
        assert (local.replace(tzinfo=None), local.utcoffset()) == by_clocks(found.deadline, name)
        written = datetime.fromisoformat(local.isoformat())  # what is stored names the instant
        assert written == found.deadline.astimezone(UTC)


def test_an_hour_that_clocks_show_twice_names_its_instant_by_its_offset():
    shop = another_shop()  # in Berlin 02:59 comes twice on 26 October 2025
    for hour, offset in ((0, 2), (1, 1)):
        instant = datetime(2025, 10, 26, hour, 59, 59, 999999, UTC)
        found = Window("in", instant, "UTC", "row.time", "address", "UTC", shop.home_zone)
        local = found.deadline_in("Europe/Berlin")
        assert (local.hour, local.utcoffset()) == (2, timedelta(hours=offset))


def test_misuse_and_impossible_facts_are_told_apart():
    with pytest.raises(ValueError, match="aware"):
        window(notified_at=datetime(2025, 3, 7))
    for zone in ("Mars/Olympus", "../etc", "", "America", "x" * 300):
        with pytest.raises(UnacceptableError, match="no IANA time zone"):
            window(residence="US", ship_to_zone=zone)
    for year in (1, 9999):
        with pytest.raises(UnacceptableError, match="no day"):
            window(delivered_at=datetime(year, 12, 31, tzinfo=UTC))


def test_every_country_has_a_zone_and_an_unknown_one_has_all():
    assert country_zones("JP") == ("Asia/Tokyo",)
    assert "Pacific/Honolulu" in country_zones("US")
    assert country_zones("ZZ") == country_zones(None)
    assert len(country_zones(None)) > 300
