"""An authorised return is asked back by a soft day: reminded of, recorded, and never refused."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import running
from test_service import CLAIM, ITEM

from evidence.policy.return_parcel import ReturnParcel
from evidence.registry.life_records import Inspection, Told
from evidence.registry.listing_rows import ClaimFilter
from evidence.service.claims import decide_claim, open_claim
from evidence.service.history import list_history
from evidence.service.inspections import inspect_item, recommend_after_inspection
from evidence.service.items import register_item
from evidence.service.life import take_step
from evidence.service.recommendations import recommend_claim

NOW = running.NOW  # Monday 10 March 2025, 18:00 in Tokyo
BY = datetime(2025, 3, 24, 14, 59, 59, 999999, UTC)
LATER = BY + timedelta(microseconds=1)
NONE = ReturnParcel()
SENT = ReturnParcel(tracking_number="EJ1")


class Clock:
    """A clock that a test sets."""

    def __init__(self):
        self.now = NOW

    def __call__(self):
        return self.now


@pytest.fixture
def service(tmp_path):
    without_workers = running.open_service(tmp_path / "home", None)  # no photo is looked at
    service = replace(without_workers, now=Clock(), side_by_side=1)
    register_item(service, ITEM)
    open_claim(service, CLAIM)
    yield service
    service.registry.close()


@pytest.fixture
def authorised(service):
    decide(service, "approve")
    step(service, "authorise_return")
    return service


def decide(service, decision):
    decide_claim(service, "claim-1", decision=decision, decided_by="Mori", reason="seen")


def step(service, name, parcel=NONE, note=""):
    return take_step(service, "claim-1", name, Told("Mori", service.now(), note=note), parcel)


def overdue(service, at):
    wanted = ClaimFilter(return_before=at)
    found = service.registry.claims_page(wanted, sort="deadline", after=None, limit=9)
    return [claim.claim_id for claim in found]


def codes(service):
    return [one.code for one in list_history(service, "claim-1")]


def test_reading_25_the_day_is_kept_when_the_return_is_authorised(service):
    decide(service, "approve")
    assert service.registry.claim("claim-1").return_by is None
    taken, warnings = step(service, "authorise_return")
    assert (dict(taken.facts), warnings) == ({"return_by": BY.isoformat()}, ())
    assert service.registry.claim("claim-1").return_by == BY
    told = [one.facts for one in list_history(service, "claim-1") if one.code == "authorise_return"]
    assert told == [{"return_by": BY.isoformat()}]


def test_reading_25_the_mail_is_an_approval_with_its_day_once_a_person_has_authorised(service):
    before = recommend_claim(service, "claim-1")
    assert before["outcome"] == "request_information"
    assert "24 March" not in before["draft_mail"]["en"]["body"]
    decide(service, "approve")
    step(service, "authorise_return")
    after = recommend_claim(service, "claim-1")
    assert (
        "by Monday, 24 March 2025, 23:59 (Japan Standard Time)"
        in (after["draft_mail"]["en"]["body"])
    )
    assert "2025年3月24日（月）23時59分（日本標準時）まで" in after["draft_mail"]["ja"]["body"]
    assert after["outcome"] == before["outcome"]  # what is proposed follows the facts alone


def test_reading_25_what_is_told_of_a_claim_again_leaves_the_day(authorised):
    open_claim(authorised, replace(CLAIM, reason="defect", return_by=LATER))
    assert authorised.registry.claim("claim-1").return_by == BY


def test_reading_25_once_it_has_passed_it_is_reminded_of_and_nothing_else(authorised):
    before = recommend_claim(authorised, "claim-1")
    for at, late in ((BY, False), (LATER, True)):
        authorised.now.now = at
        assert overdue(authorised, at) == (["claim-1"] if late else [])
        assert ("return_overdue" in codes(authorised)) == late
    assert authorised.registry.claim("claim-1").state == "return_authorised"
    assert recommend_claim(authorised, "claim-1") == before
    [reminder] = [
        one for one in list_history(authorised, "claim-1") if one.code == "return_overdue"
    ]
    assert (reminder.at, reminder.by) == (BY, None)
    assert "the approval stands" in reminder.text.en


def test_reading_25_what_arrives_late_is_handled_as_approved(authorised):
    authorised.now.now = LATER + timedelta(days=90)
    taken, warnings = step(authorised, "receive")
    assert taken.to_state == "received"  # not quarantine
    assert "parcel.sent_late" in [warning.code for warning in warnings]
    findings = {"item": "same", "condition": "as_claimed", "fault": "shop",
                "replacement_in_stock": False}  # fmt: skip
    inspect_item(
        authorised,
        Inspection(0, "item-1", "claim-1", "Sato", "", findings, authorised.now()),
    )
    final = recommend_after_inspection(authorised, "claim-1")
    assert (final["outcome"], final["remedy"]) == ("approve", "refund")
    assert overdue(authorised, authorised.now()) == []


@pytest.mark.parametrize(("shipped", "late"), [(BY, False), (LATER, True)])
def test_reading_25_when_it_was_sent_counts_and_not_when_it_arrived(authorised, shipped, late):
    authorised.now.now = shipped
    _, sending = step(authorised, "ship", SENT)
    authorised.now.now = LATER + timedelta(days=30)
    _, arriving = step(authorised, "receive")
    for warnings in (sending, arriving):
        assert ("parcel.sent_late" in [one.code for one in warnings]) == late
    assert ("return_overdue" in codes(authorised)) == late


def test_reading_25_a_new_decision_asks_nothing_back_by_itself(authorised):
    decide(authorised, "deny")
    assert authorised.registry.claim("claim-1").return_by is None
    authorised.now.now = LATER
    assert overdue(authorised, LATER) == []
    assert "return_overdue" not in codes(authorised)


def test_reading_25_a_parcel_in_quarantine_is_here_already_and_has_no_day(service):
    step(service, "receive")
    taken, _ = step(service, "authorise_return", note="it came by itself")
    assert (taken.to_state, dict(taken.facts)) == ("received", {})
    assert service.registry.claim("claim-1").return_by is None


def test_reading_25_without_days_in_the_policy_there_is_no_day(service):
    [document] = service.documents
    regions = tuple(replace(region, return_days=None) for region in document.regions)
    service = replace(service, documents=(replace(document, regions=regions),))
    decide(service, "approve")
    taken, _ = step(service, "authorise_return")
    assert dict(taken.facts) == {}
    assert service.registry.claim("claim-1").return_by is None
