import numpy as np
import pytest

from evidence.comparison.cells import Cells
from evidence.comparison.fine_laying import FineItems, _channels
from evidence.comparison.veil import measure_veil
from evidence.photo.frame import Frame
from evidence.settings import StainSettings

WANTED = StainSettings()
SIZE = (630, 880)
SPOT = (slice(350, 470), slice(250, 370))
PIXELS = np.random.default_rng(3).integers(60, 230, (22, 16, 3)).astype(np.float32)
PRINT = np.kron(PIXELS, np.ones((40, 40, 1), np.float32))[: SIZE[1], : SIZE[0]]


def measure(query, shown=True):
    """Hold a query against a card of coloured squares."""
    cells = Cells(SIZE, (88, 63), 1.0)
    seen = np.full(SIZE[::-1], shown)
    ours, theirs = (
        _channels(np.clip(np.rint(pixels), 0, 255).astype(np.uint8)) for pixels in (PRINT, query)
    )
    frame = Frame(*SIZE, np.eye(3), 10.0)
    depth = np.full(SIZE[::-1], 5.0, np.float32)
    items = FineItems(frame, cells, ours, theirs, seen, seen, seen, depth)
    return measure_veil(items, settings=WANTED)


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
