from typing import get_args

import pytest

from evidence.comparison.change_wording import ANSWERS, KINDS, Answer, describe_change


@pytest.mark.parametrize("answer", get_args(Answer))
@pytest.mark.parametrize("kind", KINDS)
def test_every_change_is_said_in_both_languages(kind, answer):
    text = describe_change(kind, answer)
    assert text.en.endswith(".")
    assert text.ja.endswith("。")
    assert ANSWERS[answer].en in text.en
    assert KINDS[kind].ja in text.ja


def test_without_an_answer_nothing_is_said():
    assert describe_change("hidden", None) is None
