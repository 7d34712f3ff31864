"""The window in words, by the clocks of whoever reads them."""

from datetime import UTC, datetime

import pytest
from policy.cases import another_shop, case

from evidence.policy.document import packaged_documents
from evidence.policy.facts import establish_facts
from evidence.policy.window_findings import list_window_findings

(DOCUMENT,) = packaged_documents()
LATE = datetime(2025, 5, 20, tzinfo=UTC)


def said(document=DOCUMENT, **facts):
    return list_window_findings(establish_facts(case(**facts), document))[-1]


def test_abroad_the_last_moment_is_told_by_the_customer_s_and_the_shop_s_clocks():
    found = said(residence="FR")
    assert (
        "2025-04-04 23:59 (Europe/Paris), which is 2025-04-05 06:59 (Asia/Tokyo)" in found.text.en
    )
    assert "2025年4月4日 23:59（Europe/Paris、Asia/Tokyoでは2025年4月5日 06:59）" in found.text.ja


def test_clocks_that_show_the_same_are_named_once():
    assert said().text.en.count("2025-03-08") == 1
    found = said(another_shop(), residence="FR")  # counted in Berlin, by the same clocks
    assert "Paris" not in found.text.en + found.text.ja


def test_of_a_home_window_a_far_address_reads_its_own_time():
    found = said(ship_to_zone="America/New_York")
    assert "2025-03-08 23:59 (Asia/Tokyo), which is 2025-03-08 09:59 (America/New_York)" in (
        found.text.en
    )


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"delivered_at": None}, "day of delivery"),
        ({"parcels": (datetime(2025, 3, 5, tzinfo=UTC), None)}, "A parcel that may have held"),
    ],
    ids=["one parcel", "split"],
)
def test_reading_3_and_27_an_unknown_window_says_why_it_is_unknown(facts, why):
    found = said(**facts)
    assert found.code == "window.unknown"
    assert why in found.text.en
    assert found.text.ja.strip()


SENT = datetime(2025, 3, 6, tzinfo=UTC)


@pytest.mark.parametrize("sent", [None, SENT], ids=["late", "borderline"])
def test_what_weighs_against_the_customer_has_innocent_explanations(sent):
    assert said(notified_at=LATE, notice_sent_at=sent).innocent_explanations
    assert not said().innocent_explanations
