import numpy as np
import pytest
from comparison.drawn import (
    CARD,
    GROUND,
    PAPER,
    SCALE,
    as_pixels,
    card,
    grid,
    paint,
    placed,
    rectangle,
    sample,
    texture,
)
from photo.shots import SETTINGS

from evidence.comparison.cut import SIDES, Cut, Uncut, find_cut, side_points, side_samples

WANTED = SETTINGS.cut
SLEEVE = 66.0, 92.0
SQUARE = (0.0,) * 4
IN_SLEEVE = 1.3, 2.2, 64.3, 90.2  # the card, a little off the sleeve's middle


def find(view, size_mm=CARD):
    return find_cut(view, size_mm, placed, settings=WANTED)


def offsets(found):
    """The likeliest line of each side, top, right, bottom, left: mm outwards."""
    assert isinstance(found, Cut)
    return [lines[0].offset for lines in found.sides]


def draw(*layers, size_mm=CARD, noise=2.0):
    """Paint layers, each (how far outside points lie, colour, softness), on the ground."""
    points = grid(size_mm)
    view = np.full((*points.shape[:2], 3), GROUND, float)
    for outside, colour, soft in layers:
        view = paint(
            view, outside(points), colour(points) if callable(colour) else colour, soft=soft
        )
    return as_pixels(view + np.random.default_rng(1).normal(0, noise, view.shape))


def box(*corners, radii=(3.0,) * 4, degrees=0.0):
    return lambda points: rectangle(points, corners, radii=radii, degrees=degrees)


def plain_card(*, radii=(3.0,) * 4, corners=(0.0, 0.0, *CARD), paper=PAPER):
    left, top, right, bottom = corners
    inner = box(left + 4, top + 4, right - 4, bottom - 4, radii=SQUARE)
    yield box(*corners, radii=radii), paper, 1.0
    yield inner, lambda points: sample(texture(), points - [left, top]), 1.0


@pytest.mark.parametrize(
    ("right", "down", "degrees", "grown"),
    [(0, 0, 0, 0), (0.31, -0.42, 0, 0), (-0.2, 0.1, 0.2, 0), (0.1, 0.1, -0.15, 0.4)],
)
def test_the_cut_is_found_where_it_was_drawn(right, down, degrees, grown):
    found = find(card(right=right, down=down, degrees=degrees, grown=grown))
    half = grown / 2
    truth = [half - down, half + right, half + down, half - right]
    assert offsets(found) == pytest.approx(truth, abs=0.02)
    assert found.radius == pytest.approx(3.0, abs=0.2)
    for side, turns in enumerate((-1, -1, 1, 1)):
        reach = CARD[side % 2] / 2 - WANTED.skip
        slope = turns * np.tan(np.deg2rad(degrees)) * reach
        assert found.sides[side][0].curve[1] == pytest.approx(slope, abs=0.02)


def sleeved(*, radii=(3.0,) * 4):
    sleeve = box(0.0, 0.0, *SLEEVE, radii=SQUARE), (120, 124, 130), 1.0
    return draw(sleeve, *plain_card(radii=radii, corners=IN_SLEEVE), size_mm=SLEEVE)


def test_the_card_is_found_and_not_its_sleeve():
    left, top, right, bottom = IN_SLEEVE
    truth = [-top, right - SLEEVE[0], bottom - SLEEVE[1], -left]
    assert offsets(find(sleeved(), SLEEVE)) == pytest.approx(truth, abs=0.02)


def test_the_outermost_of_two_round_rectangles_is_the_cut_and_not_the_frame_of_the_print():
    frame = box(1.6, 1.6, CARD[0] - 1.6, CARD[1] - 1.6), (70, 90, 150), 1.0
    found = find(draw((box(0.0, 0.0, *CARD), PAPER, 1.0), frame))
    assert offsets(found) == pytest.approx([0] * SIDES, abs=0.02)


def test_a_rectangle_without_round_corners_is_no_cut():
    assert find(draw(*plain_card(radii=SQUARE))) == Uncut("no corners")
    assert find(sleeved(radii=SQUARE), SLEEVE) == Uncut("no corners")


@pytest.mark.parametrize("left", [0.0, 2.3], ids=["off", "rounder"])
@pytest.mark.parametrize("worn", range(4))
def test_one_corner_may_be_worn(worn, left):
    radii = tuple(left if corner == worn else 3.1 for corner in range(4))
    found = find(draw(*plain_card(radii=radii)))
    assert offsets(found) == pytest.approx([0] * SIDES, abs=0.02)
    assert found.radius == pytest.approx(3.1, abs=0.2)


@pytest.mark.parametrize("worn", [(0, 1), (0, 2), (1, 3)])
def test_two_worn_corners_are_too_many(worn):
    radii = tuple(0.0 if corner in worn else 3.0 for corner in range(4))
    assert find(draw(*plain_card(radii=radii))) == Uncut("no corners")


@pytest.mark.parametrize("radius", [1.2, 5.0])
def test_corners_of_another_radius_are_not_a_cards(radius):
    assert find(draw(*plain_card(radii=(radius,) * 4))) == Uncut("no corners")


