"""An instant in words: as a customer reads it, and short with its zone's name for the staff."""

from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_datetime, get_timezone_name

from evidence.text import Text

DATES = {"en": "EEEE, d MMMM y, HH:mm", "ja": "y年M月d日（E）HH時mm分"}


def in_words(instant: datetime | None, zone: str, language: str) -> str:
    """Say an instant as a customer reads it, to the minute; empty where it is not known.

    Args:
        instant: what to say. Aware.
        zone: IANA zone whose clocks it is told by; its name comes with it.
        language: ``en`` or ``ja``.
    """
    if instant is None:
        return ""
    local = instant.astimezone(ZoneInfo(zone))
    place = get_timezone_name(local, locale=language)
    told = format_datetime(local, DATES[language], locale=language)
    return f"{told} ({place})" if language == "en" else f"{told}（{place}）"


def stamp(instant: datetime, zone: str, *others: str) -> Text:
    """Say an aware instant by the clocks of a zone, and of others whose clocks differ then."""
    local = instant.astimezone(ZoneInfo(zone))
    en, ja = f"{local:%Y-%m-%d %H:%M} ({zone})", f"{_day(local)} {local:%H:%M}（{zone}"
    told = {local.utcoffset()}
    for name in others:
        there = instant.astimezone(ZoneInfo(name))
        if there.utcoffset() not in told:
            told.add(there.utcoffset())
            en += f", which is {there:%Y-%m-%d %H:%M} ({name})"
            ja += f"、{name}では{_day(there)} {there:%H:%M}"
    return Text(en, f"{ja}）")


def _day(local: datetime) -> str:
    return f"{local.year}年{local.month}月{local.day}日"
