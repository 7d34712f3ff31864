import numpy as np

from evidence.comparison.linking import find_pieces
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
    assert len(pieces((10, 100, 110, 103), (150, 135, 250, 138))) == 2  # 3.5 mm


def test_a_line_goes_on_past_no_gap_that_is_longer_than_what_follows():
    assert len(pieces((10, 100, 110, 103), (150, 100, 180, 103))) == 1  # 4 mm to 3 mm
    assert len(pieces((10, 100, 110, 103), (170, 100, 200, 103))) == 2  # 6 mm to 3 mm


def test_a_bent_line_that_is_broken_is_one_piece():
    score = np.zeros((300, 300), np.float32)
    for x in (*range(20, 120), *range(150, 280)):
        y = 100 + round((x - 150) ** 2 / 600)
        score[y : y + 4, x] = 20
    assert [piece.box[:3:2] for piece in find_pieces(score, score > 0, settings=WANTED)] == [
        (20, 280)
    ]


def test_two_arcs_of_a_circle_are_no_line():
    score = np.zeros((300, 300), np.float32)
    for start in (0.0, 1.0):
        for angle in np.linspace(start, start + 0.8, 400):
            x, y = round(50 + 130 * np.cos(angle)), round(50 + 130 * np.sin(angle))
            score[y : y + 4, x : x + 4] = 20
    assert len(find_pieces(score, score > 0, settings=WANTED)) == 2


def test_a_spot_beside_a_line_stays_a_spot():
    line, spot = pieces((10, 100, 260, 103), (100, 112, 130, 142))
    assert {line.box, spot.box} == {(10, 100, 260, 103), (100, 112, 130, 142)}


def test_the_shadow_of_a_line_is_the_lines():
    (line,) = pieces((10, 100, 260, 103), (60, 106, 200, 112))
    assert line.box == (10, 100, 260, 112)


def test_spots_close_by_are_one_and_far_apart_two():
    assert len(pieces((10, 10, 30, 30), (45, 10, 65, 30))) == 1  # 1.5 mm
    assert len(pieces((10, 10, 30, 30), (70, 10, 90, 30))) == 2  # 4 mm


def test_weak_spots_are_not_gathered_into_a_large_one():
    assert len(pieces((10, 10, 30, 30), (45, 10, 65, 30), strength=5.0)) == 2


def test_where_nothing_is_likely_there_is_no_piece():
    assert pieces() == []


def test_a_speck_is_no_piece():
    assert pieces((10, 10, 12, 12)) == []
