"""Support: the queue, a claim from its order to a decision, the second look before a denial."""

from pathlib import Path

import pytest
from pages.conftest import require_accessible
from pages.shop import TELLING, front, put_claim, put_item
from playwright.sync_api import expect

from evidence.bundle.verify import check


@pytest.mark.parametrize("width", [360, 1440])
def test_a_claim_is_opened_from_its_order_photographed_compared_and_decided(site, page_as, width):
    put_item(site.service)
    page = page_as("support", width=width)
    page.goto(f"{page.base}/claims")
    page.get_by_role("link", name="Open a claim").click()
    page.get_by_label("Order number").fill("order-1")
    page.get_by_role("button", name="Find its items").click()
    page.get_by_label("Ordered").fill("2025-03-05T12:00")
    page.get_by_label("Delivered, by").fill("2025-03-09T10:00")
    page.get_by_label("Claimed").select_option("damage")
    page.get_by_label("Claim number").fill("c-1")
    require_accessible(page)
    page.get_by_role("button", name="Open it and add photos").click()
    page.wait_for_url("**/claims/c-1")
    expect(page.get_by_text("Not yet photographed by the customer: front")).to_be_visible()
    page.get_by_label("Pick photos").set_input_files(
        [{"name": f"{TELLING}.jpg", "mimeType": "image/jpeg", "buffer": front(2, 8.0)}]
    )
    expect(page.locator(".shots").nth(1).locator("img")).to_have_count(1)
    expect(page.get_by_text("Not yet photographed")).to_have_count(0)
    expect(page.locator(".verdict").first).to_contain_text("show the same product")
    expect(page.get_by_role("heading", name="Proposed:")).to_be_visible()
    require_accessible(page)
    page.get_by_role("radio", name="Approve").check()
    page.get_by_label("Reason, in your words").fill(f"same card {TELLING}")
    page.get_by_role("button", name="Record the decision").click()
    expect(page.get_by_text(f"same card {TELLING}").first).to_be_visible()
    decision = site.service.registry.decisions("c-1")[0]
    assert (decision.decision, decision.decided_by) == ("approve", "Mori Ken")


def test_the_queue_shows_order_fields_as_text_and_leads_to_the_claim(site, page_as):
    put_item(site.service, title=TELLING)
    put_claim(site.service)
    page = page_as("support", lang="ja")
    page.goto(f"{page.base}/claims")
    row = page.get_by_role("row").nth(1)
    expect(row).to_contain_text(TELLING)
    expect(row).to_contain_text("￥18,000")
    require_accessible(page)
    page.get_by_label("申し出番号または注文番号").fill("claim-1")
    page.get_by_role("button", name="表示").click()
    page.wait_for_url("**/claims/claim-1")
    assert page.title().startswith(f"claim-1 {TELLING}")


def test_a_claim_that_somebody_changed_meanwhile_is_not_decided_unread(site, page_as):
    put_item(site.service)
    put_claim(site.service)
    page = page_as("support")
    page.goto(f"{page.base}/claims/claim-1")
    expect(page.locator(".verdict").first).to_be_visible()
    put_claim(site.service, shown="nothing", reason="defect")
    page.get_by_role("radio", name="Keep it in review").check()
    page.get_by_label("Reason, in your words").fill("to be looked at")
    page.get_by_role("button", name="Record the decision").click()
    expect(page.get_by_role("alert")).to_contain_text("Somebody changed this in the meantime")
    assert not site.service.registry.decisions("claim-1")
    page.complaints.clear()  # the browser's own line about the 412


def test_denying_takes_a_second_look_a_reason_and_every_innocent_explanation(site, page_as):
    put_item(site.service)
    put_claim(site.service)
    page = page_as("support")
    page.goto(f"{page.base}/claims/claim-1")
    assert page.locator('input[name="decision"][value="deny"]').count() == 0
    page.get_by_role("link", name="Not accept it").click()
    expect(page.get_by_text("Most claims are honest")).to_be_visible()
    require_accessible(page)
    page.get_by_label("Reason, as the customer may read it").fill(
        "The print was checked; clause 3."
    )
    page.get_by_role("button", name="Record that the claim is not accepted").click()
    assert not site.service.registry.decisions("claim-1")  # the boxes are not ticked
    for box in page.get_by_role("checkbox").all():
        box.check()
    page.get_by_role("button", name="Record that the claim is not accepted").click()
    page.wait_for_url("**/claims/claim-1")
    assert site.service.registry.decisions("claim-1")[0].decision == "deny"


def test_the_draft_mail_is_copied_and_nothing_is_sent(site, page_as):
    put_item(site.service)
    put_claim(site.service)
    page = page_as("support", permissions=["clipboard-read", "clipboard-write"])
    page.goto(f"{page.base}/claims/claim-1")
    page.get_by_role("button", name="Copy the text").first.click()
    expect(page.get_by_role("status").filter(has_text="Copied")).to_be_visible()
    assert "Seer Ascendant" in page.evaluate("navigator.clipboard.readText()")


def test_the_evidence_is_saved_as_one_file_that_holds(site, page_as):
    put_item(site.service)
    put_claim(site.service)
    page = page_as("support")
    page.goto(f"{page.base}/claims/claim-1")
    with page.expect_download() as saving:
        page.get_by_role("link", name="Save the evidence").click()
    assert saving.value.suggested_filename == "evidence-claim-1.zip"
    data = Path(saving.value.path()).read_bytes()
    assert check(data, site.service.registry.log_key()).faults == []
    last = site.service.registry.recent_events(
        before=None, limit=1, subject="claim", subject_id="claim-1"
    )
    assert (last[0].kind, last[0].actor) == ("bundle.exported", "Mori Ken")


def test_a_step_is_told_by_its_button(site, page_as):
    put_item(site.service)
    put_claim(site.service)
    page = page_as("support")
    page.goto(f"{page.base}/claims/claim-1")
    page.get_by_text("Close the claim").click()
    page.get_by_label("Note").last.fill("settled by phone")
    page.get_by_role("button", name="Record", exact=True).last.click()
    expect(page.get_by_text("closed", exact=True)).to_be_visible()
    assert site.service.registry.claim("claim-1").state == "closed"


def test_everything_on_a_claim_works_by_keyboard_alone(site, page_as):
    put_item(site.service)
    put_claim(site.service)
    page = page_as("support")
    page.goto(f"{page.base}/claims/claim-1")
    expect(page.get_by_role("heading", name="Proposed:")).to_be_visible()
    page.get_by_role("radio", name="Approve").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type("same card")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("same card").first).to_be_visible()
    assert len(site.service.registry.decisions("claim-1")) == 1
