"""The packing table and the returned parcels, in a real browser with a made-up camera."""

import json
import re
import shutil
import threading
from dataclasses import dataclass
from decimal import Decimal

import pytest
import running
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect, sync_playwright

from api.app import create_app
from api.cookies import COOKIE
from api.server import address, bind
from evidence.registry.records import Item
from evidence.registry.staff_records import Staff
from evidence.service.keys import Keys
from evidence.service.parts import Service
from evidence.service.people import People
from evidence.service.sessions import begin
from evidence.workers import Workers

CHROMIUM = shutil.which("chromium")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium is installed")
NAMES = {"warehouse": "Sato Aiko", "support": "Mori Ken", "owner": "Kondo Rei"}
PAYLOAD = '"><img src=x onerror=alert(1)><b>{0}</b>'
VIEWS = ("front", "back", "corner", "edge", "raking", "other")


@dataclass
class Site:
    url: str
    service: Service
    people: People


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    workers = Workers(count=2, waiting=16, memory=running.PATIENT.limits.worker_memory)
    service = running.open_service(tmp_path_factory.mktemp("dock") / "home", workers)
    people = People.of(service)
    app = create_app(service, Keys.of(service, "key"), people=people)
    listener = bind("127.0.0.1", 0)
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off", ws="none"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    yield Site(address(listener), service, people)
    server.should_exit = True
    thread.join()
    listener.close()
    workers.close()
    service.registry.close()


