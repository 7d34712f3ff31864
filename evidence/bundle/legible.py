"""Text that a font can show: what it has no glyph for is named by its code instead."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from PIL import ImageFont

_SIZE = 20  # pixels; enough for glyphs to differ
_NOBODYS = "\U0010fffe"  # a code that is no character, so every font shows its box for it
_LAYOUT = "\r\n\t"  # no glyphs, but meant


def make_legible(told: Any, font: Path) -> Any:
    """Return plain values with each character that the font lacks written as ``[U+1F525]``.

    So a title with an emoji is told in full, and one that hides characters which turn or cover
    text shows them.

    Args:
        told: strings, numbers, lists and mappings of such.
        font: an OpenType file.
    """
    if isinstance(told, str):
        return "".join(one if _is_shown(one, font) else f"[U+{ord(one):04X}]" for one in told)
    if isinstance(told, Mapping):
        return {key: make_legible(value, font) for key, value in told.items()}
    if isinstance(told, list | tuple):
        return [make_legible(one, font) for one in told]
    return told


@lru_cache(maxsize=20_000)
def _is_shown(character: str, font: Path) -> bool:
    if character in _LAYOUT or " " <= character <= "~":
        return True
    return _glyph(character, font) != _box(font)


@lru_cache(maxsize=2)
def _box(font: Path) -> tuple[tuple[int, int], bytes]:
    return _glyph(_NOBODYS, font)


def _glyph(character: str, font: Path) -> tuple[tuple[int, int], bytes]:
    drawn = _open(font).getmask(character)
    return drawn.size, bytes(drawn)


@lru_cache(maxsize=2)
def _open(font: Path) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(font, _SIZE, layout_engine=ImageFont.Layout.BASIC)
