from datetime import timedelta

import pytest
from registry.samples import NOW, claim, decision, photo
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from stores import ON_SERVERS, rows_of

from evidence.errors import NotFoundError

REFERENCE, QUERY = photo(b"reference").photo_id, photo(b"query").photo_id


@pytest.fixture
def pair(registry):
    for data in (b"reference", b"query"):
        registry.keep_loose_photo(photo(data), data, b"r")


@pytest.mark.usefixtures("pair")
def test_the_first_comparison_under_a_key_stays(registry):
    assert registry.comparison("key") is None
    registry.put_comparison("key", REFERENCE, QUERY, '{"verdict": "同"}')
    registry.put_comparison("key", QUERY, REFERENCE, "{}")
    assert registry.comparison("key") == '{"verdict": "同"}'
    assert registry.comparison_photos("key") == (REFERENCE, QUERY)


@pytest.mark.usefixtures("pair")
def test_an_unknown_comparison_has_no_photos(registry):
    with pytest.raises(NotFoundError, match="comparison key is not known"):
        registry.comparison_photos("key")


@pytest.mark.usefixtures("pair")
@pytest.mark.parametrize("ids", [(REFERENCE, "?"), ("?", QUERY)], ids=["query", "reference"])
def test_a_comparison_needs_two_kept_photos(registry, ids):
    with pytest.raises(NotFoundError, match=r"photo \? is not known"):
        registry.put_comparison("key", *ids, "{}")
    assert registry.comparison("key") is None


@pytest.mark.usefixtures("pair")
def test_several_comparisons_are_kept_together_or_not_at_all(registry):
    kept, lost = ("one", REFERENCE, QUERY, "{}"), ("two", QUERY, "?", "{}")
    with pytest.raises(NotFoundError, match=r"photo \? is not known"):
        registry.put_comparisons([kept, lost])
    assert registry.comparison("one") is None
    registry.put_comparisons([kept, ("two", QUERY, REFERENCE, "[]")])
    assert registry.comparisons_of(["one", "two"]) == {"one": "{}", "two": "[]"}


def test_decisions_are_kept_in_order_under_ids_of_their_own(registry):
    registry.put_claim(claim())
    registry.put_claim(claim("other"))
    first = registry.add_decision(decision())
    registry.add_decision(decision("other"))
    second = registry.add_decision(decision(decision_id=first.decision_id, decided_by="Bo"))
    assert registry.decisions("claim") == [first, second]
    assert first == decision(decision_id=1)
    assert (second.decision_id, second.decided_by) == (3, "Bo")


def test_recommendations_get_ids_of_their_own(registry):
    registry.put_claim(claim())
    assert registry.add_recommendation("claim", "{}", NOW) == 1
    assert registry.add_recommendation("claim", '{"a": 1}', NOW + timedelta(days=1)) == 2
    assert registry.add_recommendation("claim", "{}", NOW + timedelta(days=2)) == 3


def test_the_last_recommendation_again_is_kept_once(registry):
    registry.put_claim(claim())
    registry.put_claim(claim("other"))
    assert registry.add_recommendation("claim", "{}", NOW) == 1
    assert registry.add_recommendation("claim", "{}", NOW + timedelta(days=1)) == 1
    assert registry.add_recommendation("other", "{}", NOW) == 2


@pytest.mark.parametrize(
    "ask",
    [
        lambda registry: registry.add_decision(decision()),
        lambda registry: registry.decisions("claim"),
        lambda registry: registry.add_recommendation("claim", "{}", NOW),
    ],
    ids=["add_decision", "decisions", "add_recommendation"],
)
def test_an_unknown_claim_is_not_found(registry, ask):
    with pytest.raises(NotFoundError, match="claim claim is not known"):
        ask(registry)


@pytest.mark.parametrize(
    ("table", "key"), [("decisions", "decision_id"), ("recommendations", "recommendation_id")]
)
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {table} SET claim_id = 'other'",
        "DELETE FROM {table}",
        "TRUNCATE {table}" if ON_SERVERS else "REPLACE INTO {table} SELECT * FROM {table}",
        "INSERT INTO {table} SELECT * FROM {table} WHERE true "
        "ON CONFLICT ({key}) DO UPDATE SET {key} = 9",
    ],
    ids=["update", "delete", "replace", "upsert"],
)
def test_the_database_refuses_to_change_what_was_decided(registry, home, table, key, statement):
    registry.put_claim(claim())
    registry.put_claim(claim("other"))
    kept = registry.add_decision(decision())
    registry.add_recommendation("claim", "{}", NOW)
    with pytest.raises(IntegrityError, match="only ever added"), rows_of(home) as stranger:
        stranger.execute(text(statement.format(table=table, key=key)))
    assert registry.decisions("claim") == [kept]
