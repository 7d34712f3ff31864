"""Returned parcels: taken in, inspected and photographed, in a real browser."""

from datetime import UTC, datetime, timedelta

import pytest
import running
from pages.conftest import require_accessible
from pages.dock import PAYLOAD, add_item, files, taken
from playwright.sync_api import expect

from evidence.policy.return_parcel import ReturnParcel
from evidence.registry.life_records import Told
from evidence.registry.records import Claim
from evidence.service.claims import decide_claim, open_claim
from evidence.service.items import add_item_photo
from evidence.service.life import take_step
from evidence.service.uploads import Upload


def add_claim(service, claim_id="claim-1", item_id="item-1", *, authorised=True):
    """Open a claim of damage; the item's return is authorised, or nobody has looked yet."""
    ordered = datetime(2025, 3, 1, 3, tzinfo=UTC)
    claim = Claim(
        claim_id, item_id, None, "damage", "JP", None, ordered,
        ordered + timedelta(days=4), ordered + timedelta(days=6),
    )  # fmt: skip
    open_claim(service, claim)
    if authorised:
        decide_claim(service, claim_id, decision="approve", decided_by="Mori Ken", reason="dented")
        step(service, claim_id, "authorise_return", by="Mori Ken")


def step(service, claim_id, name, *, by="Sato Aiko"):
    take_step(service, claim_id, name, Told(by, service.now()), ReturnParcel())


def test_a_parcel_is_received_inspected_and_photographed(site, page_as):
    add_item(site.service, title=PAYLOAD)
    add_item_photo(site.service, "item-1", Upload(running.photo(3), "front"))
    add_claim(site.service)
    page = page_as("warehouse", base_url=site.url)
    page.goto("/parcels")
    expect(page.locator("main")).to_contain_text(PAYLOAD)
    page.locator("#q").fill("item-1")  # what the item's label says
    page.keyboard.press("Enter")
    page.get_by_label("Tracking number").fill(PAYLOAD)
    page.get_by_label("Is the box marked").select_option("true")
    page.get_by_role("button", name="Received").click()
    page.wait_for_url("**/claims/claim-1/inspection")
    assert site.service.registry.claim("claim-1").state == "received"
    told = site.service.registry.steps("claim-1")[-1]
    assert (told.by, told.role, told.facts["box_marked"]) == ("Sato Aiko", "warehouse", True)

    expect(page.get_by_role("heading", name="Before shipping")).to_be_visible()
    page.get_by_label("yes, that item").check()
    page.get_by_label("yes, as shown").check()
    page.get_by_label("transport").check()
    page.get_by_label("Note").fill(PAYLOAD)
    page.get_by_role("button", name="Keep, then photograph").click()
    expect(page.get_by_text("Inspected by Sato Aiko")).to_be_visible()
    expect(page.locator("dd", has_text=PAYLOAD)).to_be_visible()
    made = site.service.registry.inspections_of("claim-1")
    assert [dict(one.findings) for one in made] == [
        {
            "item": "same",
            "condition": "as_claimed",
            "fault": "transit",
            "replacement_in_stock": None,
        }
    ]

    page.locator("#files").set_input_files(files(["a.jpg"], first=5))
    expect(taken(page, "front")).to_be_visible()
    page.locator("#files").set_input_files(files(["b.jpg"], first=6))
    expect(taken(page, "back")).to_be_visible()
    photos = site.service.registry.inspection_photos(made[0].inspection_id)
    assert [photo.view for photo in photos] == ["front", "back"]
    assert len(site.service.registry.item_photos("item-1")) == 1  # those before shipping stay


def test_a_parcel_that_nobody_approved_is_taken_in_and_kept_apart(site, page_as):
    add_item(site.service)
    add_claim(site.service, authorised=False)
    page = page_as("warehouse", base_url=site.url, lang="ja")
    page.goto("/parcels?q=claim-1")
    expect(page.locator("form .warn")).to_contain_text("お客様が不利になることはありません")
    page.get_by_role("button", name="受け取りました").click()
    page.wait_for_url("**/claims/claim-1/inspection")
    assert site.service.registry.claim("claim-1").state == "quarantine"


def test_nothing_is_inspected_before_the_parcel_is_there(site, page_as):
    add_item(site.service)
    add_claim(site.service)
    page = page_as("warehouse", base_url=site.url)
    page.goto("/claims/claim-1/inspection")
    expect(page.locator("main")).to_contain_text("Receive the parcel first")
    assert page.locator("main form").count() == 0


def test_parcels_are_listed_by_state_and_found_by_order(site, page_as):
    add_item(site.service)
    add_item(site.service, "item-2", order_id="order-2")
    add_claim(site.service)
    add_claim(site.service, "claim-2", "item-2")
    step(site.service, "claim-2", "receive")
    page = page_as("warehouse", base_url=site.url)
    shown = page.locator("main h2 a")
    page.goto("/parcels")
    assert shown.all_inner_texts() == ["claim-1", "claim-2"]
    page.goto("/parcels?state=received")
    assert shown.all_inner_texts() == ["claim-2"]
    page.goto("/parcels?q=order-2")
    assert shown.all_inner_texts() == ["claim-2"]
    page.goto(f"/parcels?q={PAYLOAD}")
    expect(page.get_by_role("status").first).to_contain_text(PAYLOAD)


@pytest.mark.parametrize(("lang", "width"), [("en", 1440), ("ja", 360)])
def test_the_pages_of_parcels_fit_and_can_be_read_by_everybody(site, page_as, lang, width):
    add_item(site.service, title="とても長い名前のカード " * 6)
    add_claim(site.service)
    page = page_as("warehouse", base_url=site.url, lang=lang, width=width)
    page.goto("/parcels?q=claim-1")
    require_accessible(page)
    page.goto("/parcels")
    require_accessible(page)
    step(site.service, "claim-1", "receive")
    page.goto("/claims/claim-1/inspection")
    require_accessible(page)
    for name in ("item", "condition"):
        page.locator(f'[name="findings.{name}"]').first.check()
    page.locator("main form button").last.click()
    expect(page.locator("#capture")).to_be_visible()
    require_accessible(page)
