"""Tables of items: what is kept, and how each line that is not says why."""

import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from decimal import Decimal

import pytest
import running
from pydantic import ValidationError

from api.items import ItemRequest
from evidence.errors import UnacceptableError
from evidence.service.import_columns import COLUMNS, MAY_BE_EMPTY, read_cells
from evidence.service.import_table import MAX_BYTES, MAX_LINES
from evidence.service.imports import import_items

HEAD = "item_id,order_id,sku,title,kind,amount,currency"
GOOD = "item-1,order-1,LIL-1,Liliana,card,120000,JPY"


@pytest.fixture
def registry(tmp_path):
    with closing(running.open_registry(tmp_path / "home")) as registry:
        yield registry


def take(registry, *lines, head=HEAD, kind="items", **how):
    data = "\n".join([head, *lines]).encode()
    return import_items(registry, data, kind=kind, at=running.NOW, actor="ann", **how)


def statuses(report):
    return [(one.line, one.item_id, one.status) for one in report.items]


def test_a_table_is_kept_whole_and_again_changes_nothing(registry):
    lines = (GOOD, 'item-2,order-1,KOZ-3,"Kozilek, ""Butcher""",slab,9800.50,JPY')
    report = take(registry, *lines)
    assert (report.applied, statuses(report)) == (
        True,
        [(2, "item-1", "new"), (3, "item-2", "new")],
    )
    kept = registry.item("item-2")
    assert (kept.title, kept.declared_value) == ('Kozilek, "Butcher"', Decimal("9800.50"))
    assert statuses(take(registry, *lines)) == [
        (2, "item-1", "unchanged"),
        (3, "item-2", "unchanged"),
    ]
    events = registry.events(after=0, limit=9)
    assert [(one.kind, one.subject_id, one.actor) for one in events] == [
        ("item.registered", "item-1", "ann"),
        ("item.registered", "item-2", "ann"),
    ]


def test_a_dry_run_changes_nothing(registry):
    report = take(registry, GOOD, dry_run=True)
    assert (report.applied, report.count("new")) == (False, 1)
    assert registry.items() == registry.events(after=0, limit=9) == []


@pytest.mark.parametrize("partial", [False, True])
def test_one_refused_line_refuses_all_unless_told_otherwise(registry, partial):
    report = take(registry, GOOD, GOOD.replace("item-1", "item-2").replace("card", "coin"),
                  partial=partial)  # fmt: skip
    assert statuses(report) == [(2, "item-1", "new"), (3, "item-2", "refused")]
    assert report.applied is partial
    assert [one.item_id for one in registry.items()] == (["item-1"] if partial else [])


@pytest.mark.parametrize("partial", [False, True])
def test_a_sealed_item_is_refused_if_it_would_change(registry, partial):
    take(registry, GOOD)
    registry.seal_item("item-1", running.NOW)
    assert take(registry, GOOD).items[0].status == "unchanged"
    report = take(registry, GOOD.replace("Liliana", "L"), GOOD.replace("item-1", "x"),
                  partial=partial)  # fmt: skip
    assert [one.status for one in report.items] == ["refused", "new"]
    assert "sealed" in report.items[0].problems[""].en
    assert len(registry.items()) == (2 if partial else 1)
    assert registry.item("item-1").title == "Liliana"


def test_what_the_table_has_no_column_for_stays(registry):
    take(registry, GOOD + ",63,88,yes", head=HEAD + ",width_mm,height_mm,high_value")
    take(registry, GOOD.replace("Liliana", "L"))
    kept = registry.item("item-1")
    assert (kept.title, kept.size_mm, kept.high_value) == ("L", (63.0, 88.0), True)
    take(registry, GOOD + ",no", head=HEAD + ",high_value")
    assert (registry.item("item-1").high_value, registry.item("item-1").size_mm) == (
        False,
        (63.0, 88.0),
    )


def test_the_items_of_an_order_line_are_called_by_the_order(registry):
    head = "order_id,sku,title,kind,amount,currency,quantity"
    line = "order-1,LIL-1,Liliana,card,120000,JPY,"
    report = take(registry, line + "2", line, "o,A,B,card,1,JPY,1", head=head, kind="orders")
    assert statuses(report) == [
        (2, "order-1-1", "new"),
        (2, "order-1-2", "new"),
        (3, "order-1-3", "new"),
        (4, "o-1", "new"),
    ]


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("item_id", ""), ("item_id", "a b"), ("item_id", "é"), ("order_id", "x" * 129),
        ("sku", ""), ("title", "x" * 201), ("title", "a\x07b"), ("kind", "coin"), ("kind", ""),
        ("amount", "1,200"), ("amount", "-1"), ("amount", "NaN"), ("amount", "1e5"),
        ("amount", "１２０"), ("amount", "1.23456"), ("amount", "123456789012"), ("amount", ""),
        ("currency", "yen"), ("currency", "¥"), ("width_mm", "0"), ("width_mm", "2001"),
        ("width_mm", "wide"), ("high_value", "maybe"), ("catalogue_photo", "../x"),
    ],
)  # fmt: skip
def test_says_which_column_cannot_be_taken_and_the_interface_refuses_it_too(registry, column, cell):
    cells = dict(zip(HEAD.split(","), GOOD.split(","), strict=True))
    cells |= {"width_mm": "63", "height_mm": "88", "high_value": "", "catalogue_photo": ""}
    cells[column] = cell
    head, line = ",".join(cells), ",".join(f'"{value}"' for value in cells.values())
    [told] = take(registry, line, head=head).items
    assert (told.status, told.line, list(told.problems)) == ("refused", 2, [column])
    text = told.problems[column]
    assert "expected" in text.en
    assert "ください" in text.ja
    assert cell[:40].replace("\x07", "?") in text.en
    if column not in ("item_id", "high_value"):  # no part of a request's body; true or false there
        body = {name: cells[name] for name in ("order_id", "sku", "title", "kind")}
        body["declared_value"] = {"amount": cells["amount"], "currency": cells["currency"]}
        body["size_mm"] = [cells["width_mm"], 88]
        body["catalogue_photo"] = cells["catalogue_photo"] or None
        if cell not in ("1e5", "１２０"):  # which a request may write so
            with pytest.raises(ValidationError):
                ItemRequest.model_validate(body)


