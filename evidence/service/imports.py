"""Bulk import: items or order lines from a table, with a report on each line.

An item that is registered already keeps what the table has no column for.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from evidence.errors import UnacceptableError
from evidence.registry.expectations import PROGRAM
from evidence.registry.import_rows import Status
from evidence.registry.records import Item
from evidence.registry.registry import Registry
from evidence.service.import_columns import COLUMNS, MAY_BE_EMPTY, Problems, read_cells
from evidence.service.import_table import Line, Table, read_table
from evidence.text import Text

TableKind = Literal["items", "orders"]
Progress = Callable[[str, int, int], None]  # what is done, how many are done, of how many

NEEDED = {  # kind -> columns without which no line can be used
    "items": ("item_id", "order_id", "sku", "title", "kind", "amount", "currency"),
    "orders": ("order_id", "sku", "title", "kind", "amount", "currency"),
}
_FACTS = {  # column -> fields of an item that it states
    "amount": "declared_value",
    "width_mm": "size_mm",
    "height_mm": "size_mm",
    "quantity": None,
    "item_id": None,
}


@dataclass(frozen=True, slots=True)
class ItemReport:
    """What became of one item of the table, or would.

    Attributes:
        line: where it is in the file; the head is on line 1.
        item_id: None where the line does not give one that can be used.
        problems: column -> what is wrong there; the column is empty where it is the whole line.
    """

    line: int
    item_id: str | None
    status: Status
    problems: Problems = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of a table, or would.

    Attributes:
        applied: what could be kept is kept; False on a dry run, and where all was refused because
            of some.
        ignored: columns that mean nothing here.
        items: in the order of the lines.
    """

    applied: bool
    ignored: tuple[str, ...]
    items: tuple[ItemReport, ...]

    def count(self, status: Status) -> int:
        """Tell how many items have a status."""
        return sum(item.status == status for item in self.items)


def import_items(
    registry: Registry,
    data: bytes,
    *,
    kind: TableKind,
    at: datetime,
    actor: str = PROGRAM,
    dry_run: bool = False,
    partial: bool = False,
    progress: Progress = lambda doing, count, total: None,
) -> ImportReport:
    """Register the items of a table, or replace their facts: all of them, or none.

    Args:
        registry: where they are kept.
        data: the table, see ``read_table``.
        kind: ``items``, each with its item_id; or ``orders``, whose lines may have a quantity and
            no item_id: their items are then called by the order and counted through it, from
            ``ORDER-1`` on.
        at: when. Aware.
        actor: who does it.
        dry_run: change nothing, and tell what would become of each line.
        partial: keep what can be kept where some lines are refused.
        progress: told how far it has come.

    Raises:
        UnacceptableError: the table as a whole cannot be read.
    """
    needed = NEEDED[kind]
    known = [name for name in COLUMNS if kind == "orders" or name != "quantity"]
    table = read_table(data, needed=needed, known=known)
    if len({"width_mm", "height_mm"} & set(table.columns)) == 1:
        raise UnacceptableError(
            "line 1: width_mm and height_mm are expected together, or neither",
            "1行目：width_mm と height_mm は両方入れるか、両方なくしてください。",
        )
    wanted, refused = _read(table, kind, progress)
    fields = {name for column in table.columns if (name := _FACTS.get(column, column))}
    keeping = not dry_run and (partial or not refused)
    doing = "Keeping" if keeping else "Looking up"
    statuses = registry.put_items(
        [item for _, item in wanted],
        fields=fields,
        at=at,
        actor=actor,
        partial=partial,
        dry_run=not keeping,
        progress=lambda count: progress(doing, count, len(wanted)),
    )
    told = [
        ItemReport(line, item.item_id, status, _SEALED if status == "refused" else {})
        for (line, item), status in zip(wanted, statuses, strict=True)
    ]
    items = sorted([*refused, *told], key=lambda one: one.line)
    applied = keeping and (partial or "refused" not in statuses)
    return ImportReport(applied, table.ignored, tuple(items))


def _read(
    table: Table, kind: TableKind, progress: Progress
) -> tuple[list[tuple[int, Item]], list[ItemReport]]:
    """Return the items with their lines, and what is refused."""
    wanted: list[tuple[int, Item]] = []
    refused: list[ItemReport] = []
    first: dict[str, int] = {}  # item_id -> its line
    counted: Counter[str] = Counter()  # order_id -> items so far
    for done, line in enumerate(table.lines, start=1):
        values, problems = _line(line, table, kind)
        order_id = values.get("order_id")
        names: list[str | None] = [values.get("item_id")]
        if names == [None] and kind == "orders" and order_id is not None:
            start, count = counted[order_id] + 1, values.get("quantity") or 1
            names = [f"{order_id}-{number}" for number in range(start, start + count)]
            counted[order_id] += count
            if len(f"{order_id}-{counted[order_id]}") > 128 and not problems:
                problems = {"order_id": _TOO_LONG}
        for name in names:
            again = {} if problems or name is None else _again(first, name, line.number)
            if problems or again:
                refused.append(ItemReport(line.number, name, "refused", problems or again))
            elif name is not None:
                wanted.append((line.number, _item(name, values)))
        progress("Reading", done, len(table.lines))
    return wanted, refused


def _line(line: Line, table: Table, kind: TableKind) -> tuple[dict[str, Any], Problems]:
    if line.count > table.width:
        return {}, {
            "": Text(
                f"{table.width} cells are expected as on line 1, found {line.count}",
                f"1行目と同じ{table.width}個のセルが必要ですが、{line.count}個あります",
            )
        }
    empty = MAY_BE_EMPTY | ({"item_id"} if kind == "orders" else set())
    cells = {name: line.cells.get(name, "") for name in table.columns}
    values, problems = read_cells(cells, may_be_empty=frozenset(empty))
    if values.get("item_id") is not None and (values.get("quantity") or 1) != 1:
        problems["quantity"] = Text(
            "1 is expected, as item_id names one item", "item_id がある行の数量は1にしてください"
        )
    return values, problems


def _item(item_id: str, values: dict[str, Any]) -> Item:
    width, height = values.get("width_mm"), values.get("height_mm")
    return Item(
        item_id=item_id,
        order_id=values["order_id"],
        sku=values["sku"],
        title=values["title"],
        kind=values["kind"],
        declared_value=Decimal(values["amount"]),
        currency=values["currency"],
        high_value=bool(values.get("high_value")),
        size_mm=None if width is None or height is None else (width, height),
        catalogue_photo=values.get("catalogue_photo"),
        sealed_at=None,
    )


def _again(first: dict[str, int], item_id: str, line: int) -> Problems:
    """Note where an item is first given; say so if it is given again."""
    before = first.setdefault(item_id, line)
    if before == line:
        return {}
    return {
        "item_id": Text(
            f"{item_id} is on line {before} already: give each item once",
            f"{item_id} は{before}行目にもあります。1つの商品は1行にしてください",
        )
    }


_SEALED: Problems = {
    "": Text(
        "the item's photos are sealed, so that its facts no longer change",
        "商品の写真は確定済みのため、商品の情報は変更できません",
    )
}
_TOO_LONG = Text(
    "a shorter order_id is expected where item_id is empty: the item is called by it",
    "item_id が空欄の場合は、より短い order_id が必要です（商品IDに使われます）",
)
