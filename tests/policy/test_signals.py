from datetime import UTC, datetime, timedelta, timezone

import pytest
from policy.cases import case, verdict

from evidence.policy.document import packaged_documents
from evidence.policy.rules import recommend
from evidence.policy.signals import Elsewhere, PhotoFile, list_signals

DELIVERED = datetime(2025, 3, 5, 1, tzinfo=UTC)
TOKYO = timezone(timedelta(hours=9))
EVERYTHING = PhotoFile(
    captured_at=datetime(2025, 2, 1),
    edited_with="GIMP",
    generated=True,
    credentials=True,
    elsewhere=tuple(
        Elsewhere(where, "item-9", same)
        for where in ("shop", "claim")
        for same in ("bytes", "pixels", "exposure")
    ),
)


def signals(*files, received_at=DELIVERED):
    return list_signals(files, received_at=received_at, exposure_rate=0.02)


def codes(*files, **facts):
    return [finding.code for finding in signals(*files, **facts)]


def test_a_file_that_says_nothing_says_nothing():
    assert signals(PhotoFile(), PhotoFile()) == ()


@pytest.mark.parametrize(
    ("captured", "early"),
    [
        (DELIVERED - timedelta(seconds=1), True),
        (DELIVERED, False),
        (datetime(2025, 3, 5, 9, 59, tzinfo=TOKYO), True),
        (datetime(2025, 3, 5, 10, 0, tzinfo=TOKYO), False),
        (datetime(2025, 3, 4, 0, 59), True),  # zone unknown: a day of tolerance
        (datetime(2025, 3, 4, 1, 0), False),
        (datetime(2025, 3, 5, 0, 0), False),
    ],
)
def test_before_delivery_is_told_only_where_it_is_sure(captured, early):
    told = codes(PhotoFile(captured_at=captured))
    assert told == (["signal.captured_before_delivery"] if early else [])


def test_an_unknown_delivery_makes_nothing_early():
    assert codes(PhotoFile(captured_at=datetime(2020, 1, 1)), received_at=None) == []


def test_each_signal_has_its_own_code_and_is_said_once():
    told = codes(EVERYTHING, EVERYTHING)
    assert len(told) == len(set(told)) == 10
    assert all(code.startswith("signal.") for code in told)


def test_no_signal_has_a_weight_and_every_adverse_one_its_innocent_explanations():
    for finding in signals(EVERYTHING):
        assert finding.llr is None
        assert finding.text.en
        assert finding.text.ja
        neutral = finding.code == "signal.content_credentials"
        assert bool(finding.innocent_explanations) != neutral
        measured = finding.code.endswith("_exposure")
        assert (finding.false_alarm_rate is not None) == measured


@pytest.mark.parametrize("name", ["same_item", "different_product", "inconclusive", None])
@pytest.mark.parametrize("reason", ["incorrect_item", "damage", "shortage"])
def test_no_signal_changes_what_is_proposed(name, reason, documents):
    facts = {"reason": reason, "verdict": None if name is None else verdict(name)}
    without = recommend(case(**facts), documents)
    beside = recommend(case(**facts, signals=signals(EVERYTHING)), documents)
    assert beside.outcome == without.outcome
    assert beside.outcome != "deny"


@pytest.fixture
def documents():
    return packaged_documents()[0]
