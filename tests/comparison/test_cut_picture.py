from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from comparison.drawn import CARD, card, placed
from photo.shots import SETTINGS

from evidence.comparison.cut import SIDES, find_cut
from evidence.comparison.cut_picture import AFTER, BEFORE, paint_cuts


@cache
def seen(**how):
    view = card(**how)
    return view, find_cut(view, CARD, placed, settings=SETTINGS.cut)


def share_of(colour, unseen=()):
    """Paint two copies, sides of the second not seen, and say how much has a line's colour."""
    (ours, first), (theirs, second) = seen(), seen(right=0.5, seed=1)
    sides = tuple(() if side in unseen else own for side, own in enumerate(second.sides))
    cuts = first, replace(second, sides=sides)
    picture = paint_cuts([(ours, placed), (theirs, placed)], CARD, cuts, settings=SETTINGS)
    return float((picture == np.array(colour, np.uint8)).all(axis=2).mean())


@pytest.mark.parametrize("side", range(SIDES))
def test_a_side_that_one_photo_does_not_show_has_the_line_of_the_other(side):
    assert share_of(AFTER, (side,)) < 0.9 * share_of(AFTER)
    assert share_of(BEFORE, (side,)) >= share_of(BEFORE) > 0
