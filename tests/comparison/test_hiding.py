import numpy as np
import pytest
from comparison.samples import appearance
from photo.shots import ORACLE, SETTINGS, STATION, read, read_card, shoot_marked

from evidence.comparison.differencing import MOST, find_differences, find_hidden
from evidence.comparison.item_alignment import align_items
from evidence.comparison.judging import see_appearance
from evidence.photo.frame import Frame

CARD = Frame(np.eye(3), 504, 704, 8.0)
WHOLE = Frame(np.eye(3), 504, 704, None)
BLOT = (20.0, 20.0, 38.0, 36.0)  # mm: left, top, right, bottom


def differences(seen, frame=CARD, **changes):
    told = {"differs": 0.2, "least_weight": 0.2, "least_mm": 2.0} | changes
    return find_differences(seen, frame, **told)


def marked(*places, value=-0.5):
    made = appearance(1.0)
    for place in places:
        made.correlation[place] = value
    return made


def test_a_patch_on_the_print_is_boxed_where_it_lies():
    reference = read_card()
    query = read(shoot_marked(ORACLE, BLOT, STATION).jpeg)
    found = align_items(reference, query, settings=SETTINGS.matching).found
    seen = see_appearance(reference, query, found, settings=SETTINGS)
    regions = differences(seen, reference.frame)
    boxes = np.array([[r.x, r.y, r.x + r.width, r.y + r.height] for r in regions])
    assert {(r.kind, r.unit) for r in regions} == {("differs", "mm")}
    together = np.hstack([boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)])
    assert np.abs(together - BLOT).max() < 2.8  # mm: half a window and one place of the grid


def test_a_box_lies_around_its_places():
    made = marked((slice(10, 13), slice(4, 9)))  # rows, columns
    (region,) = differences(made)
    left, top = (15 + 3.5 * 11) / 8, (15 + 9.5 * 11) / 8
    assert (region.x, region.y) == (round(left, 1), round(top, 1))
    assert (region.width, region.height) == (round(5 * 11 / 8, 1), round(3 * 11 / 8, 1))


def test_places_that_touch_at_a_corner_are_one_region_and_apart_are_two():
    touching = marked((slice(2, 4), slice(2, 4)), (slice(4, 6), slice(4, 6)))
    apart = marked((slice(2, 4), slice(2, 4)), (slice(6, 8), slice(6, 8)))
    assert len(differences(touching)) == 1
    assert len(differences(apart)) == 2


def test_where_a_photo_shows_no_contrast_nothing_differs():
    made = marked((slice(10, 20), slice(10, 20)))
    made.weight[:] = 0.19
    assert differences(made) == ()


def test_the_threshold_itself_agrees():
    assert differences(marked((slice(9), slice(9)), value=0.2)) == ()
    assert len(differences(marked((slice(9), slice(9)), value=0.19))) == 1


def test_a_speck_is_dropped_in_millimetres_and_kept_in_pixels():
    speck = marked((slice(3, 4), slice(3, 4)))
    assert differences(speck) == ()
    (region,) = differences(speck, WHOLE)
    assert (region.unit, region.width, region.height) == ("px", 11, 11)


def test_the_largest_come_first_and_only_as_many_as_a_person_looks_at():
    places = [(slice(4 * i, 4 * i + 2), slice(0, 2 + i)) for i in range(15)]
    regions = differences(marked(*places))
    assert len(regions) == MOST
    sizes = [region.width * region.height for region in regions]
    assert sizes == sorted(sizes, reverse=True)
    assert regions[0].width == round(16 * 11 / 8, 1)


def test_what_is_hidden_is_boxed_as_hidden_not_as_different():
    made = marked()
    made.hidden[5:15, 5:15] = True
    made.weight[5:15, 5:15] = 0
    (region,) = find_hidden(made, CARD, least_mm=2.0)
    assert (region.kind, region.unit) == ("hidden", "mm")
    assert differences(made) == ()


@pytest.mark.parametrize("shape", [(62, 44), (0, 44)])
def test_where_all_agrees_there_is_no_region(shape):
    made = appearance(1.0, shape=shape)
    assert differences(made) == ()
    assert find_hidden(made, CARD, least_mm=2.0) == ()
