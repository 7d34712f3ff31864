from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from comparison.drawn import GROUND, SCALE, VIEW_FROM_MM, as_reading, card
from comparison.printed import IN_PLACE
from photo.shots import SETTINGS

from evidence.comparison.alignment import Alignment, project
from evidence.comparison.cut_geometry import CutMove
from evidence.comparison.cut_weight import CutEvidence, NoCut, cut_llr, weigh_cut
from evidence.comparison.matching import Matches
from evidence.comparison.print_map import map_print

WANTED = SETTINGS.copies
STILL = CutMove(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.01)
FARS = np.concatenate([np.linspace(0, 12, 60), np.geomspace(13, 1e4, 20)])


@cache
def drawn(**how):
    return as_reading(card(**how))


def weigh(reference, query, *, settings=SETTINGS, aligned=IN_PLACE):
    mapped = map_print(reference, query, aligned, settings=settings.print_map)
    return weigh_cut(reference, query, aligned, mapped, settings=settings)


def told(found):
    assert isinstance(found, CutEvidence)
    return found.move.right_mm, found.move.down_mm, found.move.degrees


def test_one_cut_in_two_photos_is_the_same_copys():
    found = weigh(drawn(right=0.2, degrees=0.1), drawn(right=0.2, degrees=0.1, seed=1))
    assert told(found) == pytest.approx((0, 0, 0), abs=0.02)
    assert found.far < 1
    assert found.llr >= WANTED.same


@pytest.mark.parametrize(
    "moved",
    [
        {"right": 0.45},
        {"down": -0.45},
        {"degrees": 0.35},
        {"degrees": -0.35},
        {"right": -0.4, "down": 0.4},
    ],
)
def test_another_cut_is_another_copys_and_is_measured(moved):
    found = weigh(drawn(), drawn(seed=1, **moved))
    truth = {"right": 0.0, "down": 0.0, "degrees": 0.0} | moved
    assert told(found) == pytest.approx(tuple(truth.values()), abs=0.02)
    assert found.llr <= WANTED.other


def test_swapping_the_photos_turns_the_move_around_and_weighs_alike():
    one, two = drawn(right=0.1, degrees=-0.1), drawn(right=0.35, down=-0.1, degrees=0.05, seed=1)
    there, back = weigh(one, two), weigh(two, one)
    assert told(back) == pytest.approx([-value for value in told(there)], abs=0.01)
    assert back.far == pytest.approx(there.far, rel=0.1)


def test_a_larger_move_never_weighs_more_for_the_same_copy():
    llrs = [weigh(drawn(), drawn(right=move, seed=1)).llr for move in (0.0, 0.25, 0.3, 0.45)]
    assert llrs == sorted(llrs, reverse=True)
    assert llrs[0] > 0 > llrs[-1]


def test_a_square_photo_was_cut_so_the_widest_walls_are_explained():
    """Of both photos, each of which shows one wall of two."""
    wall = SETTINGS.cut.thickness * SETTINGS.cut.most_oblique
    one, two = (drawn(seed=seed, right=right) for seed, right in ((0, 0.0), (1, 0.16)))
    assert weigh(one, two).far > 5  # this view has a camera's shape
    square = [as_reading(padded(reading.view())) for reading in (one, two)]
    assert wall > 0.16
    assert weigh(*square).far < 1


def padded(view):
    """Add ground at the right, so that the view is square."""
    wider = np.full((view.shape[0], view.shape[0], 3), GROUND, np.uint8)
    wider[:, : view.shape[1]] = view
    return wider


def test_the_weight_falls_with_the_distance_and_is_bounded():
    llrs = [cut_llr(STILL, far, WANTED) for far in FARS]
    free = [llr for llr in llrs if llr > -WANTED.cut_bound]
    assert llrs[: len(free)] == free == sorted(set(free), reverse=True)
    assert len(free) > 20
    assert llrs[0] == WANTED.cut_same <= WANTED.cut_bound
    assert min(llrs) == llrs[-1] == -WANTED.cut_bound


