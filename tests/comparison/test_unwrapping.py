import numpy as np
import pytest
from comparison.squares import rounded_depth

from evidence.comparison.unwrapping import unwrap

SIZE = 120, 180
RADIUS = 30.0
RIM = unwrap(SIZE, RADIUS, range(8))


def test_each_row_lies_as_deep_as_it_says_around_corners_as_along_sides():
    straight = RIM.of(rounded_depth(SIZE, RADIUS))
    inner = slice(1, None)  # the first one lies between pixels outside, which fold back
    expected = np.broadcast_to(np.arange(8)[:, None] + 0.5, straight.shape)
    assert straight[inner] == pytest.approx(expected[inner], abs=0.1)


def test_its_columns_go_clockwise_a_pixel_each():
    x, y = RIM.x[0], RIM.y[0]
    steps = np.hypot(np.diff(x, append=x[:1]), np.diff(y, append=y[:1]))
    assert steps == pytest.approx(np.ones(len(x)), abs=0.06)
    a, b = x - SIZE[0] / 2, y - SIZE[1] / 2
    assert np.all(a * np.roll(b, -1) - b * np.roll(a, -1) > 0)


@pytest.mark.parametrize(
    ("corner", "place"), [(0, (0, 0)), (1, (119, 0)), (2, (119, 179)), (3, (0, 179))]
)
def test_an_arc_is_the_part_next_to_its_corner(corner, place):
    columns = RIM.around_corner(corner, 0)
    assert len(columns) == RIM.arc == round(RADIUS * np.pi / 2)
    away = np.abs(np.stack([RIM.x[0, columns], RIM.y[0, columns]]).T - place)
    assert away.max() <= RADIUS
    assert away[RIM.arc // 2] == pytest.approx(RADIUS * (1 - np.sqrt(0.5)), abs=1)
    longer = RIM.around_corner(corner, 5)
    assert list(longer[5:-5]) == list(columns)
    assert len(longer) == RIM.arc + 10


@pytest.mark.parametrize(("side", "axis", "at"), [(0, 1, 0), (1, 0, 119), (2, 1, 179), (3, 0, 0)])
def test_a_side_lies_between_two_arcs(side, axis, at):
    columns = RIM.along_side(side)
    straight = columns[RIM.arc : -RIM.arc]
    across = (RIM.x, RIM.y)[axis][0, straight]
    assert across == pytest.approx(np.full(len(straight), at))
    assert len(straight) == SIZE[1 - axis] - 2 * RADIUS
    assert list(columns[: RIM.arc]) == list(RIM.around_corner(side, 0))
    assert list(columns[-RIM.arc :]) == list(RIM.around_corner((side + 1) % 4, 0))


def test_rows_may_begin_deeper():
    inner = unwrap(SIZE, RADIUS, range(3, 8))
    assert inner.x == pytest.approx(RIM.x[3:])
    assert inner.y == pytest.approx(RIM.y[3:])
