"""The comparison view: both photos together, laid on each other, and drawn."""

import pytest
from pages.conftest import require_accessible
from pages.shop import put_claim, put_item
from playwright.sync_api import expect

VIEW = """() => window.viewers.map((viewer) => ({
  zoom: viewer.viewport.getZoom(true), turn: viewer.viewport.getRotation(true) }))"""


@pytest.fixture
def comparison(site, page_as):
    put_item(site.service)
    put_claim(site.service)

    def open_comparison(role="support", **options):
        page = page_as(role, **options)
        page.goto(f"{page.base}/claims/claim-1/comparison")
        return page

    return open_comparison


@pytest.mark.parametrize(("lang", "width"), [("en", 1440), ("ja", 360)])
def test_both_photos_are_shown_with_words_that_say_the_same(comparison, lang, width):
    page = comparison(lang=lang, width=width)
    words = {"en": "Photo before shipping, front", "ja": "発送前の写真（表）"}[lang]
    expect(page.get_by_role("img", name=words).first).to_be_visible()
    verdict = {"en": "speak for the very copy", "ja": "個体そのものであること"}[lang]
    expect(page.locator(".verdict")).to_contain_text(verdict)
    require_accessible(page)


def test_the_viewer_comes_when_somebody_reaches_for_it_and_both_photos_move_together(comparison):
    page = comparison()
    assert page.evaluate("window.OpenSeadragon === undefined")
    page.locator("#left").focus()
    page.wait_for_selector('#compare[data-ready="beside"]')
    before = shown_places(page)
    page.locator("#left .openseadragon-canvas").focus()
    page.keyboard.press("+")
    page.wait_for_function("([left]) => document.querySelector('#left .change, #left .hidden-place, #left svg') && true", arg=[before])
    page.get_by_role("button", name="Nearer").click()
    page.wait_for_function("document.querySelectorAll('.markings').length === 2")


def shown_places(page):
    return page.evaluate("[...document.querySelectorAll('.markings polygon')].map((p) => p.getAttribute('points'))")
