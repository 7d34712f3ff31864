"""How long a photo is kept, case by case."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from evidence.errors import PolicyDocumentError
from evidence.policy.retention import (
    ClaimFacts,
    OwnerFacts,
    PhotoFacts,
    due_at,
    load_retention,
    packaged_retention,
    refuse_erasure,
)

RULES = packaged_retention()
T0 = datetime(2025, 3, 1, tzinfo=UTC)
DAY = timedelta(days=1)


def owner(subject="item", **changes):
    made = OwnerFacts(
        subject=subject,
        subject_id="one",
        kind="card",
        since=T0,
        delivered=(),
        claims=(),
        held=False,
    )
    return replace(made, **changes)


def photo(*owners):
    return PhotoFacts("0" * 64, 10, T0, owners)


def closed(days=0, claim_id="claim"):
    return ClaimFacts(claim_id, T0 + days * DAY)


OPEN = ClaimFacts("claim", None)


def test_reading_31_photos_stay_180_days_after_delivery_and_while_a_case_or_hold_is_open():
    delivered = owner(delivered=(T0,))
    assert due_at(photo(delivered), RULES) == T0 + 180 * DAY
    assert due_at(photo(replace(delivered, claims=(OPEN,))), RULES) is None
    held = photo(replace(delivered, held=True))
    assert refuse_erasure(held, RULES, T0 + 9999 * DAY) == "held"


@pytest.mark.parametrize(
    ("facts", "days"),
    [
        (photo(), 30),
        (photo(owner()), 60 + 180),
        (photo(owner(delivered=(T0 + 5 * DAY,))), 185),
        (photo(owner(delivered=(T0 + 5 * DAY, T0 + 9 * DAY))), 189),
        (photo(owner(delivered=(T0,), claims=(closed(40),))), 220),
        (photo(owner(delivered=(T0 + 90 * DAY,), claims=(closed(40),))), 270),
        (photo(owner("claim", claims=(closed(10),))), 190),
        (photo(owner("inspection")), 180),
        (photo(owner("inspection", claims=(closed(3),))), 183),
        (photo(owner("claim", claims=(closed(1),)), owner("claim", claims=(closed(7),))), 187),
        (photo(owner(), owner("claim", claims=(closed(1),))), 240),
    ],
)
def test_a_photo_stays_as_long_as_the_longest_of_its_owners_needs_it(facts, days):
    due = T0 + days * DAY
    assert due_at(facts, RULES) == due
    assert refuse_erasure(facts, RULES, due) is None
    assert refuse_erasure(facts, RULES, due - timedelta(microseconds=1)) == "not due"


def test_an_open_claim_wins_over_every_date():
    for facts in (
        photo(owner(delivered=(T0,), claims=(OPEN,))),
        photo(owner("claim", claims=(OPEN,))),
        photo(owner("claim", claims=(closed(),)), owner(claims=(closed(), OPEN))),
    ):
        assert due_at(facts, RULES) is None
        for of_claim in (None, "claim"):
            refused = refuse_erasure(facts, RULES, T0 + 9999 * DAY, of_claim=of_claim)
            assert refused == "open claim"


@pytest.mark.parametrize("of_claim", [None, "claim"])
def test_a_hold_wins_over_everything(of_claim):
    for facts in (
        photo(owner(held=True)),
        photo(owner("claim", claims=(closed(),)), owner("claim", held=True, claims=(closed(),))),
        photo(owner("claim", claims=(OPEN,), held=True)),
    ):
        refused = refuse_erasure(facts, RULES, T0 + 9999 * DAY, of_claim=of_claim)
        assert refused == "held"


def test_on_request_a_closed_claims_own_photos_need_not_be_due():
    now = T0 + 2 * DAY
    for subject in ("claim", "inspection"):
        mine = owner(subject, claims=(closed(1),))
        assert refuse_erasure(photo(mine), RULES, now) == "not due"
        assert refuse_erasure(photo(mine), RULES, now, of_claim="claim") is None
        assert refuse_erasure(photo(mine), RULES, now, of_claim="another") == "not due"
        elsewhere = owner("claim", claims=(closed(1, "another"),))
        for other in (elsewhere, owner(), owner(claims=(closed(1),))):
            both = photo(mine, other)
            assert refuse_erasure(both, RULES, now, of_claim="claim") == "not due"
    assert refuse_erasure(photo(), RULES, now, of_claim="claim") == "not due"


def test_each_kind_has_its_days():
    text = b"""
        id = "ours"
        version = "1"
        note = "n"
        [days]
        card = 1
        slab = 2
        sealed = 3
        other = 4
        [more]
        transit = 10
        closed = 20
        loose = 30
    """
    rules = load_retention(text)
    for kind, days in (("card", 1), ("slab", 2), ("sealed", 3), ("other", 4)):
        assert due_at(photo(owner(kind=kind, delivered=(T0,))), rules) == T0 + days * DAY
    assert len(rules.sha256) == 64
    for old, new in (
        (b"card = 1", b"card = 0"),
        (b"card = 1", b"card = 1.5"),
        (b"loose = 30", b""),
        (b"[more]", b"[more]\nextra = 1"),
        (b'id = "ours"', b"id ="),
        (b'"n"', b'"\xff"'),
    ):
        with pytest.raises(PolicyDocumentError, match="retention"):
            load_retention(text.replace(old, new))
