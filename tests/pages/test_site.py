"""What every page promises, whoever looks: its headers, no code inside it, words for a refusal."""

import re
from html.parser import HTMLParser

import pytest
import running
from fastapi.testclient import TestClient
from pages.shop import TELLING, put_claim, put_item

from api.app import create_app
from api.cookies import COOKIE
from api.pages.entry import LANGUAGE_COOKIE
from api.pages.site import PAGES
from api.pages.static_files import static_address, static_files
from evidence.service.demo_staff import add_demo_staff, begin_as
from evidence.service.keys import Keys
from evidence.service.people import People

HTML = {"Accept": "text/html"}


@pytest.fixture
def app(tmp_path, workers):
    service = running.open_service(tmp_path / "home", workers)
    people = People.of(service, running.CHEAP)
    add_demo_staff(people)
    yield create_app(service, Keys.of(service, "a key"), people=people, demo=True)
    service.registry.close()


@pytest.fixture
def visitor(app):
    with TestClient(app, headers=HTML, raise_server_exceptions=False) as client:

        def visit(path, role=None, *, lang="en", **options):
            client.cookies.clear()
            client.cookies.set(LANGUAGE_COOKIE, lang)
            if role is not None:
                client.cookies.set(COOKIE, begin_as(app.state.people, role).token)
            return client.get(path, follow_redirects=False, **options)

        yield visit


class _Inside(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        told = dict(attrs)
        if tag == "style" or (tag == "script" and not told.get("src", "").startswith("/static/")):
            self.found.append(tag)
        self.found += [name for name in told if name.startswith("on") or name == "style"]
        self.found += [
            v for v in told.values() if v and v.strip().lower().startswith("javascript:")
        ]


def code_inside(text):
    """Return every place of a page where code or style stands in the page itself."""
    parser = _Inside()
    parser.feed(text)
    return parser.found


def test_code_inside_a_page_would_be_seen():
    for text in ("<script>1</script>", "<a onclick=x>", "<p style=x>", '<a href=" JavaScript:x">'):
        assert code_inside(text)
    assert not code_inside('<script src="/static/1/page.js"></script><a href="/">on=1</a>')


def pages():
    """Return every page that takes no more than the made-up claim and item."""
    values = {"claim_id": "claim-1", "item_id": "item-1"}
    paths = {route.path for page in PAGES for route in page.router.routes}
    shown = [path for path in paths if not path.startswith(("/static", "/language"))]
    plain = [path for path in shown if set(re.findall(r"\{(\w+)", path)) <= set(values)]
    return sorted(path.format(**values) for path in plain)


def test_every_page_is_shown_without_code_inside_and_under_the_strict_policy(app, visitor):
    put_item(app.state.service, title=TELLING)
    put_claim(app.state.service)
    assert len(pages()) > 12
    for path in pages():
        for lang in ("en", "ja"):
            answer = visitor(path, "owner", lang=lang)
            assert answer.status_code in (200, 303, 409), (path, answer.text[-400:])
            policy = answer.headers["content-security-policy"]
            assert "unsafe" not in policy
            if answer.status_code == 200:
                assert "script-src 'self';" in policy
                assert f'<html lang="{lang}">' in answer.text or "<html" not in answer.text
                assert not code_inside(answer.text), path
                assert TELLING not in answer.text, path


def test_whoever_is_not_signed_in_is_led_to_the_sign_in_and_back(app, visitor):
    put_item(app.state.service)
    put_claim(app.state.service)
    for path in set(pages()) - {"/sign-in"}:
        answer = visitor(path)
        assert answer.status_code == 303, path
        assert answer.headers["location"].startswith("/sign-in?then="), path


@pytest.mark.parametrize(
    "then", ["//elsewhere.example", "https://elsewhere.example", "/\\elsewhere"]
)
def test_nobody_is_led_to_another_site(visitor, then):
    assert visitor("/language", params={"to": "ja", "then": then}).headers["location"] == "/"
    assert 'data-then="/"' in visitor("/sign-in", params={"then": then}).text


@pytest.mark.parametrize(("lang", "words"), [("en", "There is no such entry"), ("ja", "該当する")])
@pytest.mark.parametrize("path", ["/claims/nobody", "/nowhere"])
def test_a_browser_is_told_in_words_what_is_not_there(visitor, path, lang, words):
    answer = visitor(path, "owner", lang=lang)
    assert answer.status_code == 404
    assert words in answer.text
    assert answer.headers["content-type"].startswith("text/html")


@pytest.mark.parametrize(
    ("lang", "told", "other"),
    [
        ("en", "claim nobody is not known", "申し出 nobody"),
        ("ja", "申し出 nobody は見つかりません。番号を確認してください。", "is not known"),
    ],
)
def test_a_refusal_is_all_in_the_readers_language(visitor, lang, told, other):
    text = visitor("/claims/nobody", "owner", lang=lang).text
    assert told in text
    assert other not in text


def test_a_program_is_answered_as_before(app):
    with TestClient(app, headers={"Authorization": "Bearer a key"}) as client:
        answer = client.get("/v1/claims/nobody", headers=HTML)
        assert (answer.status_code, answer.headers["content-type"]) == (
            404,
            "application/problem+json",
        )
        assert client.delete("/v1/claims/nobody").status_code == 405


def test_a_role_is_refused_in_words_what_is_not_its_own(app, visitor):
    put_item(app.state.service)
    put_claim(app.state.service)
    answer = visitor("/claims/claim-1", "warehouse")
    assert (answer.status_code, "Your role may not do this" in answer.text) == (403, True)


def test_static_files_are_kept_by_their_version_and_packed(visitor):
    address = static_address("page.js")
    answer = visitor(address)
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.content == static_files()["page.js"].data
    old = visitor("/static/0123456789abcdef/page.js")
    assert (old.status_code, old.headers["cache-control"]) == (200, "no-cache")
    for lost in ("nothing.js", "../words/frame.toml", "%2e%2e/vocabulary.py"):
        assert visitor(f"/static/x/{lost}").status_code == 404


def test_the_language_is_the_chosen_one_else_the_browsers_else_japanese(app):
    with TestClient(app) as client:
        for wish, lang in [("fr, en;q=0.5", "en"), ("ja-JP", "ja"), ("fr", "ja"), ("", "ja")]:
            text = client.get("/sign-in", headers={"Accept-Language": wish}).text
            assert f'<html lang="{lang}">' in text
        client.get("/language", params={"to": "en"}, follow_redirects=False)
        text = client.get("/sign-in", headers={"Accept-Language": "ja"}).text
        assert '<html lang="en">' in text


def test_the_browsers_libraries_are_there():
    assert {"libraries/openseadragon.js", "libraries/panzoom.js"} <= set(static_files())
