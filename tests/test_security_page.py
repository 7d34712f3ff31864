"""docs/security.md names every requirement of OWASP ASVS 5.0, levels 1 and 2, and real files."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs/security.md").read_text("utf-8")
ROW = re.compile(r"^\| (\d+\.\d+\.\d+) \| ([12]) \| (.*?) \| (.+?) \| (.+) \|$", re.MULTILINE)
# Section -> its requirements of levels 1 and 2; those left out are of level 3.
ASVS = """
1.1 1 2 / 1.2 1 2 3 4 5 6 7 8 9 / 1.3 1 2 3 4 5 6 7 8 9 10 11 / 1.4 1 2 3 / 1.5 1 2
2.1 1 2 3 / 2.2 1 2 3 / 2.3 1 2 3 4 / 2.4 1
3.2 1 2 / 3.3 1 2 3 4 / 3.4 1 2 3 4 5 6 / 3.5 1 2 3 4 5 / 3.7 1 2
4.1 1 2 3 / 4.2 1 / 4.3 1 2 / 4.4 1 2 3 4
5.1 1 / 5.2 1 2 3 / 5.3 1 2 / 5.4 1 2 3
6.1 1 2 3 / 6.2 1 2 3 4 5 6 7 8 9 10 11 / 6.3 1 2 3 / 6.4 1 2 3 4 / 6.5 1 2 3 4 5 / 6.6 1 2 3
6.8 1 2 3
7.1 1 2 3 / 7.2 1 2 3 4 / 7.3 1 2 / 7.4 1 2 3 4 5 / 7.5 1 2 / 7.6 1 2
8.1 1 2 / 8.2 1 2 3 / 8.3 1 / 8.4 1
9.1 1 2 3 / 9.2 1 2 3 4
10.1 1 2 / 10.2 1 2 / 10.3 1 2 3 4 / 10.4 1 2 3 4 5 6 7 8 9 10 11 / 10.5 1 2 3 4 5 / 10.6 1 2
10.7 1 2 3
11.1 1 2 / 11.2 1 2 3 / 11.3 1 2 3 / 11.4 1 2 3 / 11.5 1 / 11.6 1
12.1 1 2 3 / 12.2 1 2 / 12.3 1 2 3 4
13.1 1 / 13.2 1 2 3 4 5 / 13.3 1 2 / 13.4 1 2 3 4 5
14.1 1 2 / 14.2 1 2 3 4 / 14.3 1 2 3
15.1 1 2 3 / 15.2 1 2 3 / 15.3 1 2 3 4 5 6 7
16.1 1 / 16.2 1 2 3 4 5 / 16.3 1 2 3 4 / 16.4 1 2 3 / 16.5 1 2 3
17.1 1 / 17.2 1 2 3 4 / 17.3 1 2
"""


def asked_for():
    for section in re.split(r"[/\n]", ASVS):
        if section.strip():
            name, *numbers = section.split()
            yield from (f"{name}.{number}" for number in numbers)


def test_every_requirement_has_its_line_and_no_other():
    assert [number for number, *_ in ROW.findall(PAGE)] == list(asked_for())


def test_every_line_says_met_not_applicable_or_open_and_why():
    for number, _, state, asks, why in ROW.findall(PAGE):
        assert state in ("met", "not applicable", "open"), number
        assert len(asks) > 3, number
        assert len(why) > 3, number


def test_every_file_that_a_page_names_is_there():
    pages = PAGE + (ROOT / "docs/threats.md").read_text("utf-8")
    named = set(re.findall(r"`((?:api|evidence|tests|docs)/[\w./-]+\.\w+)`", pages))
    assert len(named) >= 50
    assert not [name for name in named if not (ROOT / name).is_file()]
