from dataclasses import replace

import numpy as np
import pytest
from comparison.changed import HOME, SHOP, WANTED, lay, shoot
from comparison.squares import PRINT
from comparison.squares import laid as lay_squares
from photo.shots import SETTINGS

from evidence.comparison.item_alignment import align_items
from evidence.comparison.residual import find_residual
from evidence.comparison.sure_pieces import find_sure_pieces
from evidence.comparison.thin_lines import find_lines
from fixtures.damage import Damage


def laid(damage):
    reference, query = shoot(SHOP), shoot(HOME, (damage,))
    return lay(reference, query, align_items(reference, query, settings=SETTINGS.matching).found)


def find(items, residual, lines, stained):
    stained = np.full(items.depth.shape, stained)
    return find_sure_pieces(items, residual, lines, stained, WANTED.sure, settings=WANTED)


def test_on_a_stain_only_lines_are_marks_of_their_own():
    items, residual = laid(Damage("scratch", 3))
    lines = find_lines(items, residual, WANTED.sure_line, settings=WANTED)
    assert len(find(items, residual, [], stained=False)) == 1
    assert find(items, residual, [], stained=True) == []
    assert len(find(items, residual, lines, stained=True)) == len(lines) == 1


def test_a_line_below_the_bar_is_none():
    items, residual = laid(Damage("scratch", 3))
    (line,) = find_lines(items, residual, WANTED.sure_line, settings=WANTED)
    stained = np.ones(items.depth.shape, bool)
    bar = line.strength * 1.01
    assert find_sure_pieces(items, residual, [line], stained, bar, settings=WANTED) == []


@pytest.mark.parametrize(("sure_mm", "right"), [(8, 400), (2, 120)])
def test_a_sure_line_is_told_to_its_end(sure_mm, right):
    """Of a line from 100 to 400, so many millimetres stand out from noise."""
    items = lay_squares(PRINT)
    residual = find_residual(items, settings=WANTED)
    levels, noise = np.zeros_like(residual.levels), np.zeros_like(residual.noise)
    levels[399:402, 100:400] = 40
    noise[399:402, 100 : 100 + sure_mm * 10] = 40
    residual = replace(residual, levels=levels, noise=noise)
    (piece,) = find(items, residual, [], stained=False)
    assert piece.box[::2] == pytest.approx((100, right), abs=4)
