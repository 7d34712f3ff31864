"""``python -m bench.hints``: what the live camera's hints measure on made-up frames, in Chromium.

Each frame is a simulated photo as a camera at the packing table sends it: 720 x 1280, the item
filling the outline. What is measured is the pages' own script, on the canvases that it draws.
"""

import argparse
import base64
import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
from playwright.sync_api import Page, Route, sync_playwright

from api.pages.static_files import static_files
from fixtures.scene import Scene
from fixtures.subject import CardSubject, take_photo

SITE = "http://hints.test/"
FRAME = Scene(1, size=(720, 1280), fill=0.88, tilt=2.0)  # the share that the outline takes
SUBJECTS = (
    CardSubject(1, 11, 101), CardSubject(1, 12, 102, side="back"), CardSubject(2, 13, 103),
    CardSubject(3, 14, 104, full_art=True), CardSubject(4, 15, 105, sleeve=3),
)  # fmt: skip
SURFACES = ("wood", "play_mat", "grey", "desk")
CONDITIONS: dict[str, dict[str, Any]] = {  # 10 px are 1 mm on the card
    "good": {},
    "dim": {"exposure": 0.5},
    "exposure 0.25": {"exposure": 0.25},
    "exposure 0.1": {"exposure": 0.1},
    "exposure 2": {"exposure": 2.0},
    "exposure 4": {"exposure": 4.0},
    "defocus 0.2 mm": {"defocus": 2.0},
    "defocus 0.4 mm": {"defocus": 4.0},
    "defocus 0.8 mm": {"defocus": 8.0},
    "shake 0.5 mm": {"motion": 5.0},
    "shake 1 mm": {"motion": 10.0},
    "glare 0.5": {"glare": 0.5},
    "glare 1": {"glare": 1.0},
    "size 90 %": {"fill": 0.79},
    "size 85 %": {"fill": 0.75},
    "size 80 %": {"fill": 0.70},
    "size 60 %": {"fill": 0.53},
    "size 114 %": {"fill": 1.0},
}
MEASURE = """async (address) => {
  const { draw } = await import("/live.js");
  const { FINE, SIDE, judge, measure, outlineIn } = await import("/hints.js");
  const image = new Image();
  image.src = address;
  await image.decode();
  const [width, height] = [image.naturalWidth, image.naturalHeight];
  const box = outlineIn(width, height, 63 / 88);
  const context = () => document.createElement("canvas").getContext("2d");
  const began = performance.now();
  const scale = SIDE / Math.max(width, height);
  const all = { x: 0, y: 0, width, height };
  const small = draw(context(), image, all, width * scale, height * scale);
  const fine = draw(context(), image, box, FINE, (FINE * box.height) / box.width);
  const shrunk = {};
  for (const [name, value] of Object.entries(box)) shrunk[name] = value * scale;
  const { mean, white, sharp, glare, filled } = measure(small, shrunk, fine);
  const codes = judge({ mean, white, sharp, glare, filled, moved: 0 });
  return { mean, white, sharp, glare, filled, codes, ms: performance.now() - began };
}"""


def frames(condition: str) -> Iterator[bytes]:
    """Draw the condition's frames: each subject on each surface."""
    for number, (subject, surface) in enumerate(product(SUBJECTS, SURFACES)):
        scene = replace(FRAME, seed=number + 1, surface=surface, **CONDITIONS[condition])
        yield take_photo(subject, scene).jpeg


def measure_frames(page: Page, condition: str) -> list[dict[str, Any]]:
    """Measure the condition's frames, one after the other."""
    found = []
    for jpeg in frames(condition):
        address = "data:image/jpeg;base64," + base64.b64encode(jpeg).decode()
        found.append(page.evaluate(MEASURE, address))
    return found


def tell(condition: str, found: list[dict[str, Any]]) -> str:
    """Return a row: each measure's 5 and 95 % quantiles, and how often each hint was given."""
    cells = [condition]
    for name in ("mean", "white", "sharp", "glare", "filled", "ms"):
        values = [np.nan if one[name] is None else one[name] for one in found]
        low, high = np.nanquantile(values, [0.05, 0.95])
        cells.append(f"{low:.3g} to {high:.3g}")
    codes = [code for one in found for code in one["codes"]]
    told = {code: codes.count(code) for code in dict.fromkeys(codes)}
    told["good"] = sum(not one["codes"] for one in found)
    cells.append(", ".join(f"{code} {count}" for code, count in told.items() if count))
    return f"| {' | '.join(cells)} |"


def answer(route: Route) -> None:
    """Give the browser the pages' scripts; an empty page for whatever else."""
    name = route.request.url.removeprefix(SITE)
    file = static_files().get(name)
    if file is None:
        route.fulfill(body="<!doctype html>", content_type="text/html")
    else:
        route.fulfill(body=file.data, content_type=file.media_type)


def main() -> None:
    """Print a table; with ``--json FILE`` keep every frame's measures too."""
    parser = argparse.ArgumentParser(prog="python -m bench.hints", description=__doc__)
    parser.add_argument("--json", help="file for every frame's measures")
    asked = parser.parse_args()
    kept = {}
    with sync_playwright() as playwright:
        chromium = shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page()
        page.route(f"{SITE}**", answer)
        page.goto(SITE)
        print("| frames | mean | white | sharp | glare | filled | ms | hints |")
        print("| --- | --- | --- | --- | --- | --- | --- | --- |")
        for condition in CONDITIONS:
            kept[condition] = measure_frames(page, condition)
            print(tell(condition, kept[condition]), flush=True)
        browser.close()
    if asked.json:
        with open(asked.json, "w", encoding="utf-8") as file:
            json.dump(kept, file)


if __name__ == "__main__":
    main()
