"""The words of the pages, side by side in both languages; a page shows one of them."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from evidence.text import Text
from evidence.words import read_words


@cache
def load_words() -> Mapping[str, Text]:
    """Return every text by its name: its file under ``words``, then its place in it.

    Raises:
        ValueError: one of them lacks a language; says which.
    """
    return read_words(files("api.pages").joinpath("words"))
