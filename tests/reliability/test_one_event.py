"""Exactly one log entry per change: also with many writers, refusals, failures and retries."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
import running
from registry.samples import NOW, claim, decision, item, photo
from stores import refuse_rows_of, take_rows_of

from evidence.errors import ConflictError, EvidenceError, StorageError

WRITERS = 8
EACH = 6  # items a writer
CHANGES = (  # each is one entry; a decision moves the claim too, which is one more
    "item.registered", "item.changed", "item.photo_added", "item.sealed",
    "claim.opened", "claim.changed", "claim.photo_added", "claim.moved", "claim.decided",
)  # fmt: skip


@pytest.fixture
def registry(tmp_path):
    with closing(running.open_registry(tmp_path / "home")) as registry:
        yield registry


def refused(call, *arguments, **facts):
    """Make a call that changes nothing, because it is refused."""
    with pytest.raises(EvidenceError):
        call(*arguments, **facts)


def live(registry, name):
    """Make each kind of change once, and ask for several that change nothing."""
    data = name.encode()
    for _ in range(2):
        registry.put_item(item(name))
    registry.put_item(item(name, title="another"))
    for _ in range(2):
        registry.add_item_photo(name, photo(data), data, b"r")
    registry.seal_item(name, NOW)
    registry.seal_item(name, NOW)
    refused(registry.put_item, item(name))
    refused(registry.add_item_photo, name, photo(data + b"2"), data + b"2", b"r")
    registry.put_claim(claim(name, item_id=name))
    registry.put_claim(claim(name, item_id=name, residence="FR"))
    for _ in range(2):
        registry.add_claim_photo(name, photo(data), data, b"r")
    registry.add_decision(decision(name))
    refused(registry.add_decision, decision(f"no {name}"))


def told(registry):
    return registry.events(after=0, limit=1_000_000)


def require_one_each(registry, names):
    """Every change of every name is told once; the numbers have neither gaps nor repeats."""
    events = told(registry)
    assert [one.number for one in events] == list(range(1, len(events) + 1))
    pairs = sorted((one.kind, one.subject_id) for one in events)
    assert pairs == sorted((kind, name) for name in names for kind in CHANGES)


def test_many_writers_leave_one_entry_a_change(registry):
    names = [f"{writer}-{turn}" for writer in range(WRITERS) for turn in range(EACH)]
    with ThreadPoolExecutor(WRITERS) as threads:
        list(threads.map(live, [registry] * len(names), names))
    require_one_each(registry, names)


def test_two_processes_of_one_home_leave_one_entry_a_change(registry, tmp_path):
    names = [str(number) for number in range(2 * EACH)]
    with (
        closing(running.open_registry(tmp_path / "home")) as second,
        ThreadPoolExecutor(4) as threads,
    ):
        registries = [registry, second] * EACH
        list(threads.map(live, registries, names))
    require_one_each(registry, names)


def test_a_transaction_that_fails_leaves_no_entry_and_no_gap(registry):
    live(registry, "first")
    with registry._database.writing() as connection:
        refuse_rows_of(connection, "decisions")
    registry.put_item(item("second"))
    registry.put_claim(claim("second", item_id="second"))
    before = told(registry)
    for _ in range(3):  # the entry of the move was written before the decision failed
        with pytest.raises(StorageError):
            registry.add_decision(decision("second"))
    assert told(registry) == before
    assert registry.claim("second").state == "opened"
    with registry._database.writing() as connection:
        take_rows_of(connection, "decisions")
    registry.add_decision(decision("second"))
    numbers = [one.number for one in told(registry)]
    assert numbers == list(range(1, len(before) + 3))


def test_of_many_who_decide_together_each_success_is_told_once(registry):
    registry.put_item(item())
    registry.put_claim(claim())

    def decide(number):
        try:
            return registry.add_decision(decision(reason=str(number))).decision_id
        except ConflictError:
            return None

    with ThreadPoolExecutor(WRITERS) as threads:
        made = [one for one in threads.map(decide, range(40)) if one is not None]
    decided = [one for one in told(registry) if one.kind == "claim.decided"]
    assert sorted(one.body["decision_id"] for one in decided) == sorted(made)
    assert [one.decision_id for one in registry.decisions("claim")] == sorted(made)
