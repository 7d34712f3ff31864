import numpy as np
from comparison.squares import PRINT, laid

from evidence.comparison.shading import measure_shading
from evidence.settings import HollowSettings

WANTED = HollowSettings()


def test_white_print_has_no_room_for_light_and_dark_print_has():
    room = measure_shading(laid(PRINT), settings=WANTED).room
    middles = room[5::10, 5::10], PRINT.mean(axis=2)[20::40, 20::40]
    room, light = (part[1:-1, 1:-1].ravel() for part in middles)
    assert np.corrcoef(room, light)[0, 1] < -0.7
    assert room.min() == 0
    assert room.max() > 60
