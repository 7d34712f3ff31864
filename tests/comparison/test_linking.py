import numpy as np

from evidence.comparison.linking import box_around, find_pieces, make_piece
from evidence.settings import ChangeSettings

WANTED = ChangeSettings()  # 10 pixels a millimetre


def pieces(*boxes, strength=20.0):
    """Find pieces in boxes of pixels: left, top, right, bottom."""
    score = np.zeros((300, 300), np.float32)
    for left, top, right, bottom in boxes:
        score[top:bottom, left:right] = strength
    return find_pieces(score, score > 0, settings=WANTED)


def test_a_broken_line_is_one_piece():
    (line,) = pieces((10, 100, 60, 103), (110, 102, 160, 105), (200, 101, 260, 104))
    assert line.box == (10, 100, 260, 105)
    assert line.is_line
    assert abs(line.along[0]) > 0.99


def test_lines_that_do_not_point_at_each_other_stay_two():
    assert len(pieces((10, 100, 60, 103), (110, 80, 113, 130))) == 2
    assert len(pieces((10, 100, 60, 103), (10, 150, 60, 153))) == 2  # side by side


def test_a_line_goes_on_only_where_it_pointed():
    assert len(pieces((10, 100, 110, 103), (150, 110, 250, 113))) == 1  # 1 mm off its course
    assert len(pieces((10, 100, 110, 103), (150, 125, 250, 128))) == 2  # 2.5 mm


def test_spots_close_by_are_one_and_far_apart_two():
    assert len(pieces((10, 10, 30, 30), (45, 10, 65, 30))) == 1  # 1.5 mm
    assert len(pieces((10, 10, 30, 30), (70, 10, 90, 30))) == 2  # 4 mm


def test_weak_spots_are_not_gathered_into_a_large_one():
    assert len(pieces((10, 10, 30, 30), (45, 10, 65, 30), strength=5.0)) == 2


def test_where_nothing_is_likely_there_is_no_piece():
    assert pieces() == []


def test_a_speck_is_no_piece():
    assert pieces((10, 10, 12, 12)) == []


def test_half_of_a_disc_has_about_the_box_of_the_whole_one():
    rows, columns = np.mgrid[:100, :100]
    x, y = columns - 50, rows - 50
    half = (x * x + y * y <= 30 * 30) & (x + y <= 0)
    piece = make_piece(*np.nonzero(half), np.ones((100, 100), np.float32))
    assert np.allclose(box_around(piece), (20, 20, 81, 81), atol=2)
    assert piece.box[2] < 75
