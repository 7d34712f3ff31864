"""``python -m bench.screens FOLDER``: pictures of every page, in both languages, from the demo."""

import argparse
import io
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from api.cookies import COOKIE
from bench.served import serve_demo
from evidence.demo import made_up_shop, stock_shop, take_back, take_photos
from evidence.registry.staff_records import Role
from evidence.service.claims import decide_claim
from evidence.service.demo_staff import DEMO_STAFF, begin_as
from evidence.service.parts import Service
from evidence.service.people import People
from evidence.service.recommendations import recommend_claim
from evidence.service.second_readings import ask_second_reading
from evidence.terminal import show_progress
from evidence.words import LANGUAGES, Language

FLAGS = ["--no-sandbox", "--disable-background-networking"]
DESK, PHONE = (1280, 860), (390, 780)
TALLEST = 1900  # pixels of a picture; what is below is left out
QUALITY = 72  # of WebP
REASON = "The crease is new; the very card that we packed."


@dataclass(frozen=True, slots=True)
class Screen:
    """One picture.

    Attributes:
        name: of the file, before its language.
        path: of the page.
        role: whose screen it is; None before signing in.
        size: (width, height) of the window.
        click: what is pressed first; None for nothing.
        wait: what has to be there.
        whole: as tall as the page, instead of what the window shows of it.
    """

    name: str
    path: str
    role: Role | None
    size: tuple[int, int] = DESK
    click: str | None = None
    wait: str = "main"
    whole: bool = True


SCREENS = (
    Screen("sign-in", "/sign-in", None),
    Screen("password", "/password", "support"),
    Screen("packing", "/packing", "warehouse"),
    Screen("item", "/items/item-12", "warehouse"),
    Screen("item-phone", "/items/item-12", "warehouse", PHONE),
    Screen("label", "/items/item-1/label", "warehouse"),
    Screen("parcels", "/parcels", "warehouse"),
    Screen("inspection", "/claims/claim-11/inspection", "warehouse"),
    Screen("claims", "/claims", "support"),
    Screen("claims-phone", "/claims", "support", PHONE),
    Screen("new-claim", "/claims/new?order=order-2004", "support"),
    Screen("claim", "/claims/claim-4", "support", wait="#outcome"),
    Screen("denial", "/claims/claim-3/denial", "support"),
    Screen(
        "comparison", "/claims/claim-4/comparison", "support",
        wait="[data-ready=beside]", whole=False,
    ),
    Screen(
        "comparison-slider", "/claims/claim-4/comparison", "support",
        click="[data-mode=slider]", wait="#laid:not(:has(img:not([data-laid]))) img", whole=False,
    ),
    Screen(
        "comparison-difference", "/claims/claim-4/comparison", "support",
        click="[data-mode=difference]", wait="[data-for=difference] img[src]", whole=False,
    ),
    Screen("readings", "/readings", "reviewer"),
    Screen("reading", "/claims/claim-3/readings/1", "reviewer"),
    Screen("search", "/search", "support"),
    Screen("evaluation", "/evaluation", "owner"),
    Screen("staff", "/staff", "owner"),
    Screen("log", "/log", "owner"),
    Screen("service", "/service", "owner"),
)  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the pictures; 2 where there is no browser."""
    parser = argparse.ArgumentParser(prog="python -m bench.screens", description=__doc__)
    parser.add_argument("folder", type=Path, help="where they are written")
    parser.add_argument("--only", nargs="+", help="names of screens; else all")
    chosen = parser.parse_args(arguments)
    chromium = shutil.which("chromium") or shutil.which("chromium-headless-shell")
    if chromium is None:
        print(
            "No Chromium here: install Debian's package chromium or chromium-headless-shell.",
            file=sys.stderr,
        )
        return 2
    chosen.folder.mkdir(parents=True, exist_ok=True)
    wanted = [one for one in SCREENS if not chosen.only or one.name in chosen.only]
    with (
        serve_demo(_stock, now=lambda: datetime.now(UTC)) as (url, people),
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        for screen in wanted:
            for language in LANGUAGES:
                file = chosen.folder / f"{screen.name}.{language}.webp"
                file.write_bytes(_show(browser, url, people, screen, language))
                print(file)
        browser.close()
    return 0


def _stock(service: Service) -> None:
    """Open the demo's shop, and let its people have worked a little."""
    shop = made_up_shop()
    with show_progress() as show:
        photos = take_photos(shop, service, parallel=2, progress=show)
        stock_shop(shop, photos, service, progress=show)
    for claim in shop.claims:
        recommend_claim(service, claim.claim_id)
        if claim.returned:
            take_back(claim, photos, service)
    support, reviewer = DEMO_STAFF["support"].name, DEMO_STAFF["reviewer"].name
    decide_claim(service, "claim-4", decision="approve", decided_by=support, reason=REASON)
    ask_second_reading(
        service, "claim-3", asked_by=support, reader=reviewer, because="The cut lies elsewhere."
    )


def _show(browser: Browser, url: str, people: People, screen: Screen, language: Language) -> bytes:
    width, height = screen.size
    context = browser.new_context(
        viewport={"width": width, "height": height}, locale=language, color_scheme="light"
    )
    if screen.role is not None:
        token = getattr(begin_as(people, screen.role), "token", "")
        context.add_cookies([{"name": COOKIE, "value": token, "url": url}])
    page = context.new_page()
    page.goto(url + screen.path, wait_until="networkidle")
    if screen.click is not None:
        page.click(screen.click)
    page.wait_for_selector(screen.wait)
    page.wait_for_load_state("networkidle")
    data = _picture(page, whole=screen.whole)
    context.close()
    return data


def _picture(page: Page, *, whole: bool) -> bytes:
    """Return the page from its top as WebP."""
    if whole:
        tall = min(TALLEST, page.evaluate("document.documentElement.scrollHeight"))
        page.set_viewport_size({"width": page.evaluate("innerWidth"), "height": tall})
        page.wait_for_load_state("networkidle")  # photos further down come once they are near
    file = io.BytesIO()
    with Image.open(io.BytesIO(page.screenshot())) as picture:
        picture.convert("RGB").save(file, "WEBP", quality=QUALITY, method=6)
    return file.getvalue()


if __name__ == "__main__":
    sys.exit(main())
