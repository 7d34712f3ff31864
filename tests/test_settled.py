"""Which decided claims teach, on a real registry; no photo is read for it."""

import hashlib
import json
from dataclasses import replace
from datetime import timedelta

import pytest
import running
from stores import path_of
from test_service import CLAIM, ITEM

from evidence.evaluate.settled_pairs import write_settled
from evidence.registry.life_records import Inspection, SecondAnswer, SecondReading, ShownPhoto, Told
from evidence.registry.records import Decision, KeptPhoto
from evidence.service.settled import SettledCase, list_settled

NOW = running.NOW
BACK_AGAIN = ("authorise_return", "ship", "receive")


@pytest.fixture
def registry(tmp_path):
    registry = running.open_registry(tmp_path / "home")
    yield registry
    registry.close()


def hang(add, owner, name, view="front", role="product", at=NOW):
    """Keep bytes as a photo; return its id."""
    data = name.encode()
    photo_id = hashlib.sha256(data).hexdigest()
    add(owner, KeptPhoto(photo_id, view, role, "image/jpeg", None, None, at), data, b"reading")
    return photo_id


@pytest.fixture
def claim(registry):
    """Open a claim with photos; return its ids of the fronts: before shipping, the customer's."""

    def make(number=1, **facts):
        item_id, claim_id = f"item-{number}", f"claim-{number}"
        registry.put_item(replace(ITEM, item_id=item_id))
        registry.put_claim(replace(CLAIM, item_id=item_id, claim_id=claim_id, **facts))
        before = hang(registry.add_item_photo, item_id, f"before {number}")
        hang(registry.add_item_photo, item_id, f"back {number}", "back")
        after = hang(registry.add_claim_photo, claim_id, f"after {number}")
        hang(registry.add_claim_photo, claim_id, f"corner {number}", "corner")
        hang(registry.add_claim_photo, claim_id, f"note {number}", role="delivery_note")
        return before, after

    return make


@pytest.fixture
def decide(registry):
    def add(decision="approve", by="support-1", number=1, window="in"):
        told = json.dumps({"window": {"state": window}})
        registry.add_decision(Decision(0, f"claim-{number}", decision, by, "seen", told, NOW))

    return add


@pytest.fixture
def move(registry):
    def take(*steps, number=1):
        for step in steps:
            registry.move_claim(f"claim-{number}", step, Told("support-1", NOW, note="so"))

    return take


@pytest.fixture
def inspect(registry):
    def add(item="same", condition="as_claimed", by="dock-2", number=1):
        found = {"item": item, "condition": condition, "fault": "shop"}
        registry.add_inspection(
            Inspection(0, f"item-{number}", f"claim-{number}", by, "", found, NOW)
        )

    return add


@pytest.fixture
def read(registry):
    def add(answer, reader="reviewer-2", confidence="certain", number=1):
        claim_id = f"claim-{number}"
        sides = registry.item_photos(f"item-{number}"), registry.claim_photos(claim_id)
        shown = [
            tuple(ShownPhoto(p.photo_id, p.view, p.media_type) for p in side if p.role == "product")
            for side in sides
        ]
        asked = registry.ask_second_reading(
            SecondReading(0, claim_id, "support-9", reader, "", NOW, *shown)
        )
        given = SecondAnswer(answer, confidence, "so", NOW, "same_item", "agrees", None, None)
        registry.answer_second_reading(claim_id, asked.reading_id, given)

    return add


def only(registry):
    found = list_settled(registry)
    assert len(found.cases) + sum(found.left_out.values()) == len(registry.claim_ids())
    return found.cases[0] if found.cases else next(iter(found.left_out))


def test_a_final_decision_after_inspection_settles_the_fronts_as_the_same_item(
    registry, claim, decide, move, inspect
):
    pair = claim()
    assert only(registry) == "not decided"
    decide()
    assert "neither an inspection nor a second reader" in only(registry)
    move(*BACK_AGAIN)
    inspect()
    assert only(registry) == "something was done after the decision"
    decide()
    expected = SettledCase("claim-1", "item-1", "same_item", "inspection", (pair,))
    assert only(registry) == expected
    move("close", "reopen", "close")
    assert only(registry) == expected
    inspect_again = Told("support-1", NOW, note="so")
    registry.move_claim("claim-1", "reopen", inspect_again)
    inspect("other")
    assert only(registry) == "something was done after the decision"


