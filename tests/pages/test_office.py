"""Reviewer and owner: second readings without the score, search, staff, keys, log, error rates."""

import re
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient
from pages.conftest import require_accessible
from pages.shop import TELLING, front, put_claim, put_item
from playwright.sync_api import expect

from evidence.registry.life_records import Inspection, SecondAnswer, Told
from evidence.service.claims import decide_claim
from evidence.service.recommendations import recommend_claim
from evidence.service.second_readings import ask_second_reading

# What would give the score away: verdicts as data or in words, weights, and what is proposed.
SCORE = re.compile(r"llr|same_design|outcome|speak for|fairly strong|Proposed|提案|支持しています")


@pytest.fixture
def asked(site):
    """Have a recommendation, a decision, and a second reading asked of the reviewer."""
    put_item(site.service)
    put_claim(site.service)
    recommend_claim(site.service, "claim-1")
    decide_claim(site.service, "claim-1", decision="review", decided_by="Mori Ken", reason=TELLING)
    ask_second_reading(
        site.service, "claim-1", asked_by="Mori Ken", reader="Tanaka Yui", because=TELLING
    )


def test_a_second_reading_is_asked_for_from_the_claim(site, page_as):
    put_item(site.service)
    put_claim(site.service)
    page = page_as("support")
    page.goto(f"{page.base}/claims/claim-1")
    page.get_by_label("Who").select_option("Tanaka Yui")
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.get_by_text("asked of Tanaka Yui, not answered yet")).to_be_visible()


@pytest.mark.parametrize(("lang", "width"), [("en", 1440), ("ja", 360)])
def test_the_second_reader_sees_photos_and_no_score_until_having_answered(
    asked, page_as, lang, width
):
    page = page_as("reviewer", lang=lang, width=width)
    loaded = []
    page.on("request", lambda request: loaded.append(request.url.removeprefix(page.base)))
    page.goto(f"{page.base}/readings")
    require_accessible(page)
    assert not SCORE.search(page.content())
    page.locator("#content a.button").click()
    page.wait_for_url("**/claims/claim-1/readings/1")
    page.locator("#photos button").first.click()
    expect(page.locator("#large")).to_be_visible()
    expect(page.locator("#large img").nth(1)).to_be_visible()
    page.locator("#large [data-close]").click()
    page.wait_for_load_state("networkidle")
    require_accessible(page)
    assert not SCORE.search(page.content())
    plain = ("/readings", "/claims/claim-1/readings/1", "/static/", "/v1/photos/")
    assert not [url for url in loaded if not url.startswith(plain)]  # nothing else can tell it
    assert page.locator('a[href="/claims/claim-1"]').count() == 0
    page.goto(f"{page.base}/claims/claim-1")
    assert not SCORE.search(page.content())  # the claim itself waits for the answer
    page.goto(f"{page.base}/claims/claim-1/readings/1")
    page.locator('input[value="same_item"]').check()
    page.locator('input[value="likely"]').check()
    page.locator("textarea").fill(f"the same star {TELLING}")
    page.locator('input[type="checkbox"]').check()
    page.locator("form.stack button").click()
    expect(page.locator('a[href="/claims/claim-1"]')).to_be_visible()
    assert f"the same star {TELLING}" in page.inner_text("main")
    require_accessible(page)


@pytest.mark.parametrize("part", ["recommended", "comparison", "denial"])
def test_no_other_page_tells_the_second_reader_the_score_either(asked, page_as, part):
    page = page_as("reviewer")
    answer = page.goto(f"{page.base}/claims/claim-1/{part}")
    assert answer.status == 403
    assert not SCORE.search(page.content())
    page.goto(f"{page.base}/log?subject=claim&of=claim-1")
    assert not SCORE.search(page.content())
    page.complaints.clear()  # the browser's own line about the 403


@pytest.fixture
def returned(site, asked):
    """Have what was asked about come back and be inspected, which tells more than a score."""
    for step in ("authorise_return", "receive"):
        told = Told("Mori Ken", site.service.now(), note=TELLING)
        site.service.registry.move_claim("claim-1", step, told)
    seen = {"item": "other", "condition": "as_claimed", "fault": "unconfirmed"}
    findings = {**seen, "replacement_in_stock": None}
    site.service.registry.add_inspection(
        Inspection(0, "item-1", "claim-1", "Sato Aiko", "found-so", findings, site.service.now())
    )


@pytest.mark.parametrize(
    "path", ["/claims?state=inspected", "/parcels?q=claim-1", "/claims/claim-1/inspection"]
)
def test_what_came_back_and_where_a_claim_stands_wait_for_the_second_reader(
    site, returned, page_as, path
):
    page, other = page_as("reviewer"), page_as("support")
    for reader in (page, other):
        assert reader.goto(reader.base + path).status == 200
    facts = re.compile(r"found-so|Seer Ascendant")
    assert facts.search(other.inner_text("main"))  # that is what is kept back
    assert not facts.search(page.inner_text("main"))
    expect(page.locator('main a[href*="/readings"]').first).to_be_visible()


