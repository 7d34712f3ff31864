import numpy as np
import pytest
from comparison.squares import PRINT, SIZE, laid

from evidence.comparison.veil import measure_veil
from evidence.settings import StainSettings

WANTED = StainSettings()
SPOT = (slice(350, 470), slice(250, 370))


NOWHERE = np.zeros(SIZE[::-1], bool)


def measure(query, shown=True, crossed=NOWHERE):
    """Hold a query against a card of coloured squares."""
    return measure_veil(laid(query, shown), crossed, settings=WANTED)


def within(veil):
    return float(np.median(veil.amount[95:110, 70:85]))


def stained(share=1.0):
    """The print with a brown veil over the spot."""
    query = PRINT.copy()
    query[SPOT] *= 1 - share * np.array(WANTED.absorbed, np.float32)
    return query


def test_a_whole_veil_is_seen_where_it_lies_and_only_there():
    veil = measure(stained())
    assert within(veil) > 0.5
    assert np.median(np.abs(veil.amount[:60])) < 0.05


def test_half_a_veil_is_about_half_as_much():
    assert within(measure(stained(0.5))) == pytest.approx(within(measure(stained())) / 2, rel=0.3)


def test_a_veil_goes_on_below_a_line_that_is_known():
    query, line = stained(), (slice(0, 880), slice(304, 314))
    query[line] = 245
    crossed = NOWHERE.copy()
    crossed[line] = True
    across = slice(95, 110), slice(76, 78)
    assert np.median(measure(query).amount[across]) < 0.3
    known = measure(query, crossed=crossed)
    assert np.median(known.amount[across]) > 0.45
    assert known.seen[across].all()


def test_the_same_print_has_no_veil():
    assert np.abs(measure(PRINT).amount).max() < 0.05


def test_light_that_changes_slowly_is_no_veil():
    ramp = np.linspace(0.7, 1.1, SIZE[1], dtype=np.float32)[:, None, None]
    assert np.abs(measure(PRINT * ramp).amount[20:-20, 20:-20]).max() < 0.15


def test_a_veil_that_is_gone_counts_below_nothing():
    query = PRINT.copy()
    query[SPOT] = np.minimum(query[SPOT] / (1 - np.array(WANTED.absorbed)), 255)
    assert within(measure(query)) < -0.3


def test_nothing_is_told_where_a_photo_shows_nothing():
    veil = measure(stained(), shown=False)
    assert not veil.seen.any()
    assert not veil.amount.any()
