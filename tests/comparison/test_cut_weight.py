from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from comparison.drawn import (
    CARD,
    GROUND,
    SCALE,
    VIEW_FROM_MM,
    as_pixels,
    as_reading,
    card,
    grid,
    paint,
    rectangle,
)
from comparison.printed import IN_PLACE
from photo.shots import SETTINGS

from evidence.comparison.alignment import Alignment, project
from evidence.comparison.cut_geometry import CutMove
from evidence.comparison.cut_seeing import NoCut
from evidence.comparison.cut_weight import CutEvidence, cut_llr, weigh_cut
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
    assert weigh(drawn(), drawn(grown=1.0)) == NoCut("unlike")


def test_a_cut_that_moves_by_more_than_growth_explains_is_compared_however_large_that_is():
    """One wrong line is explained, wherever it lies; both sides of an axis are not."""
    found = weigh(drawn(), drawn(right=0.6, grown=0.5, seed=1))
    assert (found.move.right_mm, found.move.wider_mm) == pytest.approx((0.6, 0.5), abs=0.02)
    assert found.llr <= WANTED.other
    alone = weigh(drawn(), drawn(right=0.25, grown=0.5, seed=1))  # the left side stays
    assert alone.move.wider_mm == pytest.approx(0.5, abs=0.02)
    assert alone.llr == 0.0


def test_sides_that_scatter_are_not_compared():
    strict = replace(SETTINGS, cut=replace(SETTINGS.cut, most_apart=0.001))
    assert weigh(drawn(), drawn(seed=1), settings=strict) == NoCut("unlike")


def test_keypoints_that_are_off_by_a_little_do_not_matter():
    off = np.array([[1, 0, 3.0], [0, 1, -2.0], [0, 0, 1]])  # a quarter of a millimetre
    found = weigh(drawn(), drawn(seed=1), aligned=Alignment(off, IN_PLACE.inliers, 1.0))
    assert told(found) == pytest.approx((0, 0, 0), abs=0.02)


def details_at(across, *, of_query=None):
    """Details that both photos have near the left side, the query's so far across if told."""
    ours, theirs = (
        project(np.column_stack([np.full(4, x), np.linspace(20, 60, 4)]), VIEW_FROM_MM)
        for x in (across, across if of_query is None else of_query)
    )
    inliers = Matches(query=theirs.astype(np.float32), reference=ours.astype(np.float32))
    return replace(IN_PLACE, inliers=inliers)


@pytest.mark.parametrize(("count", "spoken"), [(3, True), (4, False)])
def test_where_print_goes_on_no_card_ends(count, spoken):
    aligned = details_at(-1.5)
    aligned = replace(aligned, inliers=aligned.inliers.where(np.arange(4) < count))
    found = weigh(drawn(), drawn(seed=1), aligned=aligned)
    assert found == NoCut("cut", "reference") if not spoken else isinstance(found, CutEvidence)


def test_what_both_cards_have_at_their_edges_is_no_print_beyond():
    """Each photo's details are held against its own cut: edges are alike wherever they are cut."""
    moved = drawn(right=0.95, seed=1)
    found = weigh(drawn(), moved, aligned=details_at(0.2, of_query=0.7))
    assert told(found) == pytest.approx((0.95, 0, 0), abs=0.02)
    assert weigh(drawn(), moved, aligned=details_at(0.2)) == NoCut("unlike")


def framed(right=0.0, seed=0, **how):
    """A photo of a card with a round frame of its print 1.6 mm inside of where the cut may be."""
    view = card(right=right, seed=seed, **how).astype(float)
    inside = rectangle(grid(), (1.6, 1.6, CARD[0] - 1.6, CARD[1] - 1.6))
    line = np.abs(inside + 0.2) - 0.2  # 0.4 mm wide
    return as_reading(as_pixels(paint(view, line, (60, 70, 150))))


def test_a_frame_does_not_hide_that_the_other_photo_tells_the_cut():
    """Alone the frame agrees with itself; its photo shows lines of the cut, and no corners."""
    pair = framed(radii=(0.0,) * 4), framed(right=0.45, seed=1)
    found = weigh(*pair, aligned=details_at(0.9))
    assert (found.completed, told(found)) == (True, pytest.approx((0.45, 0, 0), abs=0.02))
    assert found.llr <= WANTED.other


def cornered(right=0.0, seed=0):
    """A photo of a card whose corners nobody sees: none of its lines is a cut by itself."""
    return as_reading(card(right=right, seed=seed, radii=(0.0,) * 4))


@pytest.mark.parametrize("name", ["reference", "query"])
def test_a_cut_without_corners_is_told_by_the_other_photos_and_speaks_against_the_copy(name):
    pair = [cornered(right=0.45), drawn(seed=1)]
    found = weigh(*(pair if name == "reference" else pair[::-1]))
    assert found.completed
    assert abs(found.move.right_mm) == pytest.approx(0.45, abs=0.02)
    assert found.llr <= WANTED.other


def test_a_cut_without_corners_never_speaks_for_the_copy():
    found = weigh(cornered(), drawn(seed=1))
    assert told(found) == pytest.approx((0, 0, 0), abs=0.02)
    assert (found.completed, found.llr) == (True, 0.0)


def test_a_side_that_is_not_seen_weighs_nothing_on_its_axis():
    """Whatever the other side of that axis does may be growth."""
    found = weigh(without_side(right=0.45), drawn(seed=1))
    assert found.move.spanned == (False, True)
    assert (found.far, found.llr) == (pytest.approx(0, abs=0.5), 0.0)
    assert weigh(without_side(right=0.45, down=0.4), drawn(seed=1)).llr <= WANTED.other


def without_side(**moved):
    """A photo whose ground, on the left, has the card's colour."""
    view = card(radii=(0.0,) * 4, **moved)
    start = round(VIEW_FROM_MM[0, 2] + 2 * SCALE)
    view[:, :start] = view[:, start : start + 1]
    return as_reading(view)


def test_the_frame_of_the_print_is_no_cut_to_go_by():
    """One photo shows it only, the other the cut around it: the frame would agree with itself."""
    framed = card(seed=1)
    around = rectangle(grid(), (0.0, 0.0, *CARD)) > -0.6
    framed[around] = GROUND  # a round rectangle 0.6 mm inside of the cut
    found = weigh(as_reading(framed), drawn())
    assert not isinstance(found, CutEvidence) or found.llr <= 0


def test_a_line_beside_the_cut_makes_it_less_sure_and_never_more_the_same():
    walled = as_reading(card(down=0.15, wall=0.3, seed=1))
    found = weigh(drawn(), walled)
    assert found.crowded
    surer = replace(SETTINGS, copies=replace(WANTED, crowded=1.0))
    assert weigh(drawn(), walled, settings=surer).llr < found.llr <= 0
    near = as_reading(card(down=0.05, wall=0.3, seed=1))
    assert weigh(drawn(), near).llr == weigh(drawn(), near, settings=surer).llr


def test_what_growth_explains_speaks_neither_against_the_copy_nor_for_it():
    found = weigh(drawn(), drawn(right=0.06, grown=0.12, seed=1))
    assert abs(found.move.wider_mm) < WANTED.most_grown
    assert found.far < 1
    assert 0 <= found.llr < WANTED.same


def test_among_the_rims_of_a_sleeve_a_cut_without_corners_says_nothing():
    """There lines span by chance what the cut spans."""
    walled = as_reading(card(down=0.45, wall=0.3, radii=(0.0,) * 4, seed=1))
    found = weigh(drawn(), walled)
    assert (found.crowded, found.completed, found.llr) == (True, True, 0.0)
    assert found.far > 8
