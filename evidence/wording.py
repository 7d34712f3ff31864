"""How values are written for the reader: dates, money, numbers, in the reader's language."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from babel.numbers import format_currency, format_decimal

from evidence.words import Language

_DAY = {"en": "d MMMM y", "ja": "y年M月d日（EEE）"}  # era-free years
_INSTANT = {"en": "d MMMM y, HH:mm", "ja": "y年M月d日（EEE）HH:mm"}


def write_instant(at: datetime | str | None, language: Language, zone: ZoneInfo) -> str:
    """Return day and minute on the shop's clock; a dash for None."""
    return _write(at, _INSTANT[language], language, zone)


def write_day(at: datetime | str | None, language: Language, zone: ZoneInfo) -> str:
    """Return the day on the shop's calendar; a dash for None."""
    return _write(at, _DAY[language], language, zone)


def write_left(until: datetime | None, now: datetime, language: Language) -> str:
    """Return how long it is until an instant, in days or hours; empty for None."""
    if until is None:
        return ""
    left = until - now
    if left < timedelta(0):
        return {"en": "passed", "ja": "経過"}[language]
    if left >= timedelta(days=1):
        return {"en": f"{left.days} d left", "ja": f"残り{left.days}日"}[language]
    hours = int(left.total_seconds() // 3600)
    return {"en": f"{hours} h left", "ja": f"残り{hours}時間"}[language]


def write_money(amount: Decimal | str | float, currency: str, language: Language) -> str:
    """Return an amount with its currency, such as ￥18,000."""
    return format_currency(Decimal(str(amount)), currency, locale=language)


def write_number(value: float, language: Language, digits: int = 1) -> str:
    """Return a number with as many digits behind the point."""
    pattern = "#,##0." + "0" * digits if digits else "#,##0"
    return format_decimal(value, format=pattern, locale=language)


def _write(at: Any, pattern: str, language: Language, zone: ZoneInfo) -> str:
    if at is None:
        return "–"
    instant = datetime.fromisoformat(at) if isinstance(at, str) else at
    return format_datetime(instant, pattern, tzinfo=zone, locale=language)
