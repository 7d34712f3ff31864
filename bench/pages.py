"""``python -m bench.pages``: what each page loads and how soon it can be used, in a real browser.

Two made-up photos of 12 megapixels stand for a claim's; the browser runs on the same machine.
"""

import json
import math
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from playwright.sync_api import Browser, Page, Response, sync_playwright
from rich.console import Console
from rich.table import Table

from api.cookies import COOKIE
from bench.served import serve_demo
from evidence.registry.records import Claim, Item
from evidence.service.claims import add_claim_photo, open_claim
from evidence.service.demo_staff import begin_as
from evidence.service.items import add_item_photo, register_item, seal_item
from evidence.service.parts import Service
from evidence.service.recommendations import recommend_claim
from evidence.service.uploads import Upload
from fixtures.scene import Scene
from fixtures.subject import CardSubject, take_photo

PAGES = (
    "/sign-in", "/packing", "/items/item", "/claims", "/claims/claim", "/claims/claim/comparison",
    "/readings", "/search", "/evaluation", "/staff", "/log",
)  # fmt: skip
SIZE = 3024, 4032  # pixels of a phone's photo: 12 megapixels
TOLD, NOW = datetime(2025, 3, 5, tzinfo=UTC), datetime(2025, 3, 6, tzinfo=UTC)
FLAGS = ["--no-sandbox", "--disable-background-networking"]
PHOTOS = ("image/jpeg", "image/png")
# First and largest paint, shifts of the layout, and the time that long tasks kept the page from
# answering, as Lighthouse counts them: what is over 50 ms of each.
OBSERVE = """
window.seen = { largest: 0, shifts: 0, blocked: 0 };
const watch = (type, told) => new PerformanceObserver((list) => list.getEntries().forEach(told))
  .observe({ type, buffered: true });
watch("largest-contentful-paint", (one) => { seen.largest = one.startTime; });
watch("layout-shift", (one) => { if (!one.hadRecentInput) seen.shifts += one.value; });
watch("longtask", (one) => { seen.blocked += Math.max(0, one.duration - 50); });
"""
READ = """() => ({ ...seen,
  first: performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0 })"""
# Keeps the milliseconds between the frames that are shown from now on.
FRAMES = """() => { window.frames_ = []; let last = performance.now(); const tick = (now) => {
  frames_.push(now - last); last = now; requestAnimationFrame(tick); };
  requestAnimationFrame(tick); }"""
BOTH = """[...document.querySelectorAll(".two img")]
  .filter((image) => image.complete && image.naturalWidth).length === 2"""
STEPS = 120  # of the mouse, which goes round


@dataclass(frozen=True, slots=True)
class Loaded:
    """What one page took.

    Attributes:
        page: its path.
        kilobytes: that came over the wire, photos aside.
        photo_kilobytes: of photos.
        first, largest: milliseconds until something and the largest thing was shown.
        blocked: milliseconds in which the page did not answer.
        shifts: by how much things moved after they were shown; 0.1 is called good.
    """

    page: str
    kilobytes: float
    photo_kilobytes: float
    first: float
    largest: float
    blocked: float
    shifts: float


def main() -> int:
    """Measure and print; 2 where there is no browser."""
    chromium = shutil.which("chromium")
    if chromium is None:
        print("No Chromium here: install Debian's package chromium.", file=sys.stderr)
        return 2
    with (
        serve_demo(_stock, now=lambda: NOW) as (url, people),
        sync_playwright() as playwright,
    ):
        token = getattr(begin_as(people, "owner"), "token", "")
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        loaded = [_load(browser, url, token, page) for page in PAGES]
        opened = _open_comparison(browser, url, token)
        browser.close()
    _show(loaded, opened)
    print(json.dumps(opened))
    return 0


