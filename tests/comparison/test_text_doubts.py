import numpy as np
from comparison.printed import IN_PLACE, scan
from photo.shots import SETTINGS

from evidence.comparison.laying import lay_items
from evidence.comparison.text_doubts import (
    NO_LINES,
    count_hidden,
    look_unlike,
    other_rows,
    pair_seen,
    rows_around,
)
from evidence.comparison.text_finding import find_text

TEXT = SETTINGS.text
LINES = ("Draw three cards, then", "discard the oldest one", "Rivals lose coins")
OTHER = (LINES[0], "Look at the top of it", LINES[2])


def doubt(lines, others):
    laid = lay_items(scan(*lines), scan(*others), IN_PLACE)
    boxes = find_text(laid.reference, settings=TEXT)
    alone = pair_seen(boxes, NO_LINES, laid, settings=TEXT)
    return laid, boxes, look_unlike(alone, laid, settings=TEXT)


def test_only_a_line_that_says_something_else_is_in_doubt():
    assert doubt(LINES, LINES)[2] == []
    assert len(doubt(LINES, OTHER)[2]) == 1


def test_a_doubtful_line_that_the_query_does_not_show_is_counted_as_hidden():
    laid, boxes, doubtful = doubt(LINES, OTHER)
    blank = pair_seen(boxes, NO_LINES, laid, settings=TEXT)
    assert count_hidden(blank, doubtful) == len(doubtful) > 0
    theirs = find_text(laid.query, settings=TEXT)
    assert count_hidden(pair_seen(boxes, theirs, laid, settings=TEXT), doubtful) == 0


def test_the_other_rows_are_all_that_is_left():
    _, _, doubtful = doubt(LINES, OTHER)
    rows = rows_around(doubtful, TEXT)
    assert rows[0][0] < doubtful[0].box[1] < doubtful[0].box[3] < rows[0][1]
    for some in (
        [(100.0, 200.0)],
        [(150.0, 300.0), (-5.0, 90.0)],
        [(0.0, 850.0), (100.0, 200.0)],
        [(400.0, 990.0)],
    ):
        covered = np.zeros(900, int)
        for first, last in (*some, *other_rows(some, 900, TEXT)):
            covered[max(0, round(first)) : round(last)] += 1
        assert covered.min() >= 1
        assert (covered > 1).mean() < 0.5  # seams alone are searched twice
    assert other_rows([(-5.0, 900.0)], 900, TEXT) == []
