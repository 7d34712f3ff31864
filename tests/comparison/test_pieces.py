import numpy as np
import pytest

from evidence.comparison.pieces import box_around, gather_pieces, make_piece, points_of
from evidence.settings import ChangeSettings

WANTED = ChangeSettings()


def test_neighbouring_places_are_one_piece_the_strongest_first():
    score = np.zeros((100, 100), np.float32)
    score[10:20, 10:20] = score[10:20, 25:30] = 5  # half a millimetre apart
    score[60:70, 10:20] = 9
    assert [piece.box for piece in gather_pieces(score, score > 0, settings=WANTED)] == [
        (10, 60, 20, 70),
        (10, 10, 30, 20),
    ]


def test_a_piece_tells_its_strength_and_its_stroke():
    score = np.ones((100, 100), np.float32)
    rows, columns = (part.ravel() for part in np.mgrid[50:54, 10:90])
    score[52, 40] = 7
    piece = make_piece(rows, columns, score)
    assert piece.strength == 7
    assert piece.width == pytest.approx(4, rel=0.2)
    assert piece.is_line
    assert piece.is_straight
    assert not piece.is_arc


def test_points_are_x_and_y_and_no_more_than_about_as_many_as_asked_for():
    rows, columns = (part.ravel() for part in np.mgrid[50:54, 10:90])
    piece = make_piece(rows, columns, np.ones((100, 100), np.float32))
    assert points_of(piece)[0].tolist() == [10, 50]
    assert len(points_of(piece)) == 320
    assert len(points_of(piece, 100)) == 107


def test_half_of_a_disc_has_about_the_box_of_the_whole_one():
    rows, columns = np.mgrid[:100, :100]
    x, y = columns - 50, rows - 50
    half = (x * x + y * y <= 30 * 30) & (x + y <= 0)
    piece = make_piece(*np.nonzero(half), np.ones((100, 100), np.float32))
    assert np.allclose(box_around(piece), (20, 20, 81, 81), atol=2)
    assert piece.box[2] < 75