@pytest.mark.parametrize(("far", "called"), [(0.5, "same"), (1.8, "open"), (3.5, "open"),
                                             (4.5, "other"), (9.0, "other")])  # fmt: skip
def test_what_distances_are_called(far, called):
    llr = cut_llr(STILL, far, WANTED)
    is_called = "same" if llr >= WANTED.same else "other" if llr <= WANTED.other else "open"
    assert is_called == called


@pytest.mark.parametrize("size", ["wider_mm", "taller_mm"])
@pytest.mark.parametrize("sign", [-1, 1])
def test_growth_never_supports_the_same_copy(size, sign):
    grown = replace(STILL, **{size: sign * 1.1 * WANTED.most_grown})
    within = replace(STILL, **{size: sign * 0.9 * WANTED.most_grown})
    assert cut_llr(grown, 0.0, WANTED) == 0.0
    assert [cut_llr(grown, far, WANTED) for far in FARS] == [
        min(0.0, cut_llr(STILL, far, WANTED)) for far in FARS
    ]
    assert cut_llr(within, 0.0, WANTED) == WANTED.cut_same


def test_a_card_that_spans_more_is_not_called_the_same_copy():
    found = weigh(drawn(), drawn(grown=0.3, seed=1))
    assert (found.move.wider_mm, found.move.taller_mm) == pytest.approx((0.3, 0.3), abs=0.02)
    assert found.llr == 0.0


def test_without_a_size_nothing_is_weighed():
    unknown = replace(drawn(), frame=replace(drawn().frame, px_per_mm=None))
    assert weigh(unknown, drawn(seed=1)) == NoCut("size")


def test_without_a_map_of_the_print_nothing_is_weighed():
    plain = as_reading(np.full_like(drawn().view(), 120))
    assert weigh(plain, plain) == NoCut("print")


def without_cut(seed=0):
    """A photo whose ground, above and on the left, has the card's colour."""
    view = card(seed=seed)
    start = round(VIEW_FROM_MM[0, 2] + 2 * SCALE)  # 2 mm inside, where the card is plain
    view[:start], view[:, :start] = view[start], view[:, start : start + 1]
    return as_reading(view)


@pytest.mark.parametrize("name", ["reference", "query"])
def test_the_photo_that_does_not_show_the_cut_is_named(name):
    pair = [without_cut(), drawn(seed=1)]
    assert weigh(*(pair if name == "reference" else pair[::-1])) == NoCut("cut", name)


def test_rectangles_of_unlike_size_are_not_compared():
    assert weigh(drawn(), drawn(grown=0.9)) == NoCut("unlike")


def test_sides_that_scatter_are_not_compared():
    strict = replace(SETTINGS, copies=replace(WANTED, most_scatter=0.001))
    assert weigh(drawn(), drawn(seed=1), settings=strict) == NoCut("unlike")


def test_keypoints_that_are_off_by_a_little_do_not_matter():
    off = np.array([[1, 0, 3.0], [0, 1, -2.0], [0, 0, 1]])  # a quarter of a millimetre
    found = weigh(drawn(), drawn(seed=1), aligned=Alignment(off, IN_PLACE.inliers, 1.0))
    assert told(found) == pytest.approx((0, 0, 0), abs=0.02)


@pytest.mark.parametrize(("count", "spoken"), [(3, True), (4, False)])
def test_where_print_goes_on_no_card_ends(count, spoken):
    beyond = np.column_stack([np.full(count, -1.5), np.linspace(20, 60, count)])
    points = project(beyond, VIEW_FROM_MM).astype(np.float32)
    aligned = replace(IN_PLACE, inliers=Matches(points, points))
    found = weigh(drawn(), drawn(seed=1), aligned=aligned)
    assert isinstance(found, CutEvidence if spoken else NoCut)
