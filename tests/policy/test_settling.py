from itertools import product
from typing import get_args

import pytest

from evidence.policy.case import Reason
from evidence.policy.final import ConditionSeen, ItemSeen
from evidence.policy.recommendation import Outcome
from evidence.policy.second_reading import Answer, Ground
from evidence.policy.settling import Settled, Unsettled, settle

SAME, COPY, PRODUCT, OPEN = get_args(Answer)
DAMAGE = Ground("damage", "approve", True)
CAME_BACK = Ground("damage", "approve", True, "same", "as_claimed")
ANOTHER = Ground("damage", "deny", True, "other", "as_claimed")


@pytest.mark.parametrize("reason", get_args(Reason))
@pytest.mark.parametrize("decision", get_args(Outcome))
@pytest.mark.parametrize("in_time", [True, False])
def test_no_decision_establishes_anything_by_itself(reason, decision, in_time):
    ground = Ground(reason, decision, in_time)
    assert isinstance(settle(ground, []), Unsettled)
    assert isinstance(settle(ground, [OPEN]), Unsettled)


@pytest.mark.parametrize("decision", ["review", "request_information"])
def test_what_a_decision_leaves_open_stays_open(decision):
    for item, answers in product(("same", "other"), ([], [SAME], [PRODUCT])):
        ground = Ground("damage", decision, True, item, "as_claimed")
        assert settle(ground, answers) == Unsettled("the decision leaves the case open")


def test_an_inspection_says_the_same_item_only_where_it_is_as_the_photos_showed():
    for item, condition in product(get_args(ItemSeen), get_args(ConditionSeen)):
        found = settle(Ground("damage", "approve", True, item, condition), [])
        same = (item, condition) == ("same", "as_claimed")
        assert (found == Settled("same_item", "inspection")) == same
        assert isinstance(found, Settled) == same


@pytest.mark.parametrize(
    ("ground", "answers", "label", "source"),
    [
        (DAMAGE, [SAME], SAME, "second reading"),
        (DAMAGE, [SAME, OPEN, SAME], SAME, "second reading"),
        (Ground("damage", "deny", True), [COPY], COPY, "second reading"),
        (CAME_BACK, [SAME], SAME, "both"),
        (CAME_BACK, [OPEN], SAME, "inspection"),
        (ANOTHER, [COPY], COPY, "both"),  # the inspector does not say which, the reader does
        (ANOTHER, [PRODUCT], PRODUCT, "both"),
        (Ground("incorrect_item", "approve", False, "other", "as_claimed"), [PRODUCT], PRODUCT,
         "both"),
    ],
)  # fmt: skip
def test_what_two_persons_established(ground, answers, label, source):
    assert settle(ground, answers) == Settled(label, source)


@pytest.mark.parametrize(
    ("ground", "answers", "why"),
    [
        (DAMAGE, [PRODUCT], "contradict"),
        (DAMAGE, [SAME, COPY], "second readers contradict"),
        (CAME_BACK, [COPY], "contradict"),
        (ANOTHER, [SAME], "contradict"),
        (ANOTHER, [], "whether a copy or a product"),
        (Ground("damage", "deny", True), [SAME], "nobody but the second reader"),
        (Ground("damage", "deny", False), [PRODUCT], "nobody but the second reader"),
        (Ground("incorrect_item", "approve", True), [PRODUCT], "nobody but the second reader"),
        (Ground("damage", "approve", True, "same", "changed"), [SAME], "nobody but the second"),
        (Ground("damage", "approve", True, "unsure", "as_claimed"), [], "does not say which item"),
    ],
)
def test_what_stays_unsettled_and_why(ground, answers, why):
    found = settle(ground, answers)
    assert isinstance(found, Unsettled)
    assert why in found.reason
