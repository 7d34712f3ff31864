import numpy as np
import pytest
from comparison.samples import appearance

from evidence.comparison.hiding import MOST, find_hidden
from evidence.photo.frame import Frame

CARD = Frame(np.eye(3), 504, 704, 8.0)
WHOLE = Frame(np.eye(3), 504, 704, None)


def hiding(*places):
    made = appearance(1.0)
    for place in places:
        made.hidden[place] = True
        made.weight[place] = 0
    return made


def regions(made, frame=CARD):
    return find_hidden(made, frame, least_mm=2.0)


def test_a_box_lies_around_its_places():
    (region,) = regions(hiding((slice(10, 13), slice(4, 9))))  # rows, columns
    left, top = (15 + 3.5 * 11) / 8, (15 + 9.5 * 11) / 8
    assert (region.kind, region.unit, region.answer) == ("hidden", "mm", None)
    assert (region.x, region.y) == (round(left, 1), round(top, 1))
    assert (region.width, region.height) == (round(5 * 11 / 8, 1), round(3 * 11 / 8, 1))


def test_places_that_touch_at_a_corner_are_one_region_and_apart_are_two():
    assert len(regions(hiding((slice(2, 4), slice(2, 4)), (slice(4, 6), slice(4, 6))))) == 1
    assert len(regions(hiding((slice(2, 4), slice(2, 4)), (slice(6, 8), slice(6, 8))))) == 2


def test_a_speck_is_dropped_in_millimetres_and_kept_in_pixels():
    speck = hiding((slice(3, 4), slice(3, 4)))
    assert regions(speck) == ()
    (region,) = regions(speck, WHOLE)
    assert (region.unit, region.width, region.height) == ("px", 11, 11)


def test_the_largest_come_first_and_only_as_many_as_a_person_looks_at():
    found = regions(hiding(*[(slice(4 * i, 4 * i + 2), slice(0, 2 + i)) for i in range(15)]))
    assert len(found) == MOST
    sizes = [region.width * region.height for region in found]
    assert sizes == sorted(sizes, reverse=True)
    assert found[0].width == round(16 * 11 / 8, 1)


@pytest.mark.parametrize("shape", [(62, 44), (0, 44)])
def test_where_all_is_seen_there_is_no_region(shape):
    assert regions(appearance(1.0, shape=shape)) == ()
