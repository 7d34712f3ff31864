from datetime import timedelta

import pytest
from registry.samples import NOW, person
from sqlalchemy import update

from evidence.registry.tables import staff

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def ada(registry):
    return registry.add_staff(person("Ada"), actor="Ada")


def test_a_session_is_found_by_its_tokens_hash_with_the_account_as_it_is_now(registry, ada):
    registry.add_staff(person("Ben"), actor="Ada")
    assert registry.begin_session(ada, "a" * 64, NOW) is True
    registry.change_staff(1, role="support", active=None, actor="Ben", at=NOW)
    found = registry.session("a" * 64)
    assert (found.staff.name, found.staff.role) == ("Ada", "support")
    assert (found.began_at, found.seen_at) == (NOW, NOW)
    registry.see_session("a" * 64, LATER)
    assert registry.session("a" * 64).seen_at == LATER
    assert registry.session("b" * 64) is None
    assert "a" * 64 not in repr(found)


def test_none_begins_for_a_password_that_was_replaced_or_a_person_who_was_let_go(registry, ada):
    registry.add_staff(person("Ben"), actor="Ada")
    registry.set_password(1, "another hash", one_time=False, actor="Ada", at=NOW)
    assert registry.begin_session(ada, "a" * 64, NOW) is False
    now = registry.staff_signing_in_as("ada")
    registry.change_staff(1, role=None, active=False, actor="Ben", at=NOW)
    assert registry.begin_session(now, "a" * 64, NOW) is False
    assert registry.session("a" * 64) is None


def test_sessions_end_one_by_one_or_all_of_a_person(registry, ada):
    ben = registry.add_staff(person("Ben"), actor="Ada")
    for token, one in (("1", ada), ("2", ada), ("3", ada), ("4", ben)):
        registry.begin_session(one, token, NOW)
    registry.end_session("1")
    registry.end_session("unknown")
    assert [registry.session(token) is None for token in "1234"] == [True, False, False, False]
    registry.end_sessions(ada, LATER)
    assert [registry.session(token) is None for token in "1234"] == [True, True, True, False]


def test_old_ones_are_cleared_by_either_age(registry, ada):
    for token, began, seen in (("1", NOW, LATER), ("2", LATER, LATER), ("3", LATER, NOW)):
        registry.begin_session(ada, token, began)
        registry.see_session(token, seen)
    soon = NOW + timedelta(seconds=1)
    registry.end_old_sessions(began_before=NOW, seen_before=NOW)
    assert all(registry.session(token) for token in "123")
    registry.end_old_sessions(began_before=soon, seen_before=NOW)
    registry.end_old_sessions(began_before=NOW, seen_before=soon)
    assert [registry.session(token) is None for token in "123"] == [True, False, True]


def test_a_session_of_somebody_inactive_is_none_even_if_it_was_left_behind(registry, ada):
    registry.begin_session(ada, "a" * 64, NOW)
    with registry._database.writing() as connection:  # as an operator may, with SQL
        connection.execute(update(staff).values(active=False))
    assert registry.session("a" * 64) is None


def test_who_signs_in_or_out_everywhere_is_told_without_the_token(registry, ada):
    registry.begin_session(ada, "a" * 64, NOW)
    registry.end_sessions(ada, LATER)
    told = [(e.kind, e.subject_id, e.actor, e.body) for e in registry.events(after=1, limit=9)]
    assert told == [
        ("staff.signed_in", "1", "Ada", {}),
        ("staff.signed_out_everywhere", "1", "Ada", {}),
    ]
