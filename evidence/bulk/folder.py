"""A folder of photos as a shop has it: one folder for each item, files named by their views.

::

    DIR/items.csv               registers items first, as do items-2.csv and so on
    DIR/ITEM_ID/front.jpg       VIEW, or VIEW-N for a further photo of that view
    DIR/ITEM_ID/back-2.jpg
    DIR/ITEM_ID/IMG_0815.heic   any other name: the view is ``other``
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast, get_args

from evidence.service.import_columns import read_cells
from evidence.service.uploads import View

_NAME = re.compile(rf"({'|'.join(get_args(View))})(-[0-9]+)?", re.IGNORECASE)
_TABLE = re.compile(r"items(-[0-9]+)?\.csv", re.IGNORECASE)
_LEFT_BY_WINDOWS = {"thumbs.db", "desktop.ini"}


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file that may be a photo, or why it is not tried.

    Attributes:
        path: where it is.
        name: the same from DIR on, for people.
        item_id: the item that it shows, by its folder; empty where it lies in none.
        view: by its name.
        misplaced: why it is not tried; empty if it is.
        hidden: it is of the system's making, so that nobody misses it.
    """

    path: Path
    name: str
    item_id: str = ""
    view: View = "other"
    misplaced: str = ""
    hidden: bool = False

    def read(self, most: int) -> bytes:
        """Return the file's bytes, one more than ``most`` where it has more than that.

        Raises:
            OSError: it cannot be read.
        """
        with self.path.open("rb") as file:
            return file.read(most + 1)


def find_files(folder: Path) -> Iterator[FoundFile]:
    """Yield every file but tables by items, those with views first; nothing is opened.

    Only the names of one folder at a time are held.

    Raises:
        OSError: the folder itself cannot be listed.
    """
    for entry in _listed(folder):
        path = Path(entry.path)
        if _is_hidden(entry.name):
            yield FoundFile(path, entry.name, hidden=True, misplaced="a hidden file or folder")
        elif os.path.isdir(path):
            yield from _of_item(path)
        elif not _TABLE.fullmatch(entry.name):
            why = "not in a folder: photos are expected as ITEM_ID/VIEW.jpg"
            yield FoundFile(path, entry.name, misplaced=why)


def find_tables(folder: Path) -> list[Path]:
    """List the tables of items in a folder, by their names.

    Raises:
        OSError: the folder cannot be listed.
    """
    return [Path(one.path) for one in _listed(folder) if _TABLE.fullmatch(one.name)]


def view_of(name: str) -> View:
    """Return the view that a file's name tells of: front.jpg, Back-2.JPG."""
    told = _NAME.fullmatch(Path(name).stem)
    return cast(View, told[1].lower()) if told else "other"


def _of_item(folder: Path) -> Iterator[FoundFile]:
    item_id = folder.name
    _, problems = read_cells({"item_id": item_id}, may_be_empty=frozenset())
    unusable = f"not an item_id: {problems['item_id'].en}" if problems else ""
    try:
        entries = _listed(folder)
    except OSError as error:
        why = f"the folder cannot be listed: {error.strerror}"
        yield FoundFile(folder, item_id, item_id, misplaced=why)
        return
    # A view that was named counts for more than a copy of that file under another name.
    for entry in sorted(entries, key=lambda one: view_of(one.name) == "other"):
        path, name = Path(entry.path), f"{item_id}/{entry.name}"
        if _is_hidden(entry.name):
            yield FoundFile(path, name, item_id, hidden=True, misplaced="a hidden file or folder")
        else:
            why = unusable or _why_no_file(path)
            yield FoundFile(path, name, item_id, view_of(entry.name), misplaced=why)


def _why_no_file(path: Path) -> str:
    if os.path.isdir(path):  # unlike Path's it never raises, whatever a link leads to
        return "a folder in an item's folder is not looked into: put its photos beside it"
    return "" if os.path.isfile(path) else "not a file that can be read"


def _listed(folder: Path) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        return sorted(entries, key=lambda entry: entry.name)


def _is_hidden(name: str) -> bool:
    return name.startswith(".") or name.lower() in _LEFT_BY_WINDOWS
