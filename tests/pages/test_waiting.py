"""Nothing taken is lost: shots that wait, in a real browser."""

from pages.dock import PAYLOAD, add_item, files, taken, views_of
from playwright.sync_api import expect


def test_shots_wait_without_a_connection_and_over_a_reload_and_none_is_lost(site, page_as):
    add_item(site.service, "lost-1")
    page = page_as("warehouse", base_url=site.url)
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
    expect(page.locator("#waiting")).to_have_attribute("data-shots", "0")
    assert views_of(site, "lost-1") == ["front", "back"]
    page.complaints.clear()  # of the connection that was cut


def test_shots_go_on_by_themselves_when_the_connection_is_back(site, page_as):
    add_item(site.service, "offline-1")
    page = page_as("warehouse", base_url=site.url)
    page.goto("/items/offline-1")
    expect(page.locator("#files")).to_be_attached()
    page.context.set_offline(True)
    page.locator("#files").set_input_files(files(["front.jpg"], first=50))
    expect(page.locator("#waiting-count")).to_have_text("1 photo waits to be sent")
    page.context.set_offline(False)
    expect(taken(page, "front")).to_be_visible()
    assert views_of(site, "offline-1") == ["front"]
    page.complaints.clear()  # of the connection that was cut


def test_a_shot_whose_answer_was_lost_is_one_photo(site, page_as):
    add_item(site.service, "twice-1")
    page = page_as("warehouse", base_url=site.url)
    lost, keys = [], set()

    def lose_the_first(route):
        keys.add(route.request.headers["idempotency-key"])
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
    assert len(keys) == 1  # it was the same request to the service
    page.complaints.clear()  # of the connection that was cut


def test_a_refused_shot_stays_with_its_reason_until_a_person_removes_it(site, page_as):
    add_item(site.service, "refused-1")
    page = page_as("warehouse", base_url=site.url)
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
    page.on("dialog", lambda dialog: dialog.accept())  # are you sure
    shot.get_by_role("button", name="Remove").click()
    expect(page.locator("#waiting")).to_have_attribute("data-shots", "0")
    page.complaints.clear()  # of the connection that was cut


def test_a_shot_is_sent_in_the_name_of_who_took_it(site, page_as):
    add_item(site.service, "whose-1")
    page = page_as("warehouse", base_url=site.url)
    page.goto("/items/whose-1")
    page.route("**/v1/items/whose-1/photos", lambda route: route.abort())
    page.locator("#files").set_input_files(files(["front.jpg"], first=70))
    expect(page.locator("#waiting-count")).to_have_text("1 photo waits to be sent")
    other = page_as("owner", base_url=site.url).context.cookies()
    page.context.add_cookies(other)
    page.goto("/packing")
    expect(page.locator("#waiting-count")).to_have_text("1 of another person's wait here")
    page.locator("#waiting summary").click()
    expect(page.locator(".waiting-shots .state")).to_contain_text("Sato Aiko")
    page.unroute("**/v1/items/whose-1/photos")
    page.goto("/items/whose-1")
    page.locator("#files").set_input_files(files(["back.jpg"], first=71))  # one of the owner's own
    expect(page.locator("#said")).to_contain_text("Back: ")  # later in the queue, and answered
    assert [view for view in views_of(site, "whose-1") if view == "front"] == []
    page.locator("#waiting summary").click()
    page.get_by_role("button", name="Send under my name").click()
    expect(page.locator("#waiting")).to_have_attribute("data-shots", "0")
    assert "front" in views_of(site, "whose-1")
    told = site.service.registry.events(after=0, limit=1000)
    actors = {one.subject_id: one.actor for one in told if one.kind == "item.photo_added"}
    assert actors == {"whose-1": "Suzuki Hana"}
    page.complaints.clear()  # of the connection that was cut


def test_leaving_with_waiting_shots_warns(site, page_as):
    add_item(site.service, "leave-1")
    page = page_as("warehouse", base_url=site.url)
    page.goto("/items/leave-1")
    page.route("**/v1/items/leave-1/photos", lambda route: route.abort())
    page.locator("h1").click()  # browsers warn only whoever did something on the page
    page.locator("#files").set_input_files(files(["front.jpg"], first=80))
    expect(page.locator("#waiting-count")).to_have_text("1 photo waits to be sent")
    with page.expect_event("dialog") as warned:
        page.close(run_before_unload=True)
    assert warned.value.type == "beforeunload"
    warned.value.accept()  # a browser that is closed while it asks has died of it
    page.complaints.clear()  # of the connection that was cut


def test_photos_chosen_before_the_script_is_there_are_taken(site, page_as):
    add_item(site.service)
    page = page_as("warehouse", base_url=site.url)
    held = []
    page.route("**/capture.js", lambda route: held.append(route))  # a slow connection
    page.goto("/items/item-1", wait_until="commit")
    page.locator("#files").set_input_files(files(["front.jpg"], first=100))
    page.wait_for_function("() => document.getElementById('files').files.length")
    held[0].continue_()
    expect(taken(page, "front")).to_be_visible()