def test_photos_of_what_came_back_wait_for_the_second_reader_too(returned, page_as):
    page = page_as("reviewer")
    assert page.goto(f"{page.base}/inspections/1/shots").status == 403
    page.complaints.clear()  # the browser's own line about the 403


def test_another_readers_answer_is_kept_from_the_one_who_waits(site, asked, page_as):
    registry, now = site.service.registry, site.service.now()
    answer = SecondAnswer("same_item", "certain", "seen", now, "same_design", "open", None, None)
    first = registry.second_reading("claim-1", 1)
    other = registry.ask_second_reading(replace(first, reader="Bo"))
    registry.answer_second_reading("claim-1", other.reading_id, answer)
    page = page_as("reviewer")
    page.goto(f"{page.base}/readings")
    expect(page.get_by_role("row")).to_have_count(0)
    page.goto(f"{page.base}/claims/claim-1/readings/{other.reading_id}")
    expect(page.get_by_text("look without the score")).to_be_visible()
    assert "same product" not in page.inner_text("main")


def test_the_asker_may_take_a_second_reading_back(site, asked, page_as):
    page = page_as("support")
    page.goto(f"{page.base}/claims/claim-1/readings/1")
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_text("Taken back by Mori Ken")).to_be_visible()
    assert not site.service.registry.second_reading("claim-1", 1).waits


def test_a_photo_is_searched_for_and_found_on_its_item(site, page_as):
    put_item(site.service)
    page = page_as("support")
    page.goto(f"{page.base}/search")
    require_accessible(page)
    photo = {"name": f"{TELLING}.jpg", "mimeType": "image/jpeg", "buffer": front()}
    page.get_by_label("Pick a photo").set_input_files([photo])
    expect(page.locator('[data-list="found"] a')).to_have_text("Item item-1")
    expect(page.get_by_text("A hit is no accusation")).to_be_visible()
    require_accessible(page)


def test_somebody_is_added_signs_in_with_the_one_time_password_and_is_let_go(site, page_as):
    owner, guest = page_as("owner"), page_as()
    owner.goto(f"{owner.base}/staff")
    require_accessible(owner)
    add = owner.locator('form[data-call="POST /v1/staff"]')
    add.get_by_label("Name", exact=True).fill(f"Abe {TELLING}")
    add.get_by_label("Sign-in name").fill("abe")
    add.get_by_label("Works as").select_option("support")
    add.get_by_role("button").click()
    expect(owner.locator("#secret-of")).to_contain_text(TELLING)
    password = owner.locator("#secret-itself").inner_text()
    owner.locator("#secret [data-close]").click()
    with TestClient(site.app) as client:  # the demo's page has no form with a password
        body = {"sign_in_name": "abe", "password": password}
        signed_in = client.post(f"{site.url}/v1/session", json=body)
        assert signed_in.status_code == 201
        cookie = signed_in.cookies["evidence_session"]
    guest.context.add_cookies([{"name": "evidence_session", "value": cookie, "url": site.url}])
    guest.goto(f"{guest.base}/claims")
    guest.wait_for_url("**/password")
    guest.get_by_label("Password until now").fill(password)
    guest.get_by_label("New password").fill("a quiet morning in May")
    guest.get_by_role("button", name="Set the password").click()
    guest.wait_for_url("**/claims")
    row = owner.get_by_role("row").filter(has_text="abe")
    row.locator("summary").click()
    row.get_by_role("button", name="Let go").click()
    expect(row.get_by_text("let go", exact=True)).to_be_visible()
    guest.goto(f"{guest.base}/claims")
    guest.wait_for_url("**/sign-in?then=*")


def test_a_key_is_shown_once_works_is_rotated_and_revoked(site, page_as):
    page = page_as("owner", lang="ja")
    page.goto(f"{page.base}/staff")
    page.get_by_label("プログラム名").fill("returns")
    page.get_by_label("範囲").select_option("read")
    page.get_by_role("button", name="キーを追加").click()
    expect(page.locator("#secret")).to_be_visible()
    key = page.locator("#secret-itself").inner_text()
    page.locator("#secret [data-close]").click()
    expect(page.get_by_text("キーを更新", exact=True)).to_be_visible()  # the page was read anew
    page.get_by_label("プログラム名").fill("returns")
    page.get_by_label("範囲").select_option("read")
    page.get_by_role("button", name="キーを追加").click()
    expect(page.get_by_role("alert")).to_contain_text("returns という名前のAPIキーがあります")
    expect(page.get_by_role("alert")).not_to_contain_text("an API key has")
    page.complaints.clear()  # the browser's own line about the 409
    with TestClient(site.app, headers={"Authorization": f"Bearer {key}"}) as program:
        assert program.get("/v1/claims").status_code == 200
        assert program.post("/v1/search").status_code == 403  # a key for reading alone
        page.get_by_text("キーを更新", exact=True).click()
        page.get_by_role("button", name="新しいキーを発行").click()
        expect(page.locator("#secret")).to_be_visible()
        newer = page.locator("#secret-itself").inner_text()
        page.locator("#secret [data-close]").click()
        expect(page.get_by_text("以前のキーも")).to_be_visible()
        require_accessible(page)
        for one in (key, newer):
            headers = {"Authorization": f"Bearer {one}"}
            assert program.get("/v1/claims", headers=headers).status_code == 200
        page.get_by_text("無効にする", exact=True).click()
        page.get_by_role("button", name="returns を完全に無効にする").click()
        expect(page.get_by_text("以降は無効")).to_be_visible()
        assert program.get("/v1/claims").status_code == 401


