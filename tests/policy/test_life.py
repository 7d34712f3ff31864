import re
from typing import get_args

import pytest

from evidence.policy.life import (
    MOVES,
    ROLES,
    STATES,
    STEPS,
    Action,
    Standing,
    allowed_actions,
    allowed_steps,
    end_of,
    find_move,
    refuse,
)
from evidence.policy.life_wording import ACTIONS, DECIDED, DEEDS, DOERS
from evidence.policy.life_wording import STATES as STATE_WORDS
from evidence.policy.recommendation import Outcome

HAPPY = [
    ("ask_evidence", "evidence_asked"),
    ("recommend", "recommended"),
    ("decide", "decided"),
    ("authorise_return", "return_authorised"),
    ("ship", "shipped"),
    ("receive", "received"),
    ("inspect", "inspected"),
    ("recommend_final", "final_recommended"),
    ("decide", "final_decided"),
    ("close", "closed"),
]


def walk(actions, *, reason="damage", decision="approve", state="opened"):
    for action in actions:
        at = Standing(state, reason, decision)
        move = find_move(at, action)
        assert move is not None, (action, state)
        state = end_of(at, move)
    return state


def test_a_claim_goes_all_the_way():
    for count in range(1, len(HAPPY) + 1):
        assert walk([action for action, _ in HAPPY[:count]]) == HAPPY[count - 1][1]


def test_every_state_is_reached_and_none_is_a_trap():
    assert {row.ends for row in MOVES} >= set(STATES) - {"opened"} | {None}
    for state in STATES:
        seen, todo = set(), [state]
        while todo:
            now = todo.pop()
            seen.add(now)
            at = Standing(now, "damage", "approve")
            ends = {end_of(at, find_move(at, action)) for action in allowed_actions(at)}
            todo += ends - seen
        assert "closed" in seen, state


def test_a_shortage_is_closed_without_a_return():
    at = Standing("decided", "shortage", "approve")
    assert "authorise_return" not in allowed_steps(at)
    assert "close" in allowed_steps(at)
    assert "nothing to send back" in refuse(at, "authorise_return", "workflow", "").en


@pytest.mark.parametrize("decision", ["deny", "request_information", None])
def test_nothing_is_asked_back_after_any_other_decision(decision):
    assert find_move(Standing("decided", "damage", decision), "authorise_return") is None


@pytest.mark.parametrize("state", ["opened", "evidence_asked", "recommended", "decided", "closed"])
def test_reading_25_a_parcel_without_an_approval_is_never_turned_away(state):
    assert walk(["receive"], state=state) == "quarantine"
    assert walk(["receive", "inspect"], state=state) == "inspected"


def test_it_leaves_quarantine_by_a_person_with_a_reason():
    at = Standing("quarantine", "customer_reason")
    assert refuse(at, "authorise_return", "reviewer", "") is not None
    assert refuse(at, "authorise_return", "support", "a reason") is not None
    assert refuse(at, "authorise_return", "reviewer", "a reason") is None


def test_reopening_goes_back_to_where_it_was_closed_and_needs_a_reason():
    at = Standing("closed", "damage", "deny", closed_from="decided")
    assert end_of(at, find_move(at, "reopen")) == "decided"
    assert "reason" in refuse(at, "reopen", "owner", "  ").en
    assert refuse(at, "reopen", "owner", "new photos came") is None


def test_a_refusal_names_what_is_allowed():
    said = refuse(Standing("opened", "damage"), "ship", "workflow", "").en
    for action in ("ask_evidence", "recommend", "decide", "receive", "close"):
        assert action in said


@pytest.mark.parametrize("role", ROLES)
def test_a_refusal_is_all_in_its_language(role):
    decisions = (None, *DECIDED)
    standings = [
        Standing(state, reason, decision)
        for state in STATES
        for reason in ("damage", "shortage")
        for decision in decisions
    ]
    refused = [refuse(at, action, role, "") for at in standings for action in DEEDS]
    said = [one for one in refused if one is not None]
    assert len(said) > len(standings)
    assert not [one for one in said if re.search("[A-Za-z]", one.ja)]
    assert not [one for one in said if re.search("[぀-ヿ一-鿿]", one.en)]


def test_the_warehouse_receives_and_inspects_and_decides_nothing():
    for state in STATES:
        allowed = allowed_actions(Standing(state, "damage", "approve"), "warehouse")
        assert set(allowed) <= {"receive", "inspect"}
    said = refuse(Standing("recommended", "damage"), "decide", "warehouse", "").en
    assert "support" in said


def test_every_row_is_found_and_every_word_is_there_in_both_languages():
    for row in MOVES:
        for state in row.starts:
            assert find_move(Standing(state, "damage", "approve"), row.action) is row
    actions = {one for part in get_args(Action) for one in get_args(part) or (part,)}
    assert set(ACTIONS) == actions >= set(STEPS)
    assert set(STATE_WORDS) == set(STATES)
    assert (set(DEEDS), set(DOERS)) == (actions, set(ROLES))
    assert set(DECIDED) == set(get_args(Outcome))
    for text in (*ACTIONS.values(), *STATE_WORDS.values()):
        assert text.en
        assert text.ja
