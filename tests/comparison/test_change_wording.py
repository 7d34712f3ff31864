from typing import get_args

import pytest

from evidence.comparison.change_wording import ANSWERS, EITHER, KINDS, Answer, describe_change


@pytest.mark.parametrize("answer", get_args(Answer))
@pytest.mark.parametrize("kind", KINDS)
def test_every_change_is_said_in_both_languages(kind, answer):
    text = describe_change(kind, answer)
    assert text.en.endswith(".")
    assert text.ja.endswith("。")
    said = EITHER if (kind, answer) == ("differs", "new") else ANSWERS[answer]
    assert said.en in text.en
    assert KINDS[kind].ja in text.ja


def test_a_change_without_a_kind_may_be_on_either_photo():
    assert "look which of the two" in describe_change("differs", "new").en
    assert "on the photo in question only" in describe_change("scratch", "new").en


def test_without_an_answer_nothing_is_said():
    assert describe_change("hidden", None) is None
