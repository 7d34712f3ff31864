from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from registry.samples import NOW, person

from evidence.errors import ConflictError, NotFoundError

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def ada(registry):
    return registry.add_staff(person("Ada"), actor="Ada", first_owner=True)


def told(registry):
    events = registry.events(after=0, limit=100)
    return [(one.kind, one.subject_id, one.actor, one.body) for one in events]


def test_an_account_is_kept_under_the_number_that_it_gets(registry, ada):
    ben = registry.add_staff(person("Ben", "warehouse"), actor="Ada")
    assert (ada.staff_id, ben.staff_id) == (1, 2)
    assert ben == replace(person("Ben", "warehouse"), staff_id=2)
    assert registry.staff_signing_in_as("ben") == ben
    assert registry.staff_signing_in_as("cy") is None
    assert registry.all_staff() == [ada, ben]
    with pytest.raises(NotFoundError, match="staff number 3"):
        registry.change_staff(3, role="support", active=None, actor="Ada", at=NOW)


def test_every_change_is_told_and_no_password(registry, ada):
    registry.add_staff(person("Ben", "support"), actor="Ada")
    for _ in range(2):  # the second time nothing changes
        registry.change_staff(2, role="reviewer", active=None, actor="Ada", at=NOW)
    registry.change_staff(2, role=None, active=False, actor="Ada", at=NOW)
    registry.set_password(2, "hash of another password", one_time=True, actor="Ada", at=NOW)
    assert told(registry) == [
        ("staff.added", "1", "Ada", {"role": "owner"}),
        ("staff.added", "2", "Ada", {"role": "support"}),
        ("staff.changed", "2", "Ada", {"role": "reviewer", "active": True}),
        ("staff.changed", "2", "Ada", {"role": "reviewer", "active": False}),
        ("staff.password_set", "2", "Ada", {"one_time": True}),
    ]


@pytest.mark.parametrize("name", ["Ben", "BEN", "\uff22\uff45\uff4e", " ben "])
def test_a_name_is_taken_however_it_is_written_and_for_ever(registry, ada, name):
    registry.add_staff(person("Ben", "support"), actor="Ada")
    registry.change_staff(2, role=None, active=False, actor="Ada", at=NOW)
    with pytest.raises(ConflictError, match="somebody has the name"):
        registry.add_staff(person(name, "support", sign_in_name="other"), actor="Ada")
    with pytest.raises(ConflictError, match="sign-in name ben is taken"):
        registry.add_staff(person("Other", "support", sign_in_name="ben"), actor="Ada")


def test_of_many_first_owners_one_is_made(registry):
    def make(number):
        try:
            registry.add_staff(person(f"Ada {number}"), actor="Ada", first_owner=True)
        except ConflictError:
            return 0
        return 1

    assert registry.has_owner() is False
    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(make, range(8))) == 1
    assert registry.has_owner() is True


@pytest.mark.parametrize(
    "take",
    [
        {"role": "reviewer", "active": None},
        {"role": None, "active": False},
    ],
)
def test_the_last_owner_who_can_sign_in_stays(registry, ada, take):
    registry.add_staff(person("Ben", one_time=True), actor="Ada")  # has never signed in
    with pytest.raises(ConflictError, match="Ada is the last owner"):
        registry.change_staff(1, **take, actor="Ada", at=NOW)
    with pytest.raises(ConflictError, match="Ada is the last owner"):
        registry.set_password(1, "hash", one_time=True, actor="Ben", at=NOW)
    registry.set_password(2, "hash", one_time=False, actor="Ben", at=NOW)
    registry.change_staff(1, **take, actor="Ben", at=NOW)
    with pytest.raises(ConflictError, match="Ben is the last owner"):
        registry.change_staff(2, **take, actor="Ben", at=NOW)


def test_of_two_owners_who_remove_each_other_one_stays(registry, ada):
    registry.add_staff(person("Ben"), actor="Ada")

    def remove(number):
        try:
            registry.change_staff(number, role=None, active=False, actor="x", at=NOW)
        except ConflictError:
            return 0
        return 1

    with ThreadPoolExecutor(2) as threads:
        assert sum(threads.map(remove, (1, 2))) == 1


def test_who_is_let_go_or_gets_a_password_is_signed_out(registry, ada):
    ben = registry.add_staff(person("Ben", "support"), actor="Ada")
    for token in ("1", "2"):
        assert registry.begin_session(ben, token, NOW)
    ben = registry.set_password(2, "own", one_time=False, actor="Ben", at=LATER, keep="1")
    assert registry.session("1").staff == ben
    assert registry.session("2") is None
    registry.set_password(2, "given", one_time=True, actor="Ada", at=LATER)
    assert registry.session("1") is None
    assert registry.begin_session(registry.staff_signing_in_as("ben"), "3", NOW)
    registry.change_staff(2, role=None, active=False, actor="Ada", at=NOW)
    registry.change_staff(2, role=None, active=True, actor="Ada", at=NOW)
    assert registry.session("3") is None  # it does not come back with the person


def test_an_account_is_shown_without_its_password(ada):
    assert "hash" not in repr(ada)