@pytest.fixture(scope="module")
def browser():
    flags = ["--no-sandbox", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield browser
        browser.close()


@pytest.fixture
def page_as(site, browser):
    contexts = []

    def open_page(role="warehouse", lang="en", width=1280):
        registry, at = site.service.registry, site.service.now()
        one = registry.staff_signing_in_as(role)
        if one is None:
            one = registry.add_staff(
                Staff(0, NAMES[role], role, role, True, "-", False, at, at), actor="test"
            )
        context = browser.new_context(
            base_url=site.url, locale=lang, viewport={"width": width, "height": 800}
        )
        contexts.append(context)
        token = begin(site.people, one).token
        context.add_cookies([{"name": COOKIE, "value": token, "url": site.url}])
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.faults = []
        page.on("pageerror", lambda error: page.faults.append(str(error)))
        page.on("dialog", lambda dialog: dialog.accept())
        return page

    yield open_page
    for context in contexts:
        for page in context.pages:
            assert page.faults == []
        context.close()


@pytest.fixture
def add_item(site):
    def add(item_id, **facts):
        known = {
            "order_id": f"order-{item_id}", "sku": "LIL-1", "title": "Liliana", "kind": "card",
            "declared_value": Decimal(18000), "currency": "JPY", "high_value": False,
            "size_mm": None, "catalogue_photo": None, "sealed_at": None,
        }  # fmt: skip
        site.service.registry.put_item(
            Item(item_id=item_id, **(known | facts)), actor="test", at=site.service.now()
        )

    return add


def files(names, first=0):
    return [
        {"name": name, "mimeType": "image/jpeg", "buffer": running.photo(first + seed)}
        for seed, name in enumerate(names)
    ]


def views_of(site, item_id):
    return [photo.view for photo in site.service.registry.item_photos(item_id)]


def taken(page, view):
    return page.locator(f'[data-view="{view}"][data-taken="1"]')


def look(page, width):
    """Nothing sticks out, and axe finds nothing serious."""
    over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert over <= 0, f"{page.url} is {over} px too wide at {width}"
    found = Axe().run(page).response["violations"]
    grave = [one for one in found if one["impact"] in ("serious", "critical")]
    assert grave == [], json.dumps([(one["id"], one["nodes"]) for one in grave])[:2000]


def test_an_item_is_registered_by_hand_photographed_by_files_and_sealed(site, page_as):
    page = page_as()
    page.goto("/packing")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("hand-1\n")  # as a scanner does
    form = page.locator("#register")
    expect(form.get_by_label("Item number")).to_have_value("hand-1")
    form.get_by_label("Order").fill("order-hand")
    form.get_by_label("Title").fill(PAYLOAD)
    form.get_by_label("SKU").fill("SKU-1")
    form.get_by_label("Price paid").fill("18000")
    form.get_by_label("Width, mm").fill("59")
    form.get_by_label("Height, mm").fill("86")
    form.get_by_role("button", name="Register").click()
    page.wait_for_url("**/items/hand-1")
    expect(page.locator("h1")).to_have_text(PAYLOAD)
    assert site.service.registry.item("hand-1").size_mm == (59, 86)

    seal = page.locator("#seal")
    expect(seal.get_by_role("button", name="Front, Back")).to_have_attribute(
        "aria-disabled", "true"
    )
    page.locator("#files").set_input_files(files([PAYLOAD, *VIEWS[1:]]))
    sorting = page.locator("#sorting")
    expect(sorting.locator(".id").first).to_have_text(PAYLOAD)
    expect(sorting.locator("img")).to_have_count(len(VIEWS))  # none that a name made
    sorting.get_by_role("button", name="Take these photos").click()
    for view in VIEWS:
        expect(taken(page, view)).to_be_visible()
    assert sorted(views_of(site, "hand-1")) == sorted(VIEWS)
    expect(page.locator("#waiting")).to_be_hidden()
    expect(page.locator("#said")).not_to_be_empty()

    seal.get_by_role("button", name="nothing is missing").click()
    expect(page.locator("#sealed")).to_contain_text("10 March 2025, 18:00")
    expect(page.locator("#sealed")).to_contain_text("the shop's own clock (Asia/Tokyo)")
    expect(page.locator("#capture")).to_have_count(0)
    assert site.service.registry.item("hand-1").sealed_at is not None


def test_an_item_that_is_known_is_not_registered_over(site, page_as, add_item):
    add_item("known-1", title="As imported")
    page = page_as()
    page.goto("/packing?q=known-2")
    form = page.locator("#register")
    form.get_by_label("Item number").fill("known-1")
    for label, text in (("Order", "o"), ("Title", "By hand"), ("SKU", "s"), ("Price paid", "1")):
        form.get_by_label(label).fill(text)
    form.get_by_role("button", name="Register").click()
    expect(form.get_by_role("alert")).to_contain_text("registered already")
    assert site.service.registry.item("known-1").title == "As imported"


def test_a_photo_is_taken_by_the_camera_and_the_next_view_is_up(site, page_as, add_item):
    add_item("camera-1")
    page = page_as()
    page.goto("/items/camera-1")
    page.get_by_role("button", name="Open the camera").click()
    expect(page.locator("#guide .outline")).to_have_count(1)
    expect(page.locator("#live-hint")).not_to_be_empty()
    page.locator("h1").click()
    page.keyboard.press("Space")
    expect(taken(page, "front")).to_be_visible()
    assert page.locator("#view").input_value() == "back"
    page.get_by_role("button", name="Take the photo").click()
    expect(taken(page, "back")).to_be_visible()
    photos = site.service.registry.item_photos("camera-1")
    assert [photo.view for photo in photos] == ["front", "back"]
    assert all(photo.captured_at is not None for photo in photos)


def test_shots_wait_without_a_connection_and_over_a_reload_and_none_is_lost(
    site, page_as, add_item
):
    add_item("lost-1")
    page = page_as()
    page.goto("/items/lost-1")
    page.route("**/v1/items/lost-1/photos", lambda route: route.abort())
    page.locator("#files").set_input_files(files(["front.jpg"], first=40))
    expect(page.locator("#waiting-count")).to_have_text("1 photo waits to be sent")
    page.locator("#files").set_input_files(files(["back.jpg"], first=41))
    expect(page.locator("#waiting-count")).to_have_text("2 photos wait to be sent")
    expect(page.locator(".queued")).to_have_count(2)
    assert views_of(site, "lost-1") == []

    page.goto("/parcels")  # another page of the dock; the connection is still gone
    expect(page.locator("#waiting-count")).to_have_text("2 photos wait to be sent")
    page.unroute("**/v1/items/lost-1/photos")
    page.reload()
    expect(page.locator("#waiting")).to_be_hidden()
    assert views_of(site, "lost-1") == ["front", "back"]


def test_shots_go_on_by_themselves_when_the_connection_is_back(site, page_as, add_item):
    add_item("offline-1")
    page = page_as()
    page.goto("/items/offline-1")
    expect(page.locator("#files")).to_be_attached()
    page.context.set_offline(True)
    page.locator("#files").set_input_files(files(["front.jpg"], first=50))
    expect(page.locator("#waiting-count")).to_have_text("1 photo waits to be sent")
    page.context.set_offline(False)
    expect(taken(page, "front")).to_be_visible()
    assert views_of(site, "offline-1") == ["front"]


def test_a_shot_whose_answer_was_lost_is_one_photo(site, page_as, add_item):
    add_item("twice-1")
    page = page_as()
    lost = []

    def lose_the_first(route):
        answer = route.fetch()
        if lost:
            route.fulfill(response=answer)
        else:
            lost.append(answer.status)
            route.abort()

    page.route("**/v1/items/twice-1/photos", lose_the_first)
    page.goto("/items/twice-1")
    page.locator("#files").set_input_files(files(["front.jpg"], first=60))
    expect(taken(page, "front")).to_be_visible()
    assert (lost, views_of(site, "twice-1")) == ([201], ["front"])


def test_a_refused_shot_stays_with_its_reason_until_a_person_removes_it(page_as, add_item):
    add_item("refused-1")
    page = page_as()
    page.goto("/items/refused-1")
    page.locator("#files").set_input_files(
        {"name": PAYLOAD, "mimeType": "image/jpeg", "buffer": b"no photo at all"}
    )
    expect(page.locator("#waiting-count")).to_have_text("1 photo was refused")
    page.reload()
    page.locator("#waiting summary").click()
    shot = page.locator(".waiting-shots li")
    expect(shot).to_contain_text(PAYLOAD)
    expect(shot.locator(".state")).to_contain_text("no photo that can be read")
    shot.get_by_role("button", name="Remove").click()
    expect(page.locator("#waiting")).to_be_hidden()


def test_a_shot_is_sent_in_the_name_of_who_took_it(site, page_as, add_item):
    add_item("whose-1")
    page = page_as()
    page.goto("/items/whose-1")
    page.route("**/v1/items/whose-1/photos", lambda route: route.abort())
    page.locator("#files").set_input_files(files(["front.jpg"], first=70))
    expect(page.locator("#waiting-count")).to_have_text("1 photo waits to be sent")
    other = page_as("owner").context.cookies()
    page.context.add_cookies(other)
    page.goto("/packing")
    expect(page.locator("#waiting-count")).to_have_text("1 of another person's wait here")
    page.locator("#waiting summary").click()
    expect(page.locator(".waiting-shots .state")).to_contain_text("Sato Aiko")
    page.unroute("**/v1/items/whose-1/photos")
    page.reload()
    expect(page.locator("#waiting-count")).to_have_text("1 of another person's wait here")
    assert views_of(site, "whose-1") == []
    page.locator("#waiting summary").click()
    page.get_by_role("button", name="Send under my name").click()
    expect(page.locator("#waiting")).to_be_hidden()
    told = site.service.registry.events(after=0, limit=1000)
    assert [
        e.actor for e in told if e.kind == "item.photo_added" and e.subject_id == "whose-1"
    ] == ["Kondo Rei"]


def test_leaving_with_waiting_shots_warns(page_as, add_item):
    add_item("leave-1")
    page = page_as()
    page.goto("/items/leave-1")
    page.route("**/v1/items/leave-1/photos", lambda route: route.abort())
    page.locator("h1").click()  # browsers warn only whoever did something on the page
    page.locator("#files").set_input_files(files(["front.jpg"], first=80))
    expect(page.locator("#waiting-count")).to_have_text("1 photo waits to be sent")
    with page.expect_event("dialog") as warned:
        page.close(run_before_unload=True)
    assert warned.value.type == "beforeunload"


def test_the_whole_way_goes_by_keyboard_alone(site, page_as, add_item):
    add_item("keys-1")
    page = page_as()
    page.goto("/packing")
    page.keyboard.type("keys-1")
    page.keyboard.press("Enter")
    page.wait_for_url("**/items/keys-1")

    def tab_to(selector):
        for _ in range(60):
            page.keyboard.press("Tab")
            if page.evaluate("wanted => document.activeElement?.matches(wanted)", selector):
                return
        raise AssertionError(f"no way to {selector} by keyboard")

    tab_to("#camera-switch")
    page.keyboard.press("Enter")
    expect(page.locator("#guide .outline")).to_have_count(1)
    page.keyboard.press("Shift+Tab")
    expect(page.locator("#shutter")).to_be_focused()
    page.keyboard.press("Enter")
    expect(taken(page, "front")).to_be_visible()
    page.keyboard.press("Space")
    expect(taken(page, "back")).to_be_visible()
    tab_to("#seal button")
    page.keyboard.press("Enter")
    expect(page.locator("#sealed")).to_be_visible()
    assert site.service.registry.item("keys-1").sealed_at is not None


def test_a_photo_in_a_watched_folder_is_taken_once_it_is_written(page_as, add_item):
    add_item("folder-1")
    page = page_as()
    page.goto("/items/folder-1")
    static = re.search(r"/static/\w+", page.content())[0]
    got = page.evaluate(
        """async (module) => {
          const { watch } = await import(module);
          const root = await navigator.storage.getDirectory(); // a real folder of the browser's own
          const write = async (name, text) => {
            const file = await (await root.getFileHandle(name, { create: true })).createWritable();
            await file.write(text); await file.close();
          };
          await write("before.jpg", "old");
          const found = [];
          return new Promise(async (resolve) => {
            const onLost = () => resolve("lost");
            const stop = watch(root, { every: 20, onLost, onPhoto: (file) => {
              found.push(file.name);
              if (found.includes("second.heic")) { stop(); resolve(found); }
              else write("second.heic", "new too");
            } });
            await write("notes.txt", "no photo");
            setTimeout(() => write("first.JPG", "new"), 200);
          });
        }""",
        f"{static}/folder.js",
    )
    assert got == ["first.JPG", "second.heic"]


def test_a_browser_that_cannot_watch_a_folder_says_so(page_as, add_item):
    add_item("folder-2")
    page = page_as()
    page.add_init_script("delete window.showDirectoryPicker")
    page.goto("/items/folder-2")
    expect(page.locator("#folder")).to_be_disabled()
    expect(page.locator("#folder-told")).to_contain_text("cannot watch a folder")


def test_a_label_says_the_id_in_a_code_that_the_service_reads(page_as, add_item):
    add_item("label-1", title=PAYLOAD)
    page = page_as()
    page.goto("/items/label-1/label")
    expect(page.locator(".label-sheet")).to_contain_text(PAYLOAD)
    picture = page.locator(".label-sheet svg").screenshot()
    page.goto("/packing")
    told = page.evaluate(
        """async (bytes) => {
          const token = (await (await fetch("/v1/session")).json()).csrf_token;
          const form = new FormData();
          form.append("file", new Blob([new Uint8Array(bytes)]), "x");
          const headers = { "X-CSRF-Token": token };
          return (await fetch("/v1/codes", { method: "POST", headers, body: form })).json();
        }""",
        list(picture),
    )
    assert told == {"codes": [{"text": "label-1", "format": "QRCode"}]}


def test_a_code_before_the_camera_leads_to_its_item(page_as, add_item):
    add_item("scan-1")
    page = page_as()
    page.route(
        "**/v1/codes",
        lambda route: route.fulfill(
            json={
                "codes": [
                    {"text": "<b>who</b>", "format": "QRCode"},
                    {"text": "scan-1", "format": "QRCode"},
                ]
            }
        ),
    )  # the made-up camera shows no code; that the service reads one is told above
    page.goto("/packing")
    page.get_by_role("button", name="Read a code with the camera").click()
    page.wait_for_url("**/items/scan-1")


def test_support_sees_an_item_and_may_not_photograph_it(page_as, add_item):
    add_item("look-1")
    page = page_as("support")
    page.goto("/items/look-1")
    expect(page.locator("main")).to_contain_text("the warehouse takes the photos")
    assert page.locator("#capture, #seal").count() == 0


def test_an_order_of_several_items_lists_them(page_as, add_item):
    for number in (1, 2):
        add_item(f"many-{number}", order_id="order-many")
    page = page_as(lang="ja")
    page.goto("/packing?q=order-many")
    expect(page.locator("h2").filter(has_text="order-many")).to_be_visible()
    expect(page.locator("tbody tr")).to_have_count(2)
    expect(page.locator("tbody tr").first).to_contain_text("表面")


@pytest.mark.parametrize("lang", ["en", "ja"])
@pytest.mark.parametrize("width", [360, 1440])
def test_the_pages_of_the_packing_table_fit_and_can_be_read_by_everybody(
    page_as, add_item, lang, width
):
    item_id = f"look-{lang}-{width}"
    add_item(item_id, title="とても長い名前のカード " * 6, kind="slab")
    page = page_as(lang=lang, width=width)
    for path in ("/packing", "/packing?q=nobody", f"/items/{item_id}", f"/items/{item_id}/label"):
        page.goto(path)
        look(page, width)
    page.goto(f"/items/{item_id}")
    page.locator("#camera-switch").click()
    expect(page.locator("#live-hint")).not_to_be_empty()
    page.route("**/photos", lambda route: route.abort())
    page.locator("#files").set_input_files(files(["a.jpg", "b.jpg"], first=90))
    look(page, width)
    page.locator('#sorting button[value="take"]').click()
    page.locator("#waiting summary").click()
    expect(page.locator(".waiting-shots li")).to_have_count(2)
    look(page, width)
