"""Pages hold each claim once and in order, and are read along an index."""

import itertools
import random
from datetime import timedelta

import pytest
from registry.samples import NOW, claim, item
from sqlalchemy import insert
from stores import of_the_disk

from evidence.registry.claim_rows import _values
from evidence.registry.listing_rows import ClaimFilter, claim_queries
from evidence.registry.tables import claims

REASONS, STATES = ("damage", "defect"), ("opened", "return_authorised", "closed")


@pytest.fixture
def many(registry):
    chance = random.Random(3)  # noqa: S311
    made = [
        claim(
            f"c{number:02}",
            item_id=f"i{number % 7}",
            reason=chance.choice(REASONS),
            state=chance.choice(STATES),
            deadline=chance.choice([None, *(NOW + timedelta(days=day) for day in range(5))]),
            value_milli=chance.randrange(5) * 1000,
            return_by=chance.choice([None, *(NOW + timedelta(days=day) for day in range(5))]),
        )
        for number in range(60)
    ]
    with registry._database.writing() as connection:
        connection.execute(insert(claims), [_values(one) for one in made])
    return made


FAR = NOW + timedelta(days=999)
ORDERS = {
    "deadline": lambda one: (one.deadline or FAR, one.claim_id),
    "claim_id": lambda one: one.claim_id,
    "value": lambda one: (-one.value_milli, [-ord(letter) for letter in one.claim_id]),
}
KEYS = {
    "deadline": lambda one: (one.deadline, one.claim_id),
    "claim_id": lambda one: (None, one.claim_id),
    "value": lambda one: (one.value_milli, one.claim_id),
}
DAY = NOW + timedelta(days=2)
FILTERS = {
    ClaimFilter(): lambda one: True,
    ClaimFilter(state="opened"): lambda one: one.state == "opened",
    ClaimFilter(reason="damage"): lambda one: one.reason == "damage",
    ClaimFilter(item_id="i3"): lambda one: one.item_id == "i3",
    ClaimFilter(order_id="none"): lambda one: False,
    ClaimFilter(value_min=3000): lambda one: one.value_milli >= 3000,
    ClaimFilter(deadline_before=DAY): lambda one: one.deadline and one.deadline < DAY,
    ClaimFilter(deadline_after=DAY): lambda one: one.deadline and one.deadline >= DAY,
    ClaimFilter(return_before=DAY): lambda one: (
        one.state == "return_authorised" and one.return_by and one.return_by < DAY
    ),
    ClaimFilter(state="closed", reason="defect", value_min=1000): lambda one: (
        one.state == "closed" and one.reason == "defect" and one.value_milli >= 1000
    ),
}


@pytest.mark.parametrize("sort", ORDERS)
@pytest.mark.parametrize("wanted", FILTERS, ids=str)
def test_the_pages_are_the_whole_list_in_order(registry, many, sort, wanted):
    expected = sorted(filter(FILTERS[wanted], many), key=ORDERS[sort])
    for limit in (1, 4, 100):
        found, after = [], None
        while page := registry.claims_page(wanted, sort=sort, after=after, limit=limit):
            assert len(page) <= limit
            found += page
            after = KEYS[sort](page[-1])
        assert found == expected


def plan(registry, query):
    with registry._database.reading() as connection:
        text = query.compile(connection, compile_kwargs={"literal_binds": False})
        rows = connection.exec_driver_sql(
            f"EXPLAIN QUERY PLAN {text}", tuple(text.params[name] for name in text.positiontup)
        )
        return [row[-1] for row in rows]


def keys(sort):
    some = {"deadline": DAY.isoformat(" "), "value": 3, "claim_id": None}[sort]
    return [None, (some, "c1"), *([(None, "c1")] if sort == "deadline" else [])]


@of_the_disk
@pytest.mark.parametrize(
    ("sort", "index"),
    [
        ("deadline", "ix_claims_deadline"),
        ("value", "ix_claims_value_milli"),
        ("claim_id", "sqlite_autoindex_claims_1"),
    ],
)
def test_a_page_is_read_along_the_index_of_its_order(registry, sort, index):
    for after in keys(sort):
        for query in claim_queries(ClaimFilter(), sort=sort, after=after):
            [step] = plan(registry, query.limit(50))  # a sort would be a second step
            assert f"USING INDEX {index}" in step, step


@of_the_disk
@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        (ClaimFilter(state="opened"), "ix_claims_state"),
        (ClaimFilter(reason="damage"), "ix_claims_reason"),
        (ClaimFilter(deadline_before=DAY), "ix_claims_deadline"),
        (ClaimFilter(value_min=1), "ix_claims_deadline"),
        (ClaimFilter(return_before=DAY), "ix_claims_state"),
    ],
    ids=str,
)
def test_filtered_by_state_or_reason_it_is_still_not_sorted(registry, wanted, index):
    for after in keys("deadline"):
        for query in claim_queries(wanted, sort="deadline", after=after):
            assert all("TEMP B-TREE" not in step for step in plan(registry, query.limit(50)))
            assert any(index in step for step in plan(registry, query.limit(50)))


def test_items_are_listed_by_id(registry):
    for number, order in itertools.product(range(3), ("a", "b")):
        registry.put_item(item(f"{order}{number}", order_id=order))
    registry.seal_item("a1", NOW)

    def ids(**wanted):
        asked = {"order_id": None, "sealed": None, "after": None, "limit": 9} | wanted
        return [one.item_id for one in registry.items_page(**asked)]

    assert ids() == ["a0", "a1", "a2", "b0", "b1", "b2"]
    assert ids(order_id="a", sealed=False) == ["a0", "a2"]
    assert ids(sealed=True) == ["a1"]
    assert ids(after="a1", limit=2) == ["a2", "b0"]
