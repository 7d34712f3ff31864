import inspect
from itertools import product

import pytest
from comparison.test_wording import ACCUSING

from evidence.comparison import copy_wording
from evidence.comparison.cut_geometry import CutMove
from evidence.photo.shortfalls import Shortfall
from evidence.text import Text

MOVE = CutMove(-0.31, 0.204, -0.12, 0.02, 0.01, 0.0, 0.02)
MADE = {
    "cut_agrees": (MOVE,),
    "cut_differs": (MOVE,),
    "cut_doubtful": (MOVE,),
    "some_missing": (4,),
    "joined": ([Text("Seen.", "所見です。"), Text("Read.", "読み取りました。")],),
    "number_agrees": ("48210937",),
    "number_differs": ("48210937", "48210957"),
    "number_doubtful": ("48210937", "4821"),
}
FINDINGS = ("same_copy", "other_copy", "undetermined")
SAID = Text("Seen.", "所見です。")
SHOTS = [value for value in vars(copy_wording).values() if isinstance(value, Shortfall)]
TEXTS = [
    *(getattr(copy_wording, name)(*arguments) for name, arguments in MADE.items()),
    copy_wording.number_agrees("48210937", code=True),
    copy_wording.number_differs("48210937", "48210957", code=True),
    copy_wording.number_doubtful("48210937", "", code=True),
    copy_wording.number_doubtful("48210937", ""),
    copy_wording.undetermined(SAID).text,
    copy_wording.NO_NUMBER,
    *copy_wording.NOT_SEEN.values(),
    *copy_wording.INNOCENT,
    *copy_wording.INNOCENT_NUMBER,
    copy_wording.INNOCENT_MISSING,
    copy_wording.NONE_MISSING,
    copy_wording.BY_SIZE,
    copy_wording.MAY_AGREE,
    *(shot.text for shot in SHOTS),
]


def test_every_text_is_looked_at():
    public = {
        name
        for name, function in inspect.getmembers(copy_wording, inspect.isfunction)
        if function.__module__ == copy_wording.__name__ and not name.startswith("_")
    }
    assert public == {*MADE, *FINDINGS}
    assert len(SHOTS) == 2


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: text.en[:30])
def test_a_text_says_the_same_in_both_languages_and_accuses_nobody(text):
    assert text.en.strip().endswith((".", ")."))
    assert text.ja.strip().endswith("。")
    assert text.en.isascii()
    assert any("ぁ" <= letter <= "ヿ" for letter in text.ja)
    told = (text.en + text.ja).lower()
    assert [word for word in ACCUSING if word in told] == []


@pytest.mark.parametrize(("name", "numbers"), [
    ("cut_agrees", ["0.31 mm"]),
    ("cut_differs", ["0.31 mm", "0.20 mm", "0.12"]),
    ("cut_doubtful", ["0.31 mm"]),
    ("number_agrees", ["48210937"]),
    ("number_differs", ["48210937", "48210957"]),
    ("number_doubtful", ["48210937", "4821"]),
])  # fmt: skip
def test_both_languages_tell_the_numbers(name, numbers):
    text = getattr(copy_wording, name)(*MADE[name])
    for number in numbers:
        assert number in text.en
        assert number in text.ja


@pytest.mark.parametrize(("right", "down"), [*product((-0.3, 0.3), (-0.2, 0.2))])
def test_where_the_cut_lies_is_said_by_side_and_without_signs(right, down):
    text = copy_wording.cut_differs(CutMove(right, down, -0.1, 0, 0, 0, 0))
    across, along = ("right", "右") if right > 0 else ("left", "左")
    below, beneath = ("down", "下") if down > 0 else ("up", "上")
    assert f"0.30 mm to the {across}, 0.20 mm {below}, turned by 0.10 degrees" in text.en
    assert f"{along}へ0.30 mm、{beneath}へ0.20 mm、傾き0.10度" in text.ja


def test_nothing_is_said_to_agree_more_closely_than_it_is_measured():
    text = copy_wording.cut_agrees(CutMove(0.0001, 0.0, 0.0, 0, 0, 0, 0))
    assert "to within 0.01 mm" in text.en
    assert "0.01 mm以内" in text.ja


def test_another_copy_has_innocent_explanations_of_the_mark_that_was_read():
    cut = copy_wording.other_copy(SAID, numbers=False)
    number = copy_wording.other_copy(SAID, numbers=True)
    assert {cut.code, number.code} == {"copy.other"}
    assert len(cut.innocent_explanations) >= 3
    assert len(number.innocent_explanations) >= 3
    assert set(cut.innocent_explanations) != set(number.innocent_explanations)
    assert any("holder" in text.en for text in number.innocent_explanations)
    assert any("sleeve" in text.en for text in cut.innocent_explanations)


def test_an_open_copy_quotes_why_and_the_same_copy_what_was_seen():
    told = copy_wording.undetermined(SAID)
    assert told.text.en.endswith(SAID.en)
    assert told.text.ja.endswith(SAID.ja)
    assert copy_wording.same_copy(SAID).text == SAID
