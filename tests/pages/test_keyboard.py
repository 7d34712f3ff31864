"""Every action of every page by keyboard alone: all that can be clicked can be reached and seen."""

from pages.shop import front, put_claim, put_item
from pages.test_site import pages
from playwright.sync_api import expect

CONTROLS = "a[href], button, input, select, textarea, summary, [tabindex='0']"
POINTED = {"click", "dblclick", "mousedown", "pointerdown", "touchstart"}
MOST_STEPS = 400

# One of the radio buttons of a group is reached by Tab, the others by the arrows.
REACHABLE = """(controls) => {
  const seen = new Set();
  window.wanted = [...document.querySelectorAll(controls)].filter((one) => {
    if (one.disabled || one.tabIndex < 0 || one.type === "hidden") return false;
    if (!one.checkVisibility({ visibilityProperty: true })) return false;
    if (one.closest("details:not([open])") && one.tagName !== "SUMMARY") return false;
    if (one.type !== "radio") return true;
    const group = `${one.form?.id} ${one.name}`;
    return !seen.has(group) && seen.add(group);
  });
  return window.wanted.length;
}"""
FOCUSED = """() => {
  const one = document.activeElement;
  if (one === document.body) return null;
  const shown = one.matches(".unseen") ? one.labels[0] : one; // a file is picked by its words
  const style = getComputedStyle(shown);
  const group = (other) => other.type === "radio" && other.name === one.name;
  const same = (other) => other === one || (group(one) && group(other) && other.form === one.form);
  return {
    number: window.wanted.findIndex(same),
    html: one.outerHTML.slice(0, 120),
    marked: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1,
  };
}"""
MISSED = """(reached) =>
  window.wanted.filter((_, number) => !reached.includes(number)).map((one) => one.outerHTML)
"""
# Whether a key works on it too: on a control, or on what has one around it.
POINTER_ONLY = """function (controls) {
  const worked = this.matches(controls) || this.closest("[tabindex='0']");
  return worked ? "" : this.outerHTML.slice(0, 200);
}"""


def by_tab(page):
    """Walk through a page by Tab; return what was reached, and what showed no sign of focus."""
    total = page.evaluate(REACHABLE, CONTROLS)
    reached, unmarked, rounds = set(), [], 0
    for _ in range(MOST_STEPS):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        rounds += focused is None  # once past the end, and on from the beginning
        if rounds == 2 or (focused and focused["number"] in reached):
            break
        if focused is None:
            continue
        reached.add(focused["number"])
        if not focused["marked"]:
            unmarked.append(focused["html"])
    assert total > 0
    return page.evaluate(MISSED, sorted(reached)), unmarked


def clicked_only(page):
    """Return what listens for a pointer and is no control that a key works on."""
    session = page.context.new_cdp_session(page)
    document = session.send("Runtime.evaluate", {"expression": "document.documentElement"})
    found = session.send(
        "DOMDebugger.getEventListeners",
        {"objectId": document["result"]["objectId"], "depth": -1},
    )
    keyed = {one["backendNodeId"] for one in found["listeners"] if one["type"] == "keydown"}
    alone = []
    for backend_id in {
        one["backendNodeId"] for one in found["listeners"] if one["type"] in POINTED
    } - keyed:
        node = session.send("DOM.resolveNode", {"backendNodeId": backend_id})["object"]
        told = session.send(
            "Runtime.callFunctionOn",
            {
                "objectId": node["objectId"],
                "functionDeclaration": POINTER_ONLY,
                "arguments": [{"value": CONTROLS}],
                "returnByValue": True,
            },
        )
        if told["result"]["value"]:
            alone.append(told["result"]["value"])
    return alone


def test_what_only_a_pointer_reaches_would_be_seen(site, page_as):
    page = page_as("owner")
    page.goto(f"{page.base}/search")
    page.evaluate("""() => {
      const box = document.createElement("div");
      box.textContent = "a box";
      box.addEventListener("click", () => {});
      document.querySelector("main").append(box);
      document.querySelector("main a, main input").tabIndex = -1;
    }""")
    assert clicked_only(page) == ["<div>a box</div>"]
    page.evaluate("document.head.append(Object.assign(document.createElement('link'), {}))")
    before = page.evaluate(REACHABLE, CONTROLS)
    page.evaluate("""() => {
      const lost = document.createElement("button");
      lost.textContent = "lost";
      lost.addEventListener("focus", () => lost.blur());
      document.querySelector("main").append(lost);
    }""")
    assert page.evaluate(REACHABLE, CONTROLS) == before + 1
    missed, _ = by_tab(page)
    assert [one for one in missed if "lost" in one]


