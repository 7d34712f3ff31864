import os

import pytest

from evidence.bulk.folder import find_files, find_tables, view_of


@pytest.mark.parametrize(
    ("name", "view"),
    [
        ("front.jpg", "front"),
        ("Back-2.JPG", "back"),
        ("raking-10.heic", "raking"),
        ("front2.jpg", "other"),
        ("front-.jpg", "other"),
        ("my front.jpg", "other"),
        ("front", "front"),
    ],
)
def test_a_name_tells_the_view(name, view):
    assert view_of(name) == view


def test_every_file_is_told_and_what_is_no_photo_of_an_item_says_why(tmp_path):
    for name in (
        "item-1/sub/front.jpg", "item-1/IMG.jpg", "item-1/front.jpg", "item-1/.hidden",
        "item-1/Thumbs.db", ".git/config", "loose.jpg", "not an id/front.jpg",
    ):  # fmt: skip
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    for name in ("items.csv", "items-2.csv"):
        (tmp_path / name).touch()
    os.mkfifo(tmp_path / "item-1" / "pipe.jpg")  # whoever opens it waits for ever
    (tmp_path / "item-1" / "loop.jpg").symlink_to("loop.jpg")
    os.mkdir(os.fsencode(tmp_path) + b"/\xff")
    (tmp_path / os.fsdecode(b"\xff") / "front.jpg").touch()
    found = {file.name: file for file in find_files(tmp_path)}
    tried = [name for name, file in found.items() if not file.misplaced]
    assert tried == ["item-1/front.jpg", "item-1/IMG.jpg"]  # the named view first
    assert {name for name, file in found.items() if file.hidden} == {
        ".git", "item-1/.hidden", "item-1/Thumbs.db"
    }  # fmt: skip
    assert "not looked into" in found["item-1/sub"].misplaced
    assert "not an item_id" in found["not an id/front.jpg"].misplaced
    assert "ITEM_ID/VIEW.jpg" in found["loose.jpg"].misplaced
    assert len(found) == 11
    assert [path.name for path in find_tables(tmp_path)] == ["items-2.csv", "items.csv"]


def test_no_more_is_read_of_a_file_than_is_asked_for(tmp_path):
    (tmp_path / "item-1").mkdir()
    (tmp_path / "item-1" / "front.jpg").write_bytes(b"x" * 100)
    (file,) = find_files(tmp_path)
    assert len(file.read(10)) == 11