def test_corners_must_be_round_alike():
    assert find(draw(*plain_card(radii=(2.4, 2.4, 3.5, 3.5)))) == Uncut("no corners")


@pytest.mark.parametrize(("levels", "seen"), [(3, False), (12, True)])
def test_a_faint_edge_is_no_cut_and_one_that_stands_out_a_little_is(levels, seen):
    paper = tuple(value + levels for value in GROUND)
    found = find(draw((box(0.0, 0.0, *CARD, radii=(3.0,) * 4), paper, 1.0), noise=0.5))
    assert isinstance(found, Cut) if seen else found == Uncut("no line", 0)


@pytest.mark.parametrize("side", range(SIDES))
def test_the_side_that_is_not_seen_is_named(side):
    """A hand of the paper's colour reaches over one side."""
    reach = [[-9, -9, 90, 6], [57, -9, 90, 99], [-9, 82, 90, 99], [-9, -9, 6, 99]][side]
    layers = (box(0.0, 0.0, *CARD), PAPER, 1.0), (box(*reach, radii=SQUARE), PAPER, 1.0)
    assert find(draw(*layers)) == Uncut("no line", side)


def test_a_soft_shadow_around_the_card_is_not_its_cut():
    shadow = box(0.6, 1.0, CARD[0] + 1.6, CARD[1] + 2.0), (20, 22, 26), 1.6 * SCALE
    assert offsets(find(draw(shadow, *plain_card()))) == pytest.approx([0] * SIDES, abs=0.02)


def test_the_wall_beside_a_side_is_kept_as_an_alternative():
    wall = box(0.0, 0.0, CARD[0] + 0.3, CARD[1]), (150, 146, 138), 1.0
    found = find(draw(wall, *plain_card()))
    assert [len(lines) for lines in found.sides] == [1, 2, 1, 1]
    assert sorted(line.offset for line in found.sides[1]) == pytest.approx([0, 0.3], abs=0.04)


def test_what_is_further_off_than_a_card_is_thick_is_no_alternative():
    found = find(sleeved(), SLEEVE)
    assert [len(lines) for lines in found.sides] == [1] * SIDES


def test_samples_leave_the_corners_out_and_reach_further_out_than_in():
    along, across = side_samples(1, CARD, WANTED)
    assert (along[0], along[-1]) == (WANTED.skip, CARD[1] - WANTED.skip)
    assert across[0] == -WANTED.half
    assert across[-1] == pytest.approx(WANTED.out, abs=WANTED.step)
    assert WANTED.out > WANTED.half + 1  # a frame lies 3 mm inside of the cut
    assert np.diff(across) == pytest.approx(WANTED.step)


@pytest.mark.parametrize(
    ("side", "point"), [(0, (10, -2)), (1, (65, 10)), (2, (10, 90)), (3, (-2, 10))]
)
def test_outwards_of_each_side_is_away_from_the_card(side, point):
    found = side_points(side, CARD, np.array([10.0]), np.array([2.0]))
    assert found == pytest.approx(np.array([point]))


def test_an_outline_may_lie_on_the_frame_on_two_sides():
    """There the card's sides are 3 mm away, and by how much the cut has moved; elsewhere 0."""
    away = WANTED.half + 0.5
    found = find(draw(*plain_card(corners=(-away, -away, *CARD))))
    assert offsets(found) == pytest.approx([away, 0, 0, away], abs=0.02)


def test_a_faint_line_just_outside_is_no_alternative():
    """As the rim of a sleeve is; it would take up part of every move."""
    rim = box(-0.3, -0.3, CARD[0] + 0.3, CARD[1] + 0.3), (92, 96, 102), 1.0
    found = find(draw(rim, *plain_card()))
    assert [len(lines) for lines in found.sides] == [1] * SIDES
    assert offsets(found) == pytest.approx([0] * SIDES, abs=0.02)
    assert all(len(lines) > 1 for lines in found.lines)  # seen, and not taken


def test_a_worn_cut_among_the_rims_of_a_sleeve_and_a_holder_is_found():
    """They run along the whole side, so they have more votes than the cut has."""
    rims = [
        (box(*[-out] * 2, *np.add(CARD, out), radii=SQUARE), (colour,) * 3, 1.0)
        for out, colour in zip(np.arange(5.0, 0.3, -0.45), [120, 70] * 6, strict=False)
    ]
    assert len(rims) >= 10
    nicks = [
        (box(x, -0.4, x + 4, 0.8, radii=SQUARE), (200, 196, 190), 1.0) for x in range(8, 56, 10)
    ]
    found = find(draw(*rims, *plain_card(), *nicks))
    assert offsets(found) == pytest.approx([0] * SIDES, abs=0.03)


def test_the_same_view_gives_the_same_cut():
    one, two = find(card()), find(card())
    for ours, theirs in zip(one.sides, two.sides, strict=True):
        assert np.array_equal(ours[0].offsets, theirs[0].offsets, equal_nan=True)
