import numpy as np
import pytest
from comparison.squares import PRINT, SIZE, laid

from evidence.comparison.change_kinds import name_kind
from evidence.comparison.pieces import make_piece
from evidence.comparison.residual import Residual
from evidence.settings import ChangeSettings

WANTED = ChangeSettings()  # 10 pixels a millimetre
SHAPE = SIZE[::-1]
ITEMS = laid(PRINT)


def kind(*parts):
    """Name what differs by levels in boxes of pixels: left, top, right, bottom, levels."""
    levels = np.zeros(SHAPE, np.float32)
    for left, top, right, bottom, much in parts:
        levels[top:bottom, left:right] = much
    nothing = np.zeros(SHAPE, np.float32)
    light = ITEMS.reference[0]
    residual = Residual(
        *(light, light + levels, levels, levels, levels, np.stack([nothing] * 2), nothing),
        seen=np.ones(SHAPE, bool),
        paper=240.0,
    )
    piece = make_piece(*np.nonzero(levels), np.abs(levels))
    return name_kind(ITEMS, residual, piece, WANTED)


def test_a_line_that_throws_no_shadow_is_a_scratch():
    assert kind((200, 400, 400, 404, 60)) == "scratch"


def test_a_line_with_a_shadow_is_a_fold():
    assert kind((200, 400, 400, 404, 60), (200, 404, 400, 410, -30)) == "crease"


def test_a_faint_or_narrow_shadow_is_a_scratchs_own_edge():
    assert kind((200, 400, 400, 404, 60), (200, 404, 400, 410, -10)) == "scratch"
    assert kind((200, 400, 400, 404, 60), (200, 404, 400, 406, -30)) == "scratch"


def test_a_line_that_reaches_the_cut_is_a_fold():
    assert kind((2, 400, 200, 404, 60)) == "crease"


@pytest.mark.parametrize("other", ["right", "below"])
def test_a_spot_lighter_on_one_side_and_darker_on_the_other_is_a_dent(other):
    half = (340, 400, 370, 440, 40) if other == "right" else (310, 440, 340, 480, 40)
    assert kind((310, 400, 340, 440, -40), half) == "dent"


def test_what_is_larger_than_any_hollow_is_no_dent():
    assert kind((280, 400, 340, 480, -40), (340, 400, 400, 480, 40)) == "differs"


def test_a_long_line_lighter_at_one_end_and_darker_at_the_other_is_no_dent():
    assert kind((200, 400, 300, 404, 60), (300, 400, 400, 404, -60)) in ("scratch", "crease")


def test_what_lies_at_the_cut_is_wear():
    assert kind((200, 1, 260, 6, 60)) == "edge_wear"
