from datetime import timedelta

import pytest
from registry.samples import NOW, person

from evidence.errors import ConflictError, NotFoundError
from evidence.registry.staff_records import ApiKey

LATER = NOW + timedelta(days=1)


def test_an_api_key_is_known_by_its_hash(registry):
    assert registry.has_api_keys() is False
    registry.add_api_key("returns", "a" * 64, NOW, actor="Ada")
    assert registry.has_api_keys() is True
    assert registry.api_key("a" * 64, NOW).name == "returns"
    assert registry.api_key("b" * 64, NOW) is None


def test_a_revoked_key_is_let_in_no_longer_and_stays_in_the_list(registry):
    registry.add_api_key("returns", "a" * 64, NOW, actor="Ada")
    registry.add_api_key("imports", "b" * 64, LATER, actor="Ada")
    for day in (1, 2):  # the second time nothing changes
        registry.revoke_api_key("returns", NOW + timedelta(days=day), actor="Ben")
    assert registry.api_key("a" * 64, NOW) is None
    assert registry.api_key("b" * 64, NOW).name == "imports"
    assert registry.all_api_keys() == [
        ApiKey("returns", NOW, LATER),
        ApiKey("imports", LATER, None),
    ]
    registry.revoke_api_key("imports", LATER, actor="Ben")
    assert registry.has_api_keys() is True  # or the next start would make a new one
    told = [(e.kind, e.subject, e.subject_id, e.actor) for e in registry.events(after=0, limit=9)]
    assert told == [
        ("key.added", "key", "returns", "Ada"),
        ("key.added", "key", "imports", "Ada"),
        ("key.revoked", "key", "returns", "Ben"),
        ("key.revoked", "key", "imports", "Ben"),
    ]


def test_revoking_what_was_never_added_is_not_found(registry):
    with pytest.raises(NotFoundError, match="no API key has the name returns"):
        registry.revoke_api_key("returns", NOW, actor="Ada")


def test_a_name_in_the_history_is_one_program_or_one_person(registry):
    registry.add_api_key("returns", "a" * 64, NOW, actor="Ada")
    registry.revoke_api_key("returns", NOW, actor="Ada")
    with pytest.raises(ConflictError, match="an API key has the name"):
        registry.add_api_key("returns", "b" * 64, NOW, actor="Ada")
    with pytest.raises(ConflictError, match="an API key has the name"):
        registry.add_staff(person("Returns"), actor="Ada")
    registry.add_staff(person("Ben"), actor="Ada")
    with pytest.raises(ConflictError, match="somebody has the name"):
        registry.add_api_key("ben", "c" * 64, NOW, actor="Ada")