def test_a_registered_item_is_the_same_by_both_ways(registry):
    take(registry, GOOD + ",63,88", head=HEAD + ",width_mm,height_mm")
    money = {"amount": "120000", "currency": "JPY"}
    request = ItemRequest(order_id="order-1", sku="LIL-1", title="Liliana", kind="card",
                          declared_value=money, size_mm=(63, 88))  # fmt: skip
    assert registry.item("item-1") == replace(request.item("item-1"), version=1)


def test_half_a_size_an_item_twice_and_too_many_cells_are_refused(registry):
    head = HEAD + ",width_mm,height_mm"
    lines = (GOOD + ",63,", GOOD + ",,", GOOD + ",,", GOOD + ",,,")
    first, second, again, wide = take(registry, *lines, head=head).items
    assert list(first.problems) == ["height_mm"]
    assert second.status == "new"
    assert "line 3" in again.problems["item_id"].en
    assert "found 10" in wide.problems[""].en


def test_every_column_says_what_it_expects_in_both_languages():
    for column, (_, text) in COLUMNS.items():
        assert text.en
        assert text.ja
        _, problems = read_cells({column: "\x00"}, may_be_empty=frozenset(MAY_BE_EMPTY))
        assert list(problems) == [column]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "the table is empty"),
        (HEAD.encode(), "line 2 holds the first item"),
        (b"item_id,order_id\nx,y", "line 1: the column sku is missing"),
        (HEAD.replace(",", ";").encode() + b"\nx", "separated by commas"),
        (f"{HEAD},sku\n{GOOD},x".encode(), "line 1: the column sku is there twice"),
        (f"{HEAD}\n{GOOD}\n".encode() + "木".encode("cp932"), "line 3: this is no UTF-8"),
        (f"{HEAD}\n{GOOD}\0".encode(), "line 2: this is no text"),
        (f'{HEAD}\n{GOOD}\n"a"b,c'.encode(), "line 3: "),
        (f"{HEAD},width_mm\n{GOOD},63".encode(), "width_mm and height_mm"),
        (b"x" * (MAX_BYTES + 1), "split it"),
        ((HEAD + f"\n{GOOD}" * (MAX_LINES + 1)).encode(), "split it"),
    ],
    ids=range(11),
)
def test_a_table_that_cannot_be_read_says_where_and_why(registry, data, said):
    with pytest.raises(UnacceptableError) as raised:
        import_items(registry, data, kind="items", at=running.NOW)
    assert said in str(raised.value)
    assert "\n" not in str(raised.value)


def test_lines_are_counted_as_an_editor_counts_them_and_a_mark_before_them_is_fine(registry):
    data = f'{HEAD},note\r\n{GOOD},"two\r\nlines"\r\n\r\nbad,,,,,,\r\n'.encode("utf-8-sig")
    report = import_items(registry, data, kind="items", at=running.NOW, dry_run=True)
    assert [(one.line, one.status) for one in report.items] == [(2, "new"), (5, "refused")]
    assert report.ignored == ("note",)


def run(tmp_path, table, *options):
    place = tmp_path / "table.csv"
    place.write_bytes(table)
    return subprocess.run(
        [sys.executable, "-m", "evidence", "import-items", place, *options],
        cwd=running.ROOT,
        env=running.environment(tmp_path / "home"),
        capture_output=True,
        text=True,
        check=False,
    )


def test_on_the_command_line_the_exit_code_tells(tmp_path):
    good, bad = f"{HEAD}\n{GOOD}\n".encode(), f"{HEAD}\n{GOOD}\n,x,,,,,\n".encode()
    assert run(tmp_path, good, "--dry-run").returncode == 0
    refused = run(tmp_path, bad)
    assert refused.returncode == 1
    assert "Nothing was kept: 1 new" in refused.stdout
    kept = run(tmp_path, good)
    assert kept.returncode == 0
    assert "Kept: 1 new" in kept.stdout
    unusable = run(tmp_path, b"\xff")
    assert (unusable.returncode, unusable.stdout) == (2, "")
    assert unusable.stderr.count("\n") == 1
    with closing(running.open_registry(tmp_path / "home")) as registry:
        assert [one.item_id for one in registry.items()] == ["item-1"]
