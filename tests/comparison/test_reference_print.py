from dataclasses import replace

import pytest
from comparison.printed import IN_PLACE, scan
from comparison.test_printed_text import LINES, OTHER, QUICK

from evidence.comparison.printed_text import compare_text
from evidence.comparison.reference_print import find_print

QUERY = scan(OTHER, OTHER[::-1], *LINES[2:])


def compare(known):
    return compare_text(scan(*LINES), QUERY, IN_PLACE, settings=QUICK, known=known)


def test_what_was_found_before_leads_to_the_same_places():
    found = find_print(scan(*LINES), settings=QUICK)
    assert len(found.lines) >= len(LINES)
    assert not found.turned
    assert len(found.texts) == len(found.lines)
    assert compare(None).differences
    assert compare(found) == compare(None)


@pytest.mark.parametrize("wrong", ["lines", "turned"])
def test_it_is_taken_and_not_found_again(wrong):
    found = find_print(scan(*LINES), settings=QUICK)
    other = {"lines": replace(found, lines=()), "turned": replace(found, turned=True)}[wrong]
    assert compare(other) != compare(None)


def test_what_a_line_says_by_itself_decides_whether_it_is_read_once_more():
    found = find_print(scan(*LINES), settings=QUICK)
    as_theirs = find_print(QUERY, settings=QUICK)
    assert len(found.lines) == len(as_theirs.lines)
    assert not compare(replace(found, texts=as_theirs.texts)).differences


def test_more_lines_than_are_compared_are_not_read():
    few = replace(QUICK, most_places=2)
    found = find_print(scan(*LINES), settings=few)
    assert (len(found.lines) > 2, found.texts) == (True, ())
    query = compare_text(scan(*LINES), QUERY, IN_PLACE, settings=few, known=found)
    assert query == compare_text(scan(*LINES), QUERY, IN_PLACE, settings=few)
