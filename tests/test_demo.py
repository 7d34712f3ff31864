import re
import subprocess
import sys

import pytest
import running

pytestmark = pytest.mark.torture  # the whole shop takes a minute


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """Run the demonstration once: what is printed of each claim, by its name."""
    done = subprocess.run(
        [sys.executable, "-m", "evidence", "demo", "--once"],
        cwd=running.ROOT,
        env=running.environment(tmp_path_factory.mktemp("home"))
        | {"EVIDENCE_SECONDS": "60", "COLUMNS": "200"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    parts = re.split(r"^claim-\d+: ([\w-]+) ─+$", done.stdout, flags=re.MULTILINE)
    found = dict(zip(parts[1::2], parts[2::2], strict=True))
    last = list(found)[-1]
    found[last], _, found["replay"] = found[last].partition("replay: had the window")
    return found


def outcome(text):
    return re.search(r"^(\w+) → ", text, re.MULTILINE).group(1)


def test_all_stories_are_told_and_every_outcome_is_seen(told):
    assert list(told) == [
        "honest", "swapped-card", "swapped-copy", "damaged", "late", "incomplete", "mispacked",
        "mixed-up", "shortage", "changed-mind", "abroad", "replay",
    ]  # fmt: skip
    assert {outcome(text) for name, text in told.items() if name != "replay"} == {
        "approve", "review", "request_information", "deny",
    }  # fmt: skip


def test_a_replay_lists_the_claim_that_a_longer_window_would_flip(told):
    text = told["replay"]
    assert "now:   review by told_late_but_maybe_hidden" in text
    assert "would: approve by " in text
    assert "11 claims recomputed, 1 would flip, 0 left out. Nothing was changed." in text


def test_a_mispack_is_shown_to_be_the_shops_own(told):
    assert outcome(told["mispacked"]) == "approve"
    assert "another product than the catalogue's picture" in told["mispacked"]


def test_a_mix_up_of_two_orders_names_the_other_one(told):
    text = told["mixed-up"]
    assert outcome(text) == "review"
    assert "pre-shipment photos of other orders: item-10." in text
    assert "not found among" not in text


def test_a_shortage_sends_nothing_back(told):
    assert "review → reship_or_partial_refund" in told["shortage"]
    assert "send the item to the designated address" not in told["shortage"]


def test_a_return_from_abroad_goes_through_inspection_to_a_refund(told):
    text = told["abroad"]
    assert outcome(text) == "approve"
    assert "tracking number" in text
    assert "finally: approve → refund" in text
    assert "return_duties: person_decides (intl.3)" in text


@pytest.mark.parametrize("name", ["honest", "damaged"])
def test_an_honest_claim_in_time_is_approved(told, name):
    assert outcome(told[name]) == "approve"
    assert "photos: same_item; window: in" in told[name]
    assert "cut at the same place beside its print" in told[name]


def test_the_swapped_card_is_flagged_for_a_person_and_not_denied(told):
    text = told["swapped-card"]
    assert outcome(text) == "review"
    assert "photos: different_product" in text
    assert "jp.high_value" in text
    assert "could also be:" in text
    assert "decided by: person" in text


def test_another_copy_of_a_valuable_card_goes_to_a_person(told):
    text = told["swapped-copy"]
    assert outcome(text) == "review"
    assert "photos: different_copy" in text
    assert "the cut lies elsewhere" in text
    assert "could also be:" in text
    assert "decided by: person" in text


def test_the_late_claim_cites_the_clause_of_the_window(told):
    text = told["late"]
    assert outcome(text) in ("review", "deny")
    assert "window: late, until 2025-03-08T23:59:59.999999+09:00 by jp.3.window" in text


def test_the_incomplete_claim_is_asked_for_exactly_what_is_missing(told):
    text = told["incomplete"]
    assert outcome(text) == "request_information"
    asked = text[text.index("asked for") : text.index("next /")]
    assert [line.strip() for line in asked.splitlines() if line.strip().startswith("-")] == [
        "- A photo of the item: the whole front, from straight above, sharp, without glare.",
        "- A photo of the delivery note.",
    ]


def test_every_claim_names_the_address_to_look_at(told):
    address = r"^http://127\.0\.0\.1:\d+/v1/claims/claim-\d+/recommendation$"
    for name, text in told.items():
        assert name == "replay" or re.search(address, text, re.M)