def test_the_log_tells_what_happened_and_to_what(site, page_as):
    put_item(site.service)
    put_claim(site.service)
    page = page_as("owner", width=360)
    page.goto(f"{page.base}/log")
    expect(page.get_by_text("Claim opened")).to_be_visible()
    require_accessible(page)
    page.locator("select[name=subject]").select_option("item")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_text("Reference set sealed")).to_be_visible()
    expect(page.get_by_text("Claim opened")).to_have_count(0)
    expect(page.get_by_role("link", name="item-1").first).to_be_visible()


@pytest.mark.parametrize(("lang", "width"), [("en", 1440), ("ja", 360)])
def test_error_rates_stand_with_their_counts(site, page_as, lang, width):
    page = page_as("owner", lang=lang, width=width)
    page.goto(f"{page.base}/evaluation")
    calibration = site.service.settings.calibration
    expect(page.get_by_text(calibration.id)).to_be_visible()
    words = {"en": f"0 of {calibration.same.total}", "ja": f"{calibration.same.total}組中0組"}
    expect(page.get_by_text(words[lang])).to_be_visible()
    expect(page.get_by_text("EVIDENCE_REPORT")).to_be_visible()
    require_accessible(page)


def test_the_shops_own_evaluation_is_shown_where_there_is_one(site, page_as):
    rate = {"count": 2, "total": 40, "rate": 0.05, "low": 0.006, "high": 0.169}
    site.app.state.report = {
        "pairs": 40, "cllr": 0.21, "seconds": {"median": 0.5, "p95": 1.2},
        "labels": {f"same_item {TELLING}": {"inconclusive": rate}},
    }  # fmt: skip
    page = page_as("reviewer")
    page.goto(f"{page.base}/evaluation")
    expect(page.get_by_text(TELLING)).to_be_visible()
    expect(page.get_by_text("2 of 40")).to_be_visible()
    expect(page.get_by_text("0.6 to 16.9 %")).to_be_visible()
    never = page.get_by_role("row").filter(has_text=TELLING).get_by_text("0 of 40")
    expect(never).to_have_count(5)  # verdicts that never came are told with their bounds too


@pytest.mark.parametrize(("lang", "width"), [("en", 1440), ("ja", 360)])
def test_an_owner_sees_how_the_service_fares(site, page_as, lang, width):
    put_item(site.service)
    put_claim(site.service)
    site.service.registry.note_damage("photo", "0" * 64, "original", "missing")
    page = page_as("owner", lang=lang, width=width)
    page.goto(f"{page.base}/service")
    rows = dict(zip(*(page.locator(one).all_inner_texts() for one in ("dt", "dd")), strict=True))
    state, damaged = {"en": ("opened", "Found damaged"), "ja": ("受付", "破損が見つかったもの")}[
        lang
    ]
    assert rows[damaged].startswith("1 ·")
    assert [count for name, count in rows.items() if name.startswith(state)] == ["1"], rows
    require_accessible(page)


ALL = {"warehouse", "support", "reviewer", "owner"}
PAGES = {  # page: roles that may see it; what they may do there, the calls say
    "/packing": ALL,
    "/parcels": ALL,
    "/claims": {"support", "reviewer", "owner"},
    "/claims/new": {"support", "owner"},
    "/claims/claim-1": {"support", "reviewer", "owner"},
    "/claims/claim-1/comparison": {"support", "reviewer", "owner"},
    "/readings": {"support", "reviewer", "owner"},
    "/search": {"support", "reviewer", "owner"},
    "/evaluation": {"reviewer", "owner"},
    "/staff": {"owner"},
    "/log": {"support", "reviewer", "owner"},
    "/service": {"owner"},
}


@pytest.mark.parametrize("role", ["warehouse", "support", "reviewer", "owner"])
def test_each_role_sees_its_own_pages_and_is_refused_the_others_in_words(site, page_as, role):
    put_item(site.service)
    put_claim(site.service)
    page = page_as(role)
    for path, roles in PAGES.items():
        answer = page.goto(page.base + path)
        assert answer.status == (200 if role in roles else 403), path
        if role not in roles:
            expect(page.get_by_text("Your role may not do this")).to_be_visible()
    menu = {link.get_attribute("href") for link in page.locator("nav a").all()}
    assert menu <= {path for path, roles in PAGES.items() if role in roles}
    page.complaints.clear()  # the browser's own lines about the 403s
