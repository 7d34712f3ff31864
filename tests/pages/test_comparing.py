"""The comparison view: both photos together, laid on each other, and drawn."""

import io

import numpy as np
import pytest
from pages.conftest import require_accessible, wait_until
from pages.shop import put_claim, put_item
from PIL import Image
from playwright.sync_api import expect

LAID = """[...document.querySelectorAll("#laid img")]
  .filter((image) => image.complete && image.style.transform).length === 2"""


@pytest.fixture
def comparison(site, page_as):
    put_item(site.service)
    put_claim(site.service)

    def open_comparison(role="support", **options):
        page = page_as(role, **options)
        page.goto(f"{page.base}/claims/claim-1/comparison")
        return page

    return open_comparison


def seen(page, selector):
    """Return what a place of the page shows, as gray values."""
    picture = Image.open(io.BytesIO(page.locator(selector).screenshot())).convert("L")
    return np.asarray(picture, float)


def likeness(one, other):
    """Correlate the middles of two pictures."""
    height, width = (min(a, b) for a, b in zip(one.shape, other.shape, strict=True))
    middle = slice(height // 4, 3 * height // 4), slice(width // 4, 3 * width // 4)
    return np.corrcoef(one[middle].ravel(), other[middle].ravel())[0, 1]


def zoom(page, side):
    wait_until(page, f"document.querySelectorAll('.two output')[{side}].value.endsWith('%')")
    return int(page.locator(".two output").nth(side).inner_text().split()[0])


@pytest.mark.parametrize(("lang", "width"), [("en", 1440), ("ja", 360)])
def test_both_photos_are_shown_with_words_that_say_the_same(comparison, lang, width):
    page = comparison(lang=lang, width=width)
    words = {"en": "Photo before shipping, front", "ja": "発送前の写真（表）"}[lang]
    picture = page.get_by_role("img", name=words)
    viewer = page.get_by_role("application", name=words)  # takes its place once it has tiles
    expect(picture.or_(viewer).first).to_be_visible()
    verdict = {"en": "show the same product", "ja": "同じ商品を示しています"}[lang]
    expect(page.locator(".verdict")).to_contain_text(verdict)
    require_accessible(page)


def test_both_photos_move_together_down_to_single_pixels(comparison):
    page = comparison()
    page.wait_for_selector('#compare[data-ready="beside"]')
    wait_until(page, "!document.querySelector('.two .stage > img')")  # the tiles are there
    first = zoom(page, 0), zoom(page, 1)
    page.mouse.move(*middle_of(page, "#right"))
    page.mouse.wheel(0, -600)  # the other photo follows whichever is moved
    wait_until(page, f"parseInt(document.querySelectorAll('.two output')[0].value) > {first[0]}")
    page.wait_for_load_state("networkidle")
    assert zoom(page, 0) / first[0] == pytest.approx(zoom(page, 1) / first[1], rel=0.1)
    assert likeness(seen(page, "#left"), seen(page, "#right")) > 0.6
    for _ in range(12):
        page.get_by_role("button", name="Nearer").click()
    page.wait_for_load_state("networkidle")
    assert zoom(page, 0) >= 100


def middle_of(page, selector):
    box = page.locator(selector).bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_laid_on_each_other_the_photos_show_the_same_at_every_place(comparison):
    page = comparison()
    page.get_by_role("button", name="Onion skin").click()
    wait_until(page, LAID)
    alone = []
    for share in ("0", "100"):
        page.get_by_label("How much of the customer").fill(share)
        alone.append(seen(page, "#laid"))
    assert likeness(*alone) > 0.7
    assert np.abs(alone[0] - alone[1]).mean() > 1  # they are two pictures


def test_the_slider_shows_one_photo_on_each_side_of_its_line(comparison):
    page = comparison()
    page.get_by_role("button", name="Slider").click()
    wait_until(page, LAID)
    pictures = {}
    for place in ("0", "50", "100"):
        page.get_by_label("Where the photos meet").fill(place)
        pictures[place] = seen(page, "#laid")
    width = pictures["50"].shape[1]
    left, right = slice(0, width // 2 - 4), slice(width // 2 + 4, width - 4)
    np.testing.assert_allclose(pictures["50"][:, left], pictures["100"][:, left], atol=2)
    np.testing.assert_allclose(pictures["50"][:, right], pictures["0"][:, right], atol=2)


def test_blinking_changes_over_by_hand_and_says_which_photo_is_shown(comparison):
    page = comparison()
    page.get_by_role("button", name="Blink").click()
    page.wait_for_selector('#compare[data-ready="blink"]')
    expect(page.get_by_text("Now: before shipping")).to_be_visible()
    page.get_by_role("button", name="Change over").click()
    expect(page.get_by_text("Now: from the customer")).to_be_visible()


@pytest.mark.parametrize("kind", ["Difference", "Matches", "Cut"])
def test_what_was_measured_is_drawn_when_it_is_asked_for(comparison, kind):
    page = comparison()
    page.get_by_role("button", name=kind).click()
    picture = page.locator(f'figure[data-for="{kind.lower()}"] img')
    expect(picture).to_be_visible()
    assert picture.evaluate("(image) => image.naturalWidth") > 200
    assert picture.get_attribute("alt")


def test_two_photos_that_cannot_be_laid_on_each_other_are_shown_side_by_side_only(site, page_as):
    put_item(site.service)
    put_claim(site.service, shown="a table")
    page = page_as("support", lang="en")
    page.goto(f"{page.base}/claims/claim-1/comparison")
    expect(page.get_by_text("could not be laid on each other")).to_be_visible()
    assert page.locator("[data-mode]").count() == 1
    page.wait_for_selector('#compare[data-ready="beside"]')


def test_originals_are_never_loaded(comparison):
    page = comparison()
    loaded = []
    page.on("request", lambda request: loaded.append(request.url))
    page.reload()
    page.wait_for_selector('#compare[data-ready="beside"]')
    page.wait_for_load_state("networkidle")
    assert any("tiles_files" in url for url in loaded)
    assert not [url for url in loaded if url.endswith("/original")]
