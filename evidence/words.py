"""Words kept beside the code in TOML files, side by side in both languages."""

import tomllib
from collections.abc import Iterator, Mapping
from importlib.resources.abc import Traversable
from typing import Any, Literal, get_args

from evidence.text import Text

Language = Literal["en", "ja"]
LANGUAGES: tuple[Language, ...] = get_args(Language)


def read_words(folder: Traversable) -> Mapping[str, Text]:
    """Return every text of a folder by its name: its file, then its place in it.

    Raises:
        ValueError: one of them lacks a language; says which.
    """
    found: dict[str, Text] = {}
    for file in folder.iterdir():
        if file.name.endswith(".toml"):
            told = tomllib.loads(file.read_text("utf-8"))
            found.update(_texts(told, f"{file.name.removesuffix('.toml')}."))
    return found


def _texts(told: Mapping[str, Any], place: str) -> Iterator[tuple[str, Text]]:
    for name, value in told.items():
        path = f"{place}{name}"
        if not all(isinstance(one, str) for one in value.values()):
            yield from _texts(value, f"{path}.")
        elif set(value) != set(LANGUAGES) or not all(value.values()):
            raise ValueError(f"the words {path} need en and ja")
        else:
            yield path, Text(**value)
