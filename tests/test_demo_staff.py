from types import SimpleNamespace

import pytest
import running

from evidence.errors import ConflictError
from evidence.registry.staff_records import ROLES
from evidence.service.demo_staff import DEMO_STAFF, add_demo_staff, begin_as
from evidence.service.people import People
from evidence.service.sessions import NotSignedIn, session_of


@pytest.fixture
def people(tmp_path):
    service = running.open_service(tmp_path / "home", SimpleNamespace(count=1))
    yield People.of(service, running.CHEAP)
    service.registry.close()


def test_each_role_has_somebody_who_signs_in_without_a_password(people):
    assert tuple(DEMO_STAFF) == ROLES
    add_demo_staff(people)
    for role in ROLES:
        begun = begin_as(people, role)
        assert begun.session.staff.role == role
        assert session_of(people, begun.token).staff.name == DEMO_STAFF[role].name
    with pytest.raises(ConflictError):
        add_demo_staff(people)


def test_nobody_is_signed_in_where_there_is_no_such_person(people):
    assert begin_as(people, "owner") == NotSignedIn()
    add_demo_staff(people)
    people.service.registry.change_staff(2, role=None, active=False, actor="x", at=running.NOW)
    assert begin_as(people, "support") == NotSignedIn()