def test_a_second_reading_that_goes_along_with_the_decision_settles_what_the_reader_saw(
    registry, claim, decide, read
):
    pair = claim()
    read("same_item")
    hang(registry.add_claim_photo, "claim-1", "later")  # which the reader never saw
    decide()
    assert only(registry) == SettledCase(
        "claim-1", "item-1", "same_item", "second reading", (pair,)
    )


def test_an_inspection_is_about_the_photos_and_the_item_of_that_moment(
    registry, claim, decide, move, inspect
):
    pair = claim()
    decide()
    move(*BACK_AGAIN)
    inspect()
    hang(registry.add_claim_photo, "claim-1", "later", at=NOW + timedelta(seconds=1))
    decide()
    assert only(registry).pairs == (pair,)
    registry.put_item(replace(ITEM, item_id="item-2"))
    hang(registry.add_item_photo, "item-2", "other")
    registry.put_claim(replace(CLAIM, item_id="item-2"))
    assert only(registry) == "no two photos of the front that were looked at"


@pytest.mark.parametrize(("window", "label"), [("in", "different_product"), ("late", None)])
def test_a_denial_goes_along_with_another_product_only_in_time(
    registry, claim, decide, read, window, label
):
    claim()
    read("different_product")
    decide("deny", window=window)
    assert getattr(only(registry), "label", None) == label


def test_an_approval_of_damage_alone_says_nothing_of_the_photos(registry, claim, decide):
    claim()
    decide("approve")
    assert "neither" in only(registry)


def test_one_person_is_not_two(registry, claim, decide, read):
    claim()
    read("same_item", reader="support-1")
    decide(by="Support-1")
    assert "neither" in only(registry)


@pytest.mark.parametrize("reader", ["dock-2", "reviewer-2"])
def test_who_inspected_does_not_confirm_themselves(
    registry, claim, decide, read, move, inspect, reader
):
    claim()
    read("different_product", reader=reader)
    decide()
    move(*BACK_AGAIN)
    inspect("other")
    decide("deny")
    found = only(registry)
    assert isinstance(found, SettledCase) == (reader == "reviewer-2")


def test_an_unsure_reader_establishes_nothing(registry, claim, decide, read):
    claim()
    read("same_item", confidence="unsure")
    decide()
    assert "neither" in only(registry)


def test_our_own_photo_sent_back_to_us_teaches_nothing(registry, decide, read):
    registry.put_item(ITEM)
    registry.put_claim(CLAIM)
    hang(registry.add_item_photo, "item-1", "one")
    hang(registry.add_claim_photo, "claim-1", "one")
    read("same_item")
    decide()
    assert only(registry) == "no two photos of the front that were looked at"


def test_a_claim_about_another_item_now_teaches_nothing(registry, claim, decide, read):
    claim()
    read("same_item")
    decide()
    registry.put_item(replace(ITEM, item_id="item-2"))
    hang(registry.add_item_photo, "item-2", "other")
    registry.put_claim(replace(CLAIM, item_id="item-2"))
    assert only(registry) == "no two photos of the front that were looked at"


def test_originals_are_written_and_an_altered_one_is_left_out(
    registry, claim, decide, read, tmp_path
):
    labels = {1: "same_item", 2: "different_copy", 3: "different_product", 4: "same_item"}
    for number, label in labels.items():
        before, _ = claim(number)
        read(label, number=number)
        decide("approve" if label == "same_item" else "deny", number=number)
    altered = path_of(tmp_path / "home", before)
    altered.chmod(0o600)
    altered.write_bytes(b"altered")
    (tmp_path / "there").mkdir()
    found = write_settled(registry, tmp_path / "there")
    assert [pair.label for pair in found.pairs] == ["same_item", "same_design", "different"]
    assert (len(found.cases), found.lost) == (4, 1)
    assert len({pair.folder for pair in found.pairs}) == 3
    for number, pair in enumerate(found.pairs, 1):
        assert (tmp_path / "there" / pair.reference).read_bytes() == f"before {number}".encode()
        assert (tmp_path / "there" / pair.query).read_bytes() == f"after {number}".encode()
