"""The made-up shop's staff, one of each role, who sign in without a password."""

from typing import NamedTuple

from evidence.registry.staff_records import Role, Staff
from evidence.service.people import People
from evidence.service.sessions import NotSignedIn, SignedIn, begin


class DemoPerson(NamedTuple):
    """Who has a role in the made-up shop."""

    name: str
    sign_in_name: str


DEMO_STAFF: dict[Role, DemoPerson] = {
    "warehouse": DemoPerson("Sato Aiko", "sato"),
    "support": DemoPerson("Mori Ken", "mori"),
    "reviewer": DemoPerson("Tanaka Yui", "tanaka"),
    "owner": DemoPerson("Suzuki Hana", "suzuki"),
}


def add_demo_staff(people: People) -> None:
    """Make their accounts, with passwords that nobody knows.

    Raises:
        ConflictError: they were made before.
    """
    now, owner = people.service.now(), DEMO_STAFF["owner"].name
    for role, one in DEMO_STAFF.items():
        password = people.passwords.hash(people.passwords.make_one_time())
        new = Staff(0, one.name, one.sign_in_name, role, True, password, False, now, now)
        people.service.registry.add_staff(new, actor=owner)


def begin_as(people: People, role: Role) -> SignedIn | NotSignedIn:
    """Begin a session of the demo's person of a role; none if an owner let that person go."""
    one = people.service.registry.staff_signing_in_as(DEMO_STAFF[role].sign_in_name)
    return begin(people, one) if one is not None else NotSignedIn()
