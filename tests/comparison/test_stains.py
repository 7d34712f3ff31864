from dataclasses import replace

import cv2
import numpy as np
import pytest

from evidence.comparison.stains import cover, find_stains, look_at_outlines
from evidence.comparison.veil import Veil
from evidence.settings import StainSettings

WANTED = StainSettings()
SHAPE = (220, 158)  # of a card at 2.5 pixels a millimetre


def veil(amount, *, evidence=2.0, change=None):
    """A veil on a little noise; it changes as much as it explains unless told otherwise."""
    noise = np.random.default_rng(0).normal(0, 0.02, SHAPE)
    amount = (amount + noise).astype(np.float32)
    sure = np.full(SHAPE, evidence, np.float32)
    changed = amount**2 * sure if change is None else np.full(SHAPE, change, np.float32)
    return Veil(amount, sure, changed, np.ones(SHAPE, bool), WANTED.px_per_mm)


def drop(across=12, down=15, *, soft=0.8, high=0.6):
    """A drop about the middle of the item, with these radii and softness in pixels."""
    shape = np.zeros(SHAPE, np.float32)
    cv2.ellipse(shape, (80, 100), (across, down), 0, 0, 360, high, cv2.FILLED)
    return cv2.GaussianBlur(shape, (0, 0), soft)


def find(amount, **facts):
    return find_stains(veil(amount, **facts), settings=WANTED)


def test_a_drop_with_an_outline_is_a_stain_of_its_size():
    (stain,) = find(drop(soft=WANTED.near_mm * WANTED.px_per_mm))
    rows, columns = np.nonzero(stain.mask)
    box = columns.min(), rows.min(), columns.max() + 1, rows.max() + 1
    assert box == pytest.approx((67, 84, 94, 117), abs=1)
    assert stain.mask.sum() == pytest.approx(np.pi * 13.5 * 16.5, rel=0.05)  # and its soft edge
    assert stain.measures.step > 0.35
    assert stain.measures.likeness == pytest.approx(1, abs=0.05)  # the amount varies within it


def test_a_hole_in_it_belongs_to_it():
    (stain,) = find(drop() - drop(4, 4))
    assert stain.mask[100, 80]


def torn(deep):
    """A drop with a wedge that reaches so many pixels in, as where glare covers a part of it."""
    shape = drop(16, 18)
    wedge = np.array([(110, 86), (110, 116), (96 - deep, 101)])
    return shape * cv2.fillPoly(np.ones(SHAPE, np.float32), [wedge], 0)


def test_a_torn_drop_is_one_of_its_whole_size():
    (stain,) = find(torn(20))
    rows, columns = np.nonzero(stain.mask)
    box = columns.min(), rows.min(), columns.max() + 1, rows.max() + 1
    assert box == pytest.approx((64, 82, 97, 119), abs=3)


def test_a_rim_without_a_middle_is_a_stain():
    assert find(drop(16, 18) - drop(12, 14)) != []


def test_two_drops_that_overlap_are_two():
    first, other = drop(12, 15), np.roll(drop(12, 15), (16, 14), axis=(0, 1))
    assert len(find(np.maximum(first, other))) == 2


def surest(amount, **facts):
    """The weight of the surest that may be one."""
    return look_at_outlines(veil(amount, **facts), settings=WANTED)[0].weight


@pytest.mark.parametrize(
    "shape",
    [
        pytest.param(np.maximum(drop(4, 22), drop(22, 4)), id="a cross"),
        pytest.param(drop(6, 28), id="a strip"),
        pytest.param(drop(6, 11), id="an oval"),
    ],
)
def test_another_shape_weighs_less_by_decades(shape):
    assert surest(shape) < surest(drop()) - 2


@pytest.mark.parametrize(
    "shape",
    [
        pytest.param(drop(soft=12, high=1.5), id="it fades as light does"),
        pytest.param(-drop(), id="it is brighter"),
        pytest.param(drop(4, 4), id="it is a speck"),
        pytest.param(drop(high=0.1), id="it is hardly there"),
        pytest.param(np.zeros(SHAPE, np.float32), id="nothing is there"),
    ],
)
def test_what_is_no_drop_is_none(shape):
    assert find(shape) == []


def test_what_is_highest_in_its_middle_weighs_less():
    peak = cv2.GaussianBlur(drop(6, 6, high=2.0), (0, 0), 3)
    assert surest(np.minimum(drop(), 0.6) + peak) < surest(drop())


def test_a_change_that_is_unlike_a_veil_weighs_less():
    assert surest(drop(), change=4.0) < surest(drop()) - 2


def test_where_the_whole_item_varies_as_much_it_weighs_less():
    busy = np.where(np.indices(SHAPE).sum(axis=0) // 6 % 2, 0.15, -0.15)
    assert surest(drop() + busy) < surest(drop()) - 2


def test_where_nothing_is_seen_there_is_none():
    blind = replace(veil(drop()), seen=np.zeros(SHAPE, bool))
    assert find_stains(blind, settings=WANTED) == []


def test_it_covers_its_rim_and_not_what_lies_beside():
    covered = cover(find(drop()), size=(632, 880))
    assert covered.shape == (880, 632)
    assert covered[380:420, 370].all()
    assert not covered[380:420, 420].any()
    assert not cover([], size=(632, 880)).any()
