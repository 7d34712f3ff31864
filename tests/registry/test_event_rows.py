import pytest
from registry.samples import NOW, item
from sqlalchemy import text

from evidence.errors import StorageError
from evidence.registry.event_rows import add_event


def tell(registry, kind):
    with registry._database.writing() as connection:
        add_event(
            connection, kind, subject="claim", subject_id="c", actor="ann", at=NOW, body={"n": 1}
        )


def test_events_come_back_in_order_and_after_the_last_known(registry):
    for kind in ("claim.opened", "claim.decided"):
        tell(registry, kind)
    first, second = registry.events(after=0, limit=10)
    assert (first.kind, second.kind) == ("claim.opened", "claim.decided")
    assert (first.at, first.actor, first.subject_id, first.body) == (NOW, "ann", "c", {"n": 1})
    assert registry.events(after=first.number, limit=10) == [second]
    assert registry.events(after=0, limit=1) == [first]
    assert registry.events(after=second.number, limit=1) == []


@pytest.mark.parametrize("change", ["UPDATE events SET actor = 'x'", "DELETE FROM events"])
def test_an_event_is_never_changed(registry, change):
    tell(registry, "claim.opened")
    with pytest.raises(StorageError), registry._database.writing() as connection:
        connection.execute(text(change))
    assert [event.actor for event in registry.events(after=0, limit=9)] == ["ann"]


def test_the_newest_come_first_a_page_at_a_time_and_of_one_subject(registry):
    for kind in ("claim.opened", "claim.decided", "claim.moved"):
        tell(registry, kind)
    anything = {"subject": None, "subject_id": None}
    newest = registry.recent_events(before=None, limit=2, **anything)
    assert [event.kind for event in newest] == ["claim.moved", "claim.decided"]
    older = registry.recent_events(before=newest[-1].number, limit=2, **anything)
    assert [event.kind for event in older] == ["claim.opened"]
    for subject, subject_id, count in (("claim", "c", 3), ("claim", "d", 0), ("item", "c", 0)):
        found = registry.recent_events(before=None, limit=9, subject=subject, subject_id=subject_id)
        assert len(found) == count


def test_all_about_several_subjects_comes_once_and_in_order(registry):
    for kind in ("claim.opened", "claim.decided"):
        tell(registry, kind)
    registry.put_item(item(), at=NOW)
    about = [("item", "item"), ("claim", "c"), ("claim", "c"), ("claim", "none")]
    found = registry.events_about(about)
    assert [event.kind for event in found] == ["claim.opened", "claim.decided", "item.registered"]
    assert registry.events_about([]) == []
