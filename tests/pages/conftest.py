"""A served site and a real browser; the browser's own complaints fail a test."""

import os
import shutil
import threading
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import pytest
import running
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect, sync_playwright

from api.app import create_app
from api.cookies import COOKIE
from api.server import address, bind
from evidence.service.demo_staff import add_demo_staff, begin_as
from evidence.service.keys import Keys
from evidence.service.people import People

# The headless shell is the same browser without its windows, and opens a page in half the time.
CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium-headless-shell", "chromium", "chromium-browser"))),
    None,
)
FLAGS = [
    "--no-sandbox",  # tests run as root in CI
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",  # there is none, and looking for it takes a while
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
]
PATIENCE = 30_000  # milliseconds that a page has; others use the cores too
expect.set_options(timeout=PATIENCE)
WIDTHS = {360: 740, 1440: 900}  # of a phone and of a desk


@dataclass(frozen=True)
class Site:
    """A served app; tests may look at its service and act in it directly."""

    url: str
    app: object
    service: object
    people: People


@contextmanager
def served_site(home, workers, *, demo=True):
    service = running.open_service(home, workers)
    people = People.of(service, running.CHEAP)
    if demo:
        add_demo_staff(people)
    app = create_app(service, Keys.of(service, "a key"), people=people, demo=demo)
    with bind("127.0.0.1", 0) as listener:
        config = uvicorn.Config(app, http="h11", ws="none", lifespan="off", log_level="warning")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield Site(address(listener), app, service, people)
        finally:
            server.should_exit = True
            thread.join()
            service.registry.close()


@pytest.fixture
def site(tmp_path, workers):
    with served_site(tmp_path / "home", workers) as site:
        yield site


@pytest.fixture(scope="session")
def browser():
    if CHROMIUM is None:
        if os.environ.get("EVIDENCE_TESTS_NEED_BROWSER"):  # .ci/run installs it
            pytest.fail("there is no Chromium, and the pages are not to be skipped")
        pytest.skip(
            "no Chromium here: install Debian's package chromium-headless-shell to test the pages"
        )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page_as(site, browser):
    """Return a page in whose browser somebody of a role is signed in; no role: nobody."""
    with ExitStack() as contexts:

        def open_page(role=None, *, lang="en", width=1440, site=site, browser=browser, **options):
            context = browser.new_context(
                locale=lang, viewport={"width": width, "height": WIDTHS[width]}, **options
            )
            contexts.callback(context.close)
            context.set_default_timeout(PATIENCE)
            if role is not None:
                token = begin_as(site.people, role).token
                context.add_cookies([{"name": COOKIE, "value": token, "url": site.url}])
            page = context.new_page()
            page.complaints = []
            page.on("pageerror", lambda error: page.complaints.append(str(error)))
            page.on("console", lambda told: _complain(page, told))
            contexts.callback(lambda: _require_silence(page))
            page.base = site.url
            return page

        yield open_page


def _complain(page, told):
    if told.type == "error":
        page.complaints.append(told.text)


def _require_silence(page):
    """What a test expects to be complained about, it takes out of the list itself."""
    assert not page.complaints


def require_accessible(page):
    """Fail where axe finds what is serious, or where the page is wider than the screen."""
    found = Axe().run(page).response["violations"]
    grave = [
        (one["id"], [node["html"] for node in one["nodes"]])
        for one in found
        if one["impact"] in ("serious", "critical")
    ]
    assert not grave
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def wait_until(page, script):
    """Wait for a condition of the page; its own way to wait needs eval, which no page allows."""
    for _ in range(PATIENCE // 50):
        if page.evaluate(script):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"it never came to: {script}")
