"""What the cells of an imported line mean; each that cannot be taken says what was expected."""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, get_args

from evidence.policy.case import Kind
from evidence.text import Text

Problems = dict[str, Text]  # column -> what is wrong there

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,127}")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]")
_AMOUNT = re.compile(r"[0-9]{1,11}(\.[0-9]{1,4})?")
_MILLIMETRES = re.compile(r"[0-9]{1,4}(\.[0-9]{1,3})?")
_YES = {"true", "yes", "1", "はい"}
_NO = {"false", "no", "0", "いいえ", ""}
LARGEST_MM = 2000
MOST = 100  # of one order line


def _id(cell: str) -> str | None:
    return cell if _ID.fullmatch(cell) else None


def _words(cell: str) -> str | None:
    return cell if 0 < len(cell) <= 200 and not _CONTROLS.search(cell) else None


def _kind(cell: str) -> str | None:
    return cell if cell in get_args(Kind) else None


def _amount(cell: str) -> Decimal | None:
    return Decimal(cell) if _AMOUNT.fullmatch(cell) else None


def _currency(cell: str) -> str | None:
    return cell if re.fullmatch("[A-Z]{3}", cell) else None


def _millimetres(cell: str) -> float | None:
    if _MILLIMETRES.fullmatch(cell) and 0 < float(cell) <= LARGEST_MM:
        return float(cell)
    return None


def _flag(cell: str) -> bool | None:
    word = cell.lower()
    return word in _YES if word in _YES | _NO else None


def _sha256(cell: str) -> str | None:
    return cell if re.fullmatch("[0-9a-f]{64}", cell) else None


def _count(cell: str) -> int | None:
    return int(cell) if re.fullmatch("[0-9]{1,3}", cell) and 1 <= int(cell) <= MOST else None


_ID_TEXT = Text(
    "letters, digits and . _ : - are expected, at most 128, a letter or digit first",
    "半角英数字と . _ : - で128文字以内（先頭は英数字）で入力してください",
)
_WORDS_TEXT = Text(
    "one line of 1 to 200 characters is expected", "1〜200文字の1行で入力してください"
)
_MM_TEXT = Text(
    f"a number of millimetres above 0 and up to {LARGEST_MM} is expected",
    f"0より大きく{LARGEST_MM}以下のミリメートル値を入力してください",
)
COLUMNS: dict[
    str, tuple[Callable[[str], Any], Text]
] = {  # name -> how it is read, what is expected
    "item_id": (_id, _ID_TEXT),
    "order_id": (_id, _ID_TEXT),
    "sku": (_words, _WORDS_TEXT),
    "title": (_words, _WORDS_TEXT),
    "kind": (
        _kind,
        Text(
            f"one of {', '.join(get_args(Kind))} is expected",
            f"{'、'.join(get_args(Kind))} のいずれかを入力してください",
        ),
    ),
    "amount": (
        _amount,
        Text(
            "a number such as 120000 or 1250.10 is expected, without separators or a sign",
            "120000 や 1250.10 のような数値を、桁区切りや記号なしで入力してください",
        ),
    ),
    "currency": (
        _currency,
        Text(
            "three capital letters such as JPY are expected",
            "JPY のような大文字3文字で入力してください",
        ),
    ),
    "width_mm": (_millimetres, _MM_TEXT),
    "height_mm": (_millimetres, _MM_TEXT),
    "high_value": (
        _flag,
        Text("true or false is expected", "true または false を入力してください"),
    ),
    "catalogue_photo": (
        _sha256,
        Text(
            "a photo_id of 64 hexadecimal digits is expected",
            "16進数64桁の photo_id を入力してください",
        ),
    ),
    "quantity": (
        _count,
        Text(f"a whole number from 1 to {MOST} is expected", f"1〜{MOST}の整数を入力してください"),
    ),
}
MAY_BE_EMPTY = {"width_mm", "height_mm", "high_value", "catalogue_photo", "quantity"}


def read_cells(
    cells: Mapping[str, str], *, may_be_empty: frozenset[str]
) -> tuple[dict[str, Any], Problems]:
    """Read the cells of one line.

    Args:
        cells: of known columns.
        may_be_empty: columns whose empty cells mean that nothing is stated.

    Returns:
        The values by column, None where nothing is stated; and what is wrong where.
    """
    values: dict[str, Any] = {}
    problems: Problems = {}
    for column, cell in cells.items():
        read, expected = COLUMNS[column]
        if cell == "" and column in may_be_empty:
            values[column] = None
        elif (value := read(cell)) is None:
            problems[column] = _found(expected, cell)
        else:
            values[column] = value
    sizes = {name: values[name] for name in ("width_mm", "height_mm") if name in values}
    if len(sizes) == 2 and (None in sizes.values()) != (set(sizes.values()) == {None}):
        empty = next(name for name, value in sizes.items() if value is None)
        problems[empty] = Text(
            "width_mm and height_mm are expected together, or neither",
            "width_mm と height_mm は両方入力するか、両方空欄にしてください",
        )
    return values, problems


def _found(expected: Text, cell: str) -> Text:
    if cell == "":
        return Text(f"{expected.en}; the cell is empty", f"{expected.ja}（空欄です）")
    shown = "".join(letter if letter.isprintable() else "?" for letter in cell)
    shown = shown if len(shown) <= 40 else f"{shown[:40]}…"
    return Text(f"{expected.en}; found “{shown}”", f"{expected.ja}（入力値：「{shown}」）")
