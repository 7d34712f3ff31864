"""Where results are written: checked before the work, so that none is lost after it."""

import os
from pathlib import Path

from evidence.commands.refusal import refuse


def check_files(*places: Path | None) -> None:
    """End with one line if a file that is wanted cannot be written."""
    for place in places:
        if place is None:
            continue
        directory = place.absolute().parent
        if not directory.is_dir():
            refuse(f"{place}: there is no such directory")
        if place.is_dir():
            refuse(f"{place}: this is a directory")
        check_writable(directory)


def make_directory(place: Path) -> None:
    """Make a directory for results, or end with one line that says why not."""
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        refuse(f"{place}: {error.strerror}")
    check_writable(place)


def check_writable(directory: Path) -> None:
    """End with one line if nothing can be written in a directory."""
    if not os.access(directory, os.W_OK):
        refuse(f"{directory}: nothing can be written there")


def check_new(place: Path) -> None:
    """End with one line if a file is there already."""
    if place.exists() or place.is_symlink():
        refuse(f"{place}: this file exists; name another, or move it away first")


def write_result(place: Path, text: str, *, new: bool = False) -> None:
    """Write a result, over an older one unless it must be new, or end with why not."""
    try:
        with place.open("x" if new else "w", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        refuse(f"{place}: {error.strerror}")
