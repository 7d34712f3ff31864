"""What the report's font cannot show is named, so that a document comes of every text."""

import pytest

from evidence.bundle.layouts import FONTS
from evidence.bundle.legible import make_legible

FONT = next(FONTS[0].glob("*.otf"))


@pytest.mark.parametrize(
    "text",
    [
        "plain",
        "two\r\nlines\tand\nmore",
        "リザードン 髙 﨑 𠮷 ￥1,200",
        "é ạ Ω Ж – … ①",
        "\u3000|\u00a0",
    ],
)
def test_what_the_font_has_stays(text):
    assert make_legible(text, FONT) == text


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("🔥 Dragon", "[U+1F525] Dragon"),
        ("a\uec00b", "a[U+EC00]b"),
        ("a\u202eb", "a[U+202E]b"),  # it would turn what follows
        ("\u200d\x07", "[U+200D][U+0007]"),
        ("\u05d0", "[U+05D0]"),
    ],
)
def test_what_it_lacks_is_named(text, told):
    assert make_legible(text, FONT) == told


def test_values_that_are_no_text_stay_as_they_are():
    told = {"a": [1, None, "🔥"], "b": {"c": ("\uec00", True, 0.5)}}
    expected = {"a": [1, None, "[U+1F525]"], "b": {"c": ["[U+EC00]", True, 0.5]}}
    assert make_legible(told, FONT) == expected
