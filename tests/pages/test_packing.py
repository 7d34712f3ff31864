"""The packing table in a real browser with a made-up camera."""

import re

import pytest
from pages.conftest import require_accessible
from pages.dock import PAYLOAD, VIEWS, add_item, files, taken, views_of
from playwright.sync_api import expect

from evidence.service.items import add_catalogue_photo
from fixtures.scene import Scene
from fixtures.subject import CardSubject, take_photo


def test_an_item_is_registered_by_hand_photographed_by_files_and_sealed(site, page_as):
    page = page_as("warehouse", base_url=site.url)
    page.goto("/packing")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("hand-1\n")  # as a scanner does
    form = page.locator("#register")
    expect(form.get_by_label("Item number")).to_have_value("hand-1")
    form.get_by_label("Order number").fill("order-hand")
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


def test_an_item_that_is_known_is_not_registered_over(site, page_as):
    add_item(site.service, "known-1", title="As imported")
    page = page_as("warehouse", base_url=site.url)
    page.goto("/packing?q=known-2")
    form = page.locator("#register")
    form.get_by_label("Item number").fill("known-1")
    for label, text in (
        ("Order number", "o"),
        ("Title", "By hand"),
        ("SKU", "s"),
        ("Price paid", "1"),
    ):
        form.get_by_label(label).fill(text)
    form.get_by_role("button", name="Register").click()
    expect(form.get_by_role("alert")).to_contain_text("registered already")
    assert site.service.registry.item("known-1").title == "As imported"
    page.complaints.clear()  # of the answer 412


def test_a_photo_is_taken_by_the_camera_and_the_next_view_is_up(site, page_as):
    add_item(site.service, "camera-1")
    page = page_as("warehouse", base_url=site.url)
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


def test_the_whole_way_goes_by_keyboard_alone(site, page_as):
    add_item(site.service, "keys-1")
    page = page_as("warehouse", base_url=site.url)
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


def test_a_photo_in_a_watched_folder_is_taken_once_it_is_written(site, page_as):
    add_item(site.service, "folder-1")
    page = page_as("warehouse", base_url=site.url)
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


def test_a_browser_that_cannot_watch_a_folder_says_so(site, page_as):
    add_item(site.service, "folder-2")
    page = page_as("warehouse", base_url=site.url)
    page.add_init_script("delete window.showDirectoryPicker")
    page.goto("/items/folder-2")
    expect(page.locator("#folder")).to_be_disabled()
    expect(page.locator("#folder-told")).to_contain_text("cannot watch a folder")


def test_a_label_says_the_id_in_a_code_that_the_service_reads(site, page_as):
    add_item(site.service, "label-1", title=PAYLOAD)
    page = page_as("warehouse", base_url=site.url)
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


def test_support_sees_an_item_and_may_not_photograph_it(site, page_as):
    add_item(site.service, "look-1")
    page = page_as("support", base_url=site.url)
    page.goto("/items/look-1")
    expect(page.locator("main")).to_contain_text("the warehouse takes the photos")
    assert page.locator("#capture, #seal").count() == 0


def test_an_order_of_several_items_lists_them(site, page_as):
    for number in (1, 2):
        add_item(site.service, f"many-{number}", order_id="order-many")
    page = page_as("warehouse", base_url=site.url, lang="ja")
    page.goto("/packing?q=order-many")
    expect(page.locator("h2").filter(has_text="order-many")).to_be_visible()
    expect(page.locator("tbody tr")).to_have_count(2)
    expect(page.locator("tbody tr").first).to_contain_text("表面")


@pytest.mark.parametrize(("lang", "width"), [("en", 1440), ("ja", 360)])
def test_the_packing_table_fits_and_can_be_read_by_everybody(site, page_as, lang, width):
    item_id = f"look-{lang}-{width}"
    add_item(site.service, item_id, title="とても長い名前のカード " * 6, kind="slab")
    page = page_as("warehouse", base_url=site.url, lang=lang, width=width)
    for path in ("/packing", "/packing?q=nobody", f"/items/{item_id}", f"/items/{item_id}/label"):
        page.goto(path)
        require_accessible(page)
    page.goto(f"/items/{item_id}")
    page.locator("#camera-switch").click()
    expect(page.locator("#live-hint")).not_to_be_empty()
    page.route("**/photos", lambda route: route.abort())
    page.locator("#files").set_input_files(files(["a.jpg", "b.jpg"], first=90))
    require_accessible(page)
    page.locator('#sorting button[value="take"]').click()
    page.locator("#waiting summary").click()
    expect(page.locator(".waiting-shots li")).to_have_count(2)
    require_accessible(page)
    page.complaints.clear()  # of the connection that was cut


def test_what_was_not_ordered_is_told_before_it_is_packed(site, page_as):
    def front(design):
        scene = Scene(design, (720, 960), "grey", tilt=2.0)
        return take_photo(CardSubject(1, design, 101), scene).jpeg

    add_item(site.service)
    add_catalogue_photo(site.service, "item-1", front(11))
    page = page_as("warehouse", base_url=site.url)
    page.goto("/items/item-1")
    expect(page.locator("#packed")).to_contain_text("once the front is photographed")
    other = {"name": "front.jpg", "mimeType": "image/jpeg", "buffer": front(12)}
    page.locator("#files").set_input_files(other)
    expect(page.locator("#packed").get_by_role("alert")).to_contain_text("check before packing")
    page.reload()
    expect(page.locator("#packed").get_by_role("alert")).to_contain_text("check before packing")
