import threading

import pytest
from registry.samples import NOW, claim, decision, item

from evidence.errors import ConflictError, NotFoundError
from evidence.registry.life_records import Inspection, Told

TOLD = Told("Ada", NOW, note="because")


@pytest.fixture
def opened(registry):
    registry.put_item(item())
    registry.put_claim(claim())
    return registry


def test_a_move_is_kept_told_and_changes_state_and_version(opened):
    taken = opened.move_claim("claim", "ask_evidence", TOLD)
    kept = opened.claim("claim")
    assert (kept.state, kept.version) == ("evidence_asked", 2)
    assert (taken.from_state, taken.to_state, taken.by) == ("opened", "evidence_asked", "Ada")
    assert opened.steps("claim") == [taken]
    (event,) = [one for one in opened.events(after=0, limit=99) if one.kind == "claim.moved"]
    assert event.body["to"] == "evidence_asked"
    assert event.actor == "Ada"


def test_what_is_not_allowed_leaves_no_trace(opened):
    with pytest.raises(ConflictError, match="ask_evidence"):
        opened.move_claim("claim", "ship", TOLD)
    assert opened.steps("claim") == []
    assert opened.claim("claim").version == 1


def test_a_decision_moves_the_claim_in_one_transaction_with_itself(opened):
    opened.add_decision(decision())
    assert opened.claim("claim").state == "decided"
    assert opened.steps("claim")[0].note == decision().reason
    opened.move_claim("claim", "close", TOLD)
    with pytest.raises(ConflictError):
        opened.add_decision(decision())
    assert len(opened.decisions("claim")) == 1


def test_a_recommendation_moves_once_and_never_backwards(opened):
    for _ in range(2):
        opened.note_recommendation("claim", "recommend", NOW)
    assert [step.action for step in opened.steps("claim")] == ["recommend"]
    opened.add_decision(decision())
    opened.note_recommendation("claim", "recommend", NOW)
    assert opened.claim("claim").state == "decided"


def test_declining_is_counted(opened):
    for _ in range(2):
        opened.move_claim("claim", "ask_evidence", TOLD)
        opened.move_claim("claim", "decline_photos", TOLD)
    assert opened.claim("claim").photos_declined == 2


def test_reopening_finds_where_it_was_closed_last(opened):
    opened.move_claim("claim", "close", TOLD)
    opened.move_claim("claim", "reopen", TOLD)
    assert opened.claim("claim").state == "opened"
    opened.add_decision(decision())
    opened.move_claim("claim", "close", TOLD)
    opened.move_claim("claim", "reopen", TOLD)
    assert opened.claim("claim").state == "decided"


def test_of_two_at_once_one_wins(opened):
    outcomes = []

    def close():
        try:
            outcomes.append(opened.move_claim("claim", "close", TOLD).to_state)
        except ConflictError:
            outcomes.append("refused")

    threads = [threading.Thread(target=close) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["closed", "refused", "refused", "refused"]


def found(**changes):
    values = {
        "inspection_id": 0, "item_id": "item", "claim_id": "claim", "inspected_by": "Bo",
        "note": "", "findings": {"condition": "as_claimed"}, "inspected_at": NOW,
    }  # fmt: skip
    return Inspection(**values | changes)


def test_an_inspection_moves_its_claim_or_is_not_kept(opened):
    with pytest.raises(ConflictError, match="inspect"):
        opened.add_inspection(found())
    assert opened.inspections_of("claim") == []
    opened.move_claim("claim", "receive", TOLD)
    kept = opened.add_inspection(found())
    assert opened.claim("claim").state == "inspected"
    assert opened.inspection(kept.inspection_id) == kept
    assert opened.inspections_of("claim") == [kept]


@pytest.mark.parametrize(
    "ask",
    [
        lambda registry: registry.move_claim("none", "close", TOLD),
        lambda registry: registry.standing("none"),
        lambda registry: registry.steps("none"),
        lambda registry: registry.add_inspection(found(item_id="none")),
        lambda registry: registry.inspection(9),
    ],
    ids=["move", "standing", "steps", "inspect", "inspection"],
)
def test_what_is_unknown_is_not_found(opened, ask):
    with pytest.raises(NotFoundError):
        ask(opened)