def test_all_that_can_be_clicked_is_reached_by_tab_and_shows_it(site, page_as):
    put_item(site.service)
    put_claim(site.service)
    page = page_as("owner")
    wrong = {}
    for path in pages():
        page.goto(page.base + path)
        if not page.locator("html[lang]").count():
            continue  # a part of a page, seen in it
        page.wait_for_load_state("networkidle")
        missed, unmarked = by_tab(page)
        pointed = clicked_only(page)
        if missed or unmarked or pointed:
            wrong[path] = {"missed": missed, "unmarked": unmarked, "clicked only": pointed}
    assert not wrong
    page.complaints.clear()  # of the final proposal, which is asked for before any inspection


def press(page, name, key="Enter", role="button"):
    page.get_by_role(role, name=name).focus()
    page.keyboard.press(key)


def test_the_comparison_is_worked_by_keys(site, page_as):
    put_item(site.service)
    put_claim(site.service)
    page = page_as("support")
    page.goto(f"{page.base}/claims/claim-1/comparison")
    page.wait_for_selector('#compare[data-ready="beside"]')
    zoom = page.locator(".two output").first
    press(page, "Nearer")
    first = zoom.inner_text()
    page.keyboard.press("Space")
    expect(zoom).not_to_have_text(first)
    press(page, "Slider", "Space")
    page.wait_for_selector('#compare[data-ready="slider"]')
    line = page.get_by_label("Where the photos meet")
    before = line.input_value()
    line.focus()
    page.keyboard.press("ArrowRight")
    assert line.input_value() != before
    stage = page.locator("#laid")
    stage.focus()
    still = page.locator("#laid .moved").get_attribute("style")
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#laid .moved")).not_to_have_attribute("style", still or "")
    press(page, "Blink")
    page.wait_for_selector('#compare[data-ready="blink"]')
    press(page, "Change over")
    expect(page.get_by_text("Now: from the customer")).to_be_visible()
    press(page, "Difference")
    expect(page.locator('figure[data-for="difference"] img')).to_be_visible()


def test_a_key_is_made_and_its_secret_is_not_lost_by_escape(site, page_as):
    page = page_as("owner")
    page.goto(f"{page.base}/staff")
    page.get_by_label("Program", exact=True).focus()
    page.keyboard.type("returns")
    page.keyboard.press("Tab")
    page.keyboard.press("End")  # the last scope
    press(page, "Add a key")
    secret = page.locator("#secret-itself")
    expect(secret).to_be_visible()
    for _ in range(3):  # browsers let the second one through where a page only refuses
        page.keyboard.press("Escape")
    expect(secret).to_be_visible()
    press(page, "Done")
    expect(secret).to_be_hidden()
    assert [key.name for key in site.service.registry.all_api_keys()] == ["returns"]


def test_a_photo_is_searched_for_again_without_an_order(site, page_as):
    put_item(site.service)
    page = page_as("support")
    page.goto(f"{page.base}/search")
    photo = {"name": "front.jpg", "mimeType": "image/jpeg", "buffer": front()}
    page.get_by_label("Pick a photo").set_input_files([photo])
    expect(page.locator('[data-list="found"] a')).to_have_text("Item item-1")
    page.get_by_label("Leave out this order").focus()
    page.keyboard.type("order-1")
    page.keyboard.press("Enter")
    expect(page.locator("#none")).to_be_visible()


def test_a_photo_is_searched_for_again_and_examined(site, page_as):
    put_item(site.service)
    page = page_as("support")
    page.goto(f"{page.base}/search")
    photo = {"name": "front.jpg", "mimeType": "image/jpeg", "buffer": front(seed=2)}
    page.get_by_label("Pick a photo").set_input_files([photo])
    told = page.locator('[data-list="found"] .told')
    expect(told).to_have_text("same artwork")
    page.get_by_label("Read the print").focus()
    page.keyboard.press("Space")
    expect(told).to_have_text("same item")


def test_the_log_is_narrowed_by_keys(site, page_as):
    put_item(site.service)
    put_claim(site.service)
    page = page_as("owner")
    page.goto(f"{page.base}/log")
    page.locator("select[name=subject]").focus()
    page.keyboard.type("Item")
    page.keyboard.press("Tab")
    press(page, "Show")
    page.wait_for_url("**/log?subject=item*")
    expect(page.get_by_text("Claim opened")).to_have_count(0)
