"""The live camera: what its hints find on made-up frames, and what it takes by itself."""

import base64
import io
from dataclasses import replace

import numpy as np
import pytest
import zxingcpp
from pages.conftest import CHROMIUM, FLAGS
from pages.dock import add_item, taken, views_of
from PIL import Image
from playwright.sync_api import expect

from bench.hints import CONDITIONS, FRAME, MEASURE, SITE, SUBJECTS, answer
from fixtures.subject import take_photo

HINTS = {  # condition of bench.hints -> what is told first
    "good": None,
    "exposure 0.1": "too_dark",
    "exposure 4": "too_bright",
    "defocus 0.4 mm": "blurred",
    "glare 1": "glare",
    "size 60 %": "not_filled",
    "size 90 %": None,
}


def frame(condition):
    return take_photo(SUBJECTS[0], replace(FRAME, surface="grey", **CONDITIONS[condition])).jpeg


@pytest.fixture
def filming(browser, tmp_path):
    """Return a browser whose camera films one picture all the time."""
    browsers = []

    def film(jpeg):
        path = tmp_path / "frame.mjpeg"
        path.write_bytes(jpeg)
        flags = [*FLAGS, f"--use-file-for-fake-video-capture={path}"]
        made = browser.browser_type.launch(executable_path=CHROMIUM, args=flags)
        browsers.append(made)
        return made

    yield film
    for one in browsers:
        one.close()


@pytest.mark.parametrize("condition", HINTS)
def test_a_hint_names_what_the_frame_lacks(browser, condition):
    page = browser.new_page()
    page.route(f"{SITE}**", answer)
    page.goto(SITE)
    address = "data:image/jpeg;base64," + base64.b64encode(frame(condition)).decode()
    codes = page.evaluate(MEASURE, address)["codes"]
    page.close()
    assert codes[:1] == ([HINTS[condition]] if HINTS[condition] else [])


def test_a_good_frame_is_taken_by_itself_once_and_the_next_only_when_it_changes(
    site, page_as, filming
):
    add_item(site.service)
    page = page_as("warehouse", base_url=site.url, browser=filming(frame("good")))
    page.goto("/items/item-1")
    page.get_by_label("Take it by itself").check()
    page.get_by_role("button", name="Open the camera").click()
    expect(taken(page, "front")).to_be_visible()
    expect(page.locator("#live-hint")).to_have_text("Turn it over, or move it, for the next photo")
    assert page.locator("#view").input_value() == "back"
    assert views_of(site) == ["front"]
    page.reload()
    expect(page.get_by_label("Take it by itself")).to_be_checked()  # remembered, as the camera is
    expect(page.locator("#camera")).to_be_visible()


def test_a_frame_with_glare_is_marked_where_it_is_and_not_taken_by_itself(site, page_as, filming):
    add_item(site.service)
    page = page_as("warehouse", base_url=site.url, browser=filming(frame("glare 1")))
    page.goto("/items/item-1")
    page.get_by_label("Take it by itself").check()
    page.get_by_role("button", name="Open the camera").click()
    expect(page.locator("#live-hint")).to_contain_text("Glare")
    assert page.locator("#guide .glaring").count() > 1
    page.wait_for_function(
        "wanted => document.getElementById('live').currentTime > wanted",
        arg=page.evaluate("document.getElementById('live').currentTime") + 2,
    )
    assert views_of(site) == []


def test_a_code_before_the_camera_leads_to_its_item(site, page_as, filming):
    add_item(site.service, "scan-1")
    code = zxingcpp.create_barcode("scan-1", zxingcpp.BarcodeFormat.QRCode)
    slip = np.full((720, 1280), 200, np.uint8)
    drawn = np.asarray(code.to_image(scale=8))
    slip[200 : 200 + len(drawn), 500 : 500 + len(drawn)] = drawn
    file = io.BytesIO()
    Image.fromarray(slip).convert("RGB").save(file, "JPEG")
    page = page_as("warehouse", base_url=site.url, browser=filming(file.getvalue()))
    page.goto("/packing")
    page.get_by_role("button", name="Read a code with the camera").click()
    page.wait_for_url("**/items/scan-1")
