from itertools import product
from typing import get_args

import pytest

from evidence.comparison.verdict import VerdictName
from evidence.policy.final import ConditionSeen, ItemSeen
from evidence.policy.second_reading import (
    Agreement,
    Answer,
    Confidence,
    Ground,
    agree_with_decision,
    agree_with_verdict,
    is_same_person,
)
from evidence.policy.second_reading_wording import (
    ANSWERS,
    CONFIDENCES,
    QUESTION,
    WITH_DECISION,
    WITH_VERDICT,
)

SAME, COPY, PRODUCT, OPEN = get_args(Answer)


def test_an_answer_is_a_name_of_a_verdict():
    assert set(get_args(Answer)) == set(get_args(VerdictName)) - {"same_design"}


@pytest.mark.parametrize(
    ("answer", "verdict", "agreement"),
    [
        (SAME, "same_item", "agrees"),
        (SAME, "same_design", "open"),  # the verdict leaves the copy open
        (COPY, "same_design", "open"),
        (PRODUCT, "same_design", "differs"),
        (SAME, "different_copy", "differs"),
        (COPY, "different_product", "differs"),
        (PRODUCT, "different_product", "agrees"),
        (OPEN, "inconclusive", "agrees"),
        (OPEN, "same_item", "open"),
        (PRODUCT, "inconclusive", "open"),
    ],
)
def test_an_answer_beside_a_verdict(answer, verdict, agreement):
    assert agree_with_verdict(answer, verdict) == agreement


@pytest.mark.parametrize(
    ("ground", "agreements"),
    [
        (Ground("damage", "approve", True), "agrees differs differs"),
        (Ground("defect", "approve", False), "agrees differs differs"),
        (Ground("damage", "deny", True), "open agrees agrees"),
        (Ground("damage", "deny", False), "open open open"),  # it was late, whatever it shows
        (Ground("damage", "review", True), "open open open"),
        (Ground("incorrect_item", "approve", True), "open open open"),  # maybe packed otherwise
        (Ground("incorrect_item", "deny", True), "open open open"),
        (Ground("shortage", "approve", True), "open open open"),
        (Ground("incorrect_item", "deny", True, "same", "as_claimed"), "agrees differs differs"),
        (Ground("damage", "approve", True, "other", "as_claimed"), "differs agrees agrees"),
        (Ground("damage", "approve", True, "same", "changed"), "open open open"),
        (Ground("damage", "approve", True, "same", "unsure"), "open open open"),
        (Ground("damage", "approve", True, "unsure", "as_claimed"), "open open open"),
    ],
)
def test_an_answer_beside_a_decision(ground, agreements):
    found = [agree_with_decision(answer, ground) for answer in (SAME, COPY, PRODUCT)]
    assert found == agreements.split()
    assert agree_with_decision(OPEN, ground) == "open"


def test_only_an_item_that_is_as_on_the_photos_says_what_they_show():
    for item, condition in product(get_args(ItemSeen), get_args(ConditionSeen)):
        shown = Ground("damage", "approve", True, item, condition).shown
        said = {"same": "sent", "other": "another"}.get(item) if condition == "as_claimed" else None
        assert shown == said
    assert Ground("damage", "approve", True).shown is None


def test_everything_that_is_shown_is_there_in_both_languages():
    for words, names in (
        (ANSWERS, Answer),
        (CONFIDENCES, Confidence),
        (WITH_VERDICT, Agreement),
        (WITH_DECISION, Agreement),
    ):
        assert set(words) == set(get_args(names))
    texts = [QUESTION]
    for words in (ANSWERS, CONFIDENCES, WITH_VERDICT, WITH_DECISION):
        texts += words.values()
    for text in texts:
        assert text.en
        assert text.ja


def test_a_name_is_one_however_it_is_typed():
    assert is_same_person("Ｍｏｒｉ", "mori")
    assert not is_same_person("Mori", "Sato")
