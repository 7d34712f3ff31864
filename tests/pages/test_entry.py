"""The way in and out: the first owner, signing in, signing out everywhere, the language."""

import pytest
from pages.conftest import require_accessible, served_site
from pages.shop import put_claim, put_item
from pages.test_site import pages
from playwright.sync_api import expect

PASSWORD = "a quiet morning in May"  # noqa: S105


@pytest.fixture
def shop(tmp_path, workers):
    """A shop that is just opened, as `evidence serve` does it."""
    with served_site(tmp_path / "new", workers, demo=False) as shop:
        yield shop


def enter(page, code=None):
    if code is not None:
        page.get_by_label("Set-up code").fill(code)
        page.get_by_label("Your name").fill("Kondo Rei")
    page.get_by_label("Sign-in name").fill("kondo")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Make the account" if code else "Sign in").click()


def test_the_first_owner_is_made_with_the_code_signs_out_and_in_again(shop, page_as):
    page = page_as(site=shop)
    page.goto(page.base)
    require_accessible(page)
    enter(page, "not the code")
    expect(page.get_by_role("alert")).to_contain_text("set-up code")
    enter(page, shop.people.set_up_code)
    page.wait_for_url("**/claims")
    page.get_by_text("Kondo Rei").click()
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.wait_for_url("**/sign-in")
    assert page.get_by_label("Set-up code").count() == 0
    enter(page)
    page.wait_for_url("**/claims")
    page.complaints.clear()  # the browser's own line about the 422


def test_signing_out_everywhere_ends_the_session_of_the_other_browser_too(site, page_as):
    one, other = page_as("support"), page_as("support")
    for page in (one, other):
        page.goto(f"{page.base}/claims")
    one.get_by_text("Mori Ken").click()
    one.get_by_role("button", name="Sign out everywhere").click()
    one.wait_for_url("**/sign-in")
    other.reload()
    other.wait_for_url("**/sign-in?then=%2Fclaims")


@pytest.mark.parametrize(
    ("role", "first"), [("Warehouse", "packing"), ("Support", "claims"), ("Reviewer", "readings")]
)
def test_in_the_demo_one_click_signs_in_and_leads_to_the_own_page(site, page_as, role, first):
    page = page_as()
    page.goto(page.base)
    require_accessible(page)
    page.get_by_role("button", name=role).click()
    page.wait_for_url(f"**/{first}")


def test_the_language_changes_where_the_reader_is_and_stays(site, page_as):
    page = page_as("support")
    page.goto(f"{page.base}/claims?sort=value")
    page.get_by_role("link", name="日本語").click()
    page.wait_for_url("**/claims?sort=value")
    expect(page.get_by_role("heading", level=1)).to_have_text("申し出")
    page.goto(f"{page.base}/search")
    expect(page.get_by_role("heading", level=1)).to_have_text("写真で検索")


@pytest.mark.parametrize("width", [800, 1280])
def test_an_owner_sees_the_names_of_all_pages_without_scrolling(site, page_as, width):
    page = page_as("owner")
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{page.base}/service")
    names = page.get_by_role("navigation").get_by_role("link").all()
    assert len(names) == 9
    for name in names:
        expect(name).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize(("lang", "width"), [("en", 1440), ("ja", 360)])
def test_no_page_has_what_axe_calls_serious_or_is_wider_than_the_screen(site, page_as, lang, width):
    put_item(site.service)
    put_claim(site.service)
    page = page_as("owner", lang=lang, width=width, color_scheme="dark")
    seen = 0
    for path in pages():
        page.goto(page.base + path)
        if page.locator("html[lang]").count():  # the others are parts of pages
            page.wait_for_load_state("networkidle")
            require_accessible(page)
            seen += 1
    assert seen > 14
    page.complaints.clear()  # of the final proposal, which is asked for before any inspection
