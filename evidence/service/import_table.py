"""A table of comma-separated values as lines of named cells; what they mean is said elsewhere."""

import csv
import io
from collections.abc import Collection
from dataclasses import dataclass

from evidence.errors import UnacceptableError

MAX_BYTES = 4_000_000  # of one table
MAX_LINES = 10_000  # of one table; all of them are one transaction, of about 2 s here


@dataclass(frozen=True, slots=True)
class Line:
    """One line.

    Attributes:
        number: where it starts in the file; the head is on line 1.
        cells: by their columns, without the spaces around them.
        count: how many cells it has.
    """

    number: int
    cells: dict[str, str]
    count: int


@dataclass(frozen=True, slots=True)
class Table:
    """All lines under their head.

    Attributes:
        columns: known ones that the head names, in its order.
        ignored: the head's other columns.
        width: how many cells the head has.
        lines: those that are not empty.
    """

    columns: tuple[str, ...]
    ignored: tuple[str, ...]
    width: int
    lines: tuple[Line, ...]


def read_table(data: bytes, *, needed: Collection[str], known: Collection[str]) -> Table:
    """Read a table.

    Args:
        data: UTF-8, with or without a byte order mark; separated by commas.
        needed: columns without which no line can be used.
        known: all columns that mean something.

    Raises:
        UnacceptableError: it is no such table; says which line, and what was expected.
    """
    if len(data) > MAX_BYTES:
        raise UnacceptableError(
            f"a table may have {MAX_BYTES} bytes: split it",
            f"表は {MAX_BYTES} バイトまでです。分割してください。",
        )
    rows = _rows(_text(data))
    if not rows:
        raise UnacceptableError(
            f"the table is empty: line 1 names the columns {_list(needed)}",
            f"表が空です。1行目に列名 {_list(needed)} を入れてください。",
        )
    head = [name.strip().lower() for name in rows[0][1]]
    _check_head(head, needed)
    if len(rows) == 1:
        raise UnacceptableError(
            "there is no line under the head: line 2 holds the first item",
            "見出しの下に行がありません。2行目から商品を入れてください。",
        )
    if len(rows) - 1 > MAX_LINES:
        raise UnacceptableError(
            f"a table may have {MAX_LINES} lines: split it",
            f"表は {MAX_LINES} 行までです。分割してください。",
        )
    lines = [
        Line(number, dict(zip(head, map(str.strip, cells), strict=False)), len(cells))
        for number, cells in rows[1:]
    ]
    return Table(
        columns=tuple(name for name in head if name in known),
        ignored=tuple(name for name in head if name not in known),
        width=len(head),
        lines=tuple(lines),
    )


def _text(data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        number = data.count(b"\n", 0, error.start) + 1
        raise UnacceptableError(
            f"line {number}: this is no UTF-8 text; save the table as CSV UTF-8",
            f"{number}行目：UTF-8 の文字ではありません。表を「CSV UTF-8」で保存してください。",
        ) from None
    if "\0" in text:
        number = text.count("\n", 0, text.index("\0")) + 1
        raise UnacceptableError(
            f"line {number}: this is no text; save the table as CSV UTF-8",
            f"{number}行目：文字として読み取れません。表を「CSV UTF-8」で保存してください。",
        )
    return text


def _rows(text: str) -> list[tuple[int, list[str]]]:
    """Return where each row that is not empty starts, and its cells."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows, start = [], 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append((start, cells))
            start = reader.line_num + 1
    except csv.Error as error:
        raise UnacceptableError(
            f'line {start}: {error}; a cell with commas or line breaks stands between two ", and '
            'a " within it is written ""',
            f"{start}行目：CSV として読み取れません（{error}）。"
            'コンマや改行を含むセルは " で囲み、その中の " は "" と書いてください。',
        ) from None
    return rows


def _check_head(head: list[str], needed: Collection[str]) -> None:
    missing = [name for name in needed if name not in head]
    if missing and len(head) == 1 and any(mark in head[0] for mark in ";\t"):
        raise UnacceptableError(
            "line 1: the columns are expected to be separated by commas",
            "1行目：列はコンマで区切ってください。",
        )
    if missing:
        raise UnacceptableError(
            f"line 1: the column {missing[0]} is missing; expected {_list(needed)}",
            f"1行目：列 {missing[0]} がありません。必要な列は {_list(needed)} です。",
        )
    double = next((name for name in head if name and head.count(name) > 1), None)
    if double is not None:
        raise UnacceptableError(
            f"line 1: the column {double[:60]} is there twice",
            f"1行目：列 {double[:60]} が二つあります。",
        )


def _list(names: Collection[str]) -> str:
    return ", ".join(names)
