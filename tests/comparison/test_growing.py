import numpy as np
import pytest

from evidence.comparison.growing import grow, trim
from evidence.comparison.pieces import make_piece
from evidence.settings import ChangeSettings

WANTED = ChangeSettings()


def hollow(strong, faint):
    """A mark of 4 by 4 mm, of which only the left half stands out well."""
    score = np.random.default_rng(0).uniform(0, 1.5, (200, 200)).astype(np.float32)
    score[80:120, 80:120] = faint
    score[80:120, 80:95] = strong
    rows, columns = (part.ravel() for part in np.mgrid[80:120, 80:95])
    return make_piece(rows, columns, score), score


def grown(piece, score, taken=None):
    taken = np.zeros(score.shape, bool) if taken is None else taken
    return grow(piece, score, taken, settings=WANTED).box


def test_the_fainter_half_of_a_mark_is_its_own():
    piece, score = hollow(12, 3)
    assert grown(piece, score) == pytest.approx((80, 80, 120, 120), abs=1)


def test_the_soft_tail_of_a_strong_edge_is_not():
    piece, score = hollow(60, 3)
    assert grown(piece, score) == pytest.approx(piece.box, abs=1)


def test_what_does_not_touch_it_stays_out():
    piece, score = hollow(12, 1)
    score[80:120, 110:120] = 10
    assert grown(piece, score) == pytest.approx(piece.box, abs=1)


def test_it_grows_by_no_more_than_it_may():
    piece, score = hollow(12, 3)
    score[:] = np.maximum(score, 3)
    left, top, right, bottom = grown(piece, score)
    reach = round(WANTED.grow_mm * WANTED.px_per_mm)
    assert (left, top, right, bottom) == (80 - reach, 80 - reach, 95 + reach, 120 + reach)


def test_a_chain_of_weak_places_is_cut_off_a_strong_mark():
    score = np.zeros((200, 200), np.float32)
    score[80:90, 20:60] = 60
    score[84:86, 60:150] = 5
    piece = make_piece(*np.nonzero(score), score)
    assert trim(piece, score, settings=WANTED).box == (20, 80, 60, 90)


def test_the_weaker_part_of_a_mark_that_is_not_so_strong_stays():
    score = np.zeros((200, 200), np.float32)
    score[80:90, 20:60] = 20
    score[84:86, 60:150] = 5
    piece = make_piece(*np.nonzero(score), score)
    assert trim(piece, score, settings=WANTED).box == piece.box


def test_it_does_not_grow_on_to_another_mark():
    piece, score = hollow(12, 3)
    taken = np.zeros(score.shape, bool)
    taken[piece.rows, piece.columns] = taken[70:130, 104:108] = True
    assert grown(piece, score, taken) == pytest.approx((80, 80, 104, 120), abs=1)
