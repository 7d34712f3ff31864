"""Every word of the pages is there in both languages, is used, and accuses nobody."""

import re
import string
from pathlib import Path

import pytest

import api.pages
from api.pages.vocabulary import load_words

FOLDER = Path(api.pages.__file__).parent
SOURCES = [*FOLDER.glob("templates/*.html"), *FOLDER.glob("*.py")]
WHOLE = re.compile(r"""\bt\(\s*['"]([\w.-]+)['"]\s*[,)]""")
BEGUN = re.compile(r"""\bt\(\s*['"]([\w.-]+\.[\w-]*)['"]\s*~""")
ACCUSING = re.compile(
    r"fraud|cheat|liar|lying|scam|suspect|guilty|詐欺|不正(?!確)|嘘|疑わしい|虚偽", re.IGNORECASE
)
JAPANESE = re.compile(r"[぀-ヿ一-鿿]")
IN_NO_LANGUAGE = re.compile(r"\{.*?\}|\bmm\b|\bSKU\b|[^A-Za-z]")


def said(pattern):
    found = {}
    for path in SOURCES:
        for name in pattern.findall(path.read_text("utf-8")):
            found.setdefault(name, path.name)
    return found


def test_each_word_that_a_page_says_is_there():
    missing = {name: where for name, where in said(WHOLE).items() if name not in load_words()}
    assert not missing


def test_each_word_that_is_put_together_can_be():
    names = load_words()
    lost = {
        begun: where
        for begun, where in said(BEGUN).items()
        if not any(name.startswith(begun) for name in names)
    }
    assert not lost


def test_each_word_is_said_somewhere():
    whole, begun = said(WHOLE), tuple(said(BEGUN))
    unsaid = [name for name in load_words() if name not in whole and not name.startswith(begun)]
    assert not unsaid


@pytest.mark.parametrize("name", sorted(load_words()))
def test_a_word_is_in_its_language_and_accuses_nobody(name):
    text = load_words()[name]
    assert not ACCUSING.search(f"{text.en} {text.ja}")
    fields = [
        {field for _, field, _, _ in string.Formatter().parse(one) if field is not None}
        for one in (text.en, text.ja)
    ]
    assert fields[0] == fields[1]
    if IN_NO_LANGUAGE.sub("", text.en) and name != "frame.other_language":
        assert JAPANESE.search(text.ja)
        assert not JAPANESE.search(text.en)