def _stock(service: Service) -> None:
    """Keep one claim of a card in two photos of 12 megapixels, compared already."""
    card = CardSubject(1, 11, 101, wear=0.2)
    before = take_photo(card, Scene(1, SIZE, surface="grey")).jpeg
    after = take_photo(card, Scene(2, SIZE, tilt=7.0, turn=8.0)).jpeg
    value = Decimal(120_000)
    item = Item("item", "order", "SKU", "A card", "other", value, "JPY", True, None, None, None)
    register_item(service, item)
    add_item_photo(service, "item", Upload(before, "front"))
    seal_item(service, "item")
    open_claim(service, Claim("claim", "item", "order", "damage", None, "JP", TOLD, TOLD, NOW))
    add_claim_photo(service, "claim", Upload(after, "front"))
    recommend_claim(service, "claim")


@contextmanager
def _page(browser: Browser, url: str, token: str) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en")
    context.add_cookies([{"name": COOKIE, "value": token, "url": url}])
    context.add_init_script(OBSERVE)
    yield context.new_page()
    context.close()


def _load(browser: Browser, url: str, token: str, path: str) -> Loaded:
    sizes = {True: 0, False: 0}

    def count(answer: Response) -> None:
        photo = answer.headers.get("content-type", "").startswith(PHOTOS)
        sizes[photo] += answer.request.sizes()["responseBodySize"]

    with _page(browser, url, token) as page:
        page.on("response", count)
        page.goto(url + path, wait_until="networkidle")
        seen: dict[str, float] = page.evaluate(READ)
        return Loaded(
            page=path,
            kilobytes=sizes[False] / 1000,
            photo_kilobytes=sizes[True] / 1000,
            first=seen["first"],
            largest=seen["largest"],
            blocked=seen["blocked"],
            shifts=seen["shifts"],
        )


def _open_comparison(browser: Browser, url: str, token: str) -> dict[str, Any]:
    """Return seconds until both photos are seen and until they can be zoomed, and the frames."""
    with _page(browser, url, token) as page:
        page.goto(url + "/claims/claim/comparison", wait_until="commit")
        _wait(page, BOTH)
        seen = page.evaluate("performance.now()") / 1000
        page.wait_for_selector('#compare[data-ready="beside"]')
        _wait(page, "!document.querySelector('.two .stage > img')")  # the first tiles are drawn
        zoomed = page.evaluate("performance.now()") / 1000
        for _ in range(3):
            page.click('[data-zoom="in"]')
        page.wait_for_load_state("networkidle")
        frames = _pan(page)
    return {
        "both_seen": seen,
        "zoomable": zoomed,
        "frames": len(frames),
        "frame_median_ms": frames[len(frames) // 2],
        "frame_95_ms": frames[int(len(frames) * 0.95)],
        "frame_longest_ms": frames[-1],
    }


def _wait(page: Page, script: str) -> None:
    """Wait for a condition; the page's own way to wait needs eval, which no page allows."""
    while not page.evaluate(script):
        page.wait_for_timeout(10)


def _pan(page: Page) -> list[float]:
    """Drag the photos round; return the milliseconds between frames, the shortest first."""
    box = page.locator("#left").bounding_box() or {"x": 0, "y": 0, "width": 1, "height": 1}
    across, down = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(across, down)
    page.mouse.down()
    page.evaluate(FRAMES)
    for step in range(STEPS):
        angle = step / 10
        page.mouse.move(across + 200 * math.sin(angle), down + 150 * math.cos(angle))
    taken: list[float] = page.evaluate("frames_")
    page.mouse.up()
    return sorted(taken)


def _show(loaded: list[Loaded], opened: dict[str, Any]) -> None:
    table = Table(
        "page", "kB", "kB of photos", "first paint ms", "largest ms", "blocked ms", "shift"
    )
    for one in loaded:
        table.add_row(
            one.page,
            f"{one.kilobytes:.1f}",
            f"{one.photo_kilobytes:.0f}",
            f"{one.first:.0f}",
            f"{one.largest:.0f}",
            f"{one.blocked:.0f}",
            f"{one.shifts:.3f}",
        )
    console = Console()
    console.print(table)
    console.print(
        f"Comparison of two photos of 12 megapixels: both seen after {opened['both_seen']:.2f} s, "
        f"zoomed by tiles after {opened['zoomable']:.2f} s; panning, a frame every "
        f"{opened['frame_median_ms']:.0f} ms, 95 % within {opened['frame_95_ms']:.0f} ms."
    )


if __name__ == "__main__":
    sys.exit(main())
