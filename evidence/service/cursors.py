"""Cursors: where the next page of a list starts, as a text that means nothing to others.

A cursor carries no secret and grants nothing that its list does not; so it is not signed, but
every part is checked, and one that is of another list is refused.
"""

import base64
import binascii
import json
import re
from datetime import datetime

from evidence.errors import UnacceptableError
from evidence.registry.listing_rows import Key

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,127}")  # the form of every item's and claim's id
_LARGEST = 2**63 - 1  # that the database can take


def make_cursor(listing: str, key: Key) -> str:
    """Return the cursor that starts after ``key`` in a list.

    Args:
        listing: tells the list, with its filters and order, from others.
        key: of the last row before.
    """
    value = key[0].isoformat() if isinstance(key[0], datetime) else key[0]
    text = json.dumps([listing, value, key[1]], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_cursor(cursor: str, listing: str, kind: type) -> Key:
    """Return the key that a cursor starts after.

    Args:
        cursor: as it was made, or as somebody made it up.
        listing: the list that it is used for.
        kind: what the list is sorted by: ``datetime`` (which may be None), ``int`` or ``NoneType``.

    Raises:
        UnacceptableError: it is none of this list.
    """
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        name, value, row = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        if name == listing and isinstance(row, str) and _ID.fullmatch(row):
            return _value(value, kind), row
    except (ValueError, TypeError, RecursionError, binascii.Error):
        pass
    raise UnacceptableError(
        "this cursor is none of this list: take `next` as it came, with the same filters and order",
        "この cursor はこの一覧のものではありません。"
        "`next` の値を、同じ条件と並び順でそのまま送ってください。",
    )


def _value(value: object, kind: type) -> datetime | int | None:
    if value is None and kind is not int:
        return None
    if kind is datetime and isinstance(value, str):
        instant = datetime.fromisoformat(value)
        if instant.tzinfo is not None and 2000 <= instant.year < 2200:
            return instant
    if kind is int and type(value) is int and abs(value) <= _LARGEST:
        return value
    raise ValueError("another kind of key")
