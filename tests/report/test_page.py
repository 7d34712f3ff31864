import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from xml.etree import ElementTree

import numpy as np
import pytest

from evidence.comparison.verdict import Finding
from evidence.evaluate import REFUSED, Evaluation, Outcome, Pair, summarise
from evidence.evaluate.outcome import Lap
from evidence.report.page import make_page
from evidence.report.worst import pick_worst
from evidence.settings import Settings
from evidence.text import Text

HOSTILE = "<img src=x onerror=alert(1)>/\"'&.jpg"
VOID = {"meta", "img", "br"}


def outcome(label, verdict, llr, *, name="set/a.jpg", shortfalls=(), **others):
    pair = Pair(name, "set/b.jpg", label, "certain", others)
    findings = (Finding("design.appearance", Text("It agrees & <more>.", "一致")),)
    refusal = "set/b.jpg: damaged" if verdict == REFUSED else ""
    return Outcome(pair, verdict, llr, None, shortfalls, 0.5, findings, refusal=refusal)


OUTCOMES = (
    outcome("same_item", "same_design", 2.0),
    outcome("same_design", "inconclusive", -3.0, shortfalls=("glare",), name=HOSTILE),
    outcome("same_design", "different_product", -1.0),
    outcome("different", "different_product", -2.0),
    outcome("different", "same_design", 0.9, kind="same_artwork"),
    outcome("different", REFUSED, None),
)


def page_of(*outcomes, pictures=None):
    laps = {"reading a photo": tuple(Lap(0.1 * step, 0.05 * step) for step in range(1, 5))}
    evaluation = Evaluation(outcomes, laps, {"reading": 300_000_000}, 2)
    worst = pick_worst(outcomes)
    return make_page(
        evaluation,
        summarise(evaluation),
        worst,
        [b"JPEG"] * len(worst) if pictures is None else pictures,
        settings=Settings(),
        made=datetime(2025, 3, 10, tzinfo=UTC),
    )


class Reader(HTMLParser):
    """Fails on a tag that is not closed, and collects what a browser would ask for."""

    def __init__(self):
        super().__init__()
        self.open, self.seen, self.addresses, self.handlers = [], set(), [], []

    def handle_starttag(self, tag, attrs):
        self.seen.add(tag)
        self.addresses += [value for key, value in attrs if key in ("src", "href", "xlink:href")]
        self.handlers += [key for key, _ in attrs if key.startswith("on")]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        self.open.pop()

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def read(page):
    reader = Reader()
    reader.feed(page)
    reader.close()
    assert not reader.open
    return reader


def test_the_page_asks_for_nothing_from_outside_and_runs_nothing():
    page = page_of(*OUTCOMES)
    reader = read(page)
    assert reader.addresses
    assert all(address.startswith("data:image/jpeg;base64,") for address in reader.addresses)
    assert not reader.seen & {"script", "link", "iframe", "object"}
    assert not reader.handlers
    assert "url(" not in page
    assert "@import" not in page


def test_a_hostile_file_name_stays_a_name():
    page = page_of(*OUTCOMES)
    read(page)
    assert HOSTILE not in page
    assert "&lt;img src=x onerror=alert(1)&gt;" in page


def test_a_hostile_column_or_folder_stays_text():
    rows = [outcome("same_item", "same_design", 2.0, condition=mark) for mark in ("<b>", "foil")]
    page = page_of(*rows, outcome("different", "different_product", -2.0, name="<i>/a.jpg"))
    read(page)
    assert "<th>&lt;b&gt;</th>" in page
    assert "<th>&lt;i&gt;</th>" in page


def test_every_plot_is_well_formed():
    plots = re.findall(r"<svg.*?</svg>", page_of(*OUTCOMES), re.DOTALL)
    assert len(plots) == 4
    for plot in plots:
        ElementTree.fromstring(plot)  # noqa: S314 - our own words
        assert "nan" not in plot.lower()


@pytest.mark.parametrize(
    "outcomes",
    [
        OUTCOMES[:1],
        OUTCOMES[3:4],
        OUTCOMES[5:],
        OUTCOMES[4:5],
        [outcome("same_item", "same_design", 0.0), outcome("different", "inconclusive", 0.0)],
    ],
    ids=["same only", "different only", "refused only", "counted apart only", "says nothing"],
)
def test_a_set_that_lacks_something_still_gives_a_page(outcomes):
    read(page_of(*outcomes))


def test_pairs_that_are_counted_apart_are_told_but_not_drawn():
    page = page_of(OUTCOMES[4])
    assert "different products (same artwork): 1 pairs" in page
    assert "no pair with a weight to draw" in page


def test_the_bounds_of_what_never_happened_are_shown():
    rows = [outcome("same_item", "same_design", 2.0) for _ in range(100)]
    page = page_of(*rows, outcome("different", "different_product", -2.0))
    assert "<b>0</b> 0.0%<br><small>0.0% to 3.6%<" in page  # 1 - 0.025 ** (1 / 100)


def test_reasons_refusals_stages_and_memory_are_told():
    page = page_of(*OUTCOMES)
    for told in ("glare", "set/b.jpg: damaged", "reading a photo", "0.250", "300 MB"):
        assert told in page


def test_a_picture_that_could_not_be_drawn_is_said_and_the_rest_is_shown():
    page = page_of(*OUTCOMES[:1], pictures=[b""])
    assert "could not be drawn" in page
    assert "It agrees &amp; &lt;more&gt;." in page


def test_wrong_verdicts_come_first_then_open_ones_then_right_ones_and_no_more_than_ten():
    rng = np.random.default_rng(0)
    right = [outcome("same_item", "same_design", llr) for llr in rng.uniform(1, 2, 12)]
    worst = pick_worst([*right, *OUTCOMES])
    assert [one.verdict for one in worst[:3]] == [
        "different_product", "same_design", "inconclusive",
    ]  # fmt: skip
    assert [one.pair.label for one in worst[:3]] == ["same_design", "different", "same_design"]
    rest = [one.design_llr for one in worst[3:]]
    assert rest == sorted(rest)
    assert len(worst) == 10
    assert REFUSED not in {one.verdict for one in worst}
