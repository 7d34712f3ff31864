from datetime import timedelta

import pytest
from registry.samples import NOW

from evidence.errors import ConflictError


def test_an_answer_is_remembered_for_its_request_and_the_first_stays(registry):
    assert registry.remembered("key", "request") is None
    registry.remember("key", "request", 201, '{"id": 1}', NOW)
    with pytest.raises(ConflictError, match="answered a moment ago"):
        registry.remember("key", "request", 201, '{"id": 2}', NOW)
    assert registry.remembered("key", "request") == (201, '{"id": 1}')
    assert registry.remembered("other", "request") is None


def test_a_key_is_not_taken_for_two_requests(registry):
    registry.remember("key", "request", 201, "{}", NOW)
    with pytest.raises(ConflictError, match="take a new one"):
        registry.remembered("key", "another")
    with pytest.raises(ConflictError, match="take a new one"):
        registry.remember("key", "another", 200, "{}", NOW)


def test_an_answer_is_kept_for_seven_days(registry):
    registry.remember("key", "request", 201, "{}", NOW)
    registry.remember("other", "request", 201, "{}", NOW + timedelta(days=7))
    assert registry.remembered("key", "request") == (201, "{}")
    registry.remember("third", "request", 201, "{}", NOW + timedelta(days=7, seconds=1))
    assert registry.remembered("key", "request") is None
    registry.remember("key", "another", 200, "{}", NOW + timedelta(days=8))
    assert registry.remembered("key", "another") == (200, "{}")
