import numpy as np

from evidence.comparison.parting import keep_line, lies_beside, part_lines
from evidence.comparison.pieces import gather_pieces
from evidence.settings import ChangeSettings

WANTED = ChangeSettings()  # 10 pixels a millimetre
SHAPE = 300, 400


def draw(score, start, stop, strength=50.0, wide=4):
    """Draw a line from one (x, y) to another."""
    t = np.linspace(0, 1, 1000)
    for x, y in np.array(start) + t[:, None] * (np.array(stop) - np.array(start)):
        row, column = round(y), round(x)
        score[row : row + wide, column : column + wide] = strength


def part(score):
    pieces = gather_pieces(score, score > 0, settings=WANTED)
    assert len(pieces) == 1  # all of it is connected
    return [piece.box for piece in part_lines(pieces, score, settings=WANTED)]


def test_two_lines_that_cross_are_two_marks():
    score = np.zeros(SHAPE, np.float32)
    draw(score, (20, 20), (360, 200), 60.0)
    draw(score, (60, 250), (240, 30), 50.0)
    boxes = part(score)
    assert boxes[0] == (20, 20, 364, 204)
    assert min(box[0] for box in boxes[1:]) == 60
    assert max(box[3] for box in boxes[1:]) == 254


def test_a_dent_that_a_line_touches_is_a_mark_of_its_own():
    score = np.zeros(SHAPE, np.float32)
    draw(score, (20, 100), (360, 100))
    score[104:150, 180:230] = 30
    line, dent = part(score)
    assert line[:3] == (20, 100, 364)
    assert line[3] <= 115  # what lies next to it is the line's
    assert dent == (180, line[3], 230, 150)


def test_wear_along_a_side_and_a_fold_that_ends_in_it_are_two():
    score = np.zeros(SHAPE, np.float32)
    score[20:200, :6] = 60
    draw(score, (0, 180), (250, 280), 50.0)
    boxes = part(score)
    assert len(boxes) == 2
    assert any(box[2] >= 250 and box[1] > 160 for box in boxes)
    assert any(box[2] <= 20 and box[1] == 20 for box in boxes)


def test_the_shadow_of_a_line_stays_with_it():
    score = np.zeros(SHAPE, np.float32)
    draw(score, (20, 100), (360, 100))
    score[104:118, 50:120] = score[104:118, 200:320] = 20
    assert part(score) == [(20, 100, 364, 118)]


def test_a_blob_stays_whole():
    score = np.zeros(SHAPE, np.float32)
    score[50:200, 50:220] = 50
    assert part(score) == [(50, 50, 220, 200)]


def test_a_weak_line_parts_nothing():
    score = np.zeros(SHAPE, np.float32)
    draw(score, (20, 100), (360, 100), WANTED.sure_line - 1)
    score[104:150, 180:230] = 15
    assert part(score) == [(20, 100, 364, 150)]


def test_a_weak_line_is_not_parted_from_what_is_strong():
    score = np.zeros(SHAPE, np.float32)
    draw(score, (20, 100), (360, 100), WANTED.sure_line - 1)
    score[104:120, 200:204] = 15
    score[120:150, 180:230] = 50
    assert part(score) == [(20, 100, 364, 150)]


def test_of_a_line_and_what_it_touches_the_line_is_kept():
    score = np.zeros(SHAPE, np.float32)
    draw(score, (20, 100), (360, 100))
    score[104:150, 180:230] = 30
    (piece,) = gather_pieces(score, score > 0, settings=WANTED)
    line = keep_line(piece, score, settings=WANTED)
    assert line.box[:3] == (20, 100, 364)
    assert line.box[3] <= 115


def test_of_a_blob_no_line_is_kept():
    score = np.zeros(SHAPE, np.float32)
    score[50:200, 50:220] = 50
    (piece,) = gather_pieces(score, score > 0, settings=WANTED)
    assert keep_line(piece, score, settings=WANTED) is None


def test_what_lies_past_the_end_of_a_line_is_no_shadow():
    score = np.zeros(SHAPE, np.float32)
    draw(score, (20, 100), (200, 100))
    score[113:118, 60:120] = 20
    score[113:118, 240:300] = 10
    line, shadow, past = gather_pieces(score, score > 0, settings=WANTED)
    assert lies_beside(shadow, line, settings=WANTED)
    assert not lies_beside(past, line, settings=WANTED)
