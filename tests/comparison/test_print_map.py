from dataclasses import replace

import numpy as np
import pytest
from comparison.drawn import (
    CARD,
    SCALE,
    VIEW_FROM_MM,
    as_pixels,
    as_reading,
    grid,
    placed,
    sample,
    scaling,
    texture,
)
from comparison.printed import NONE
from photo.shots import SETTINGS

from evidence.comparison.alignment import Alignment, project
from evidence.comparison.matching import Matches
from evidence.comparison.print_map import PrintMap, Unmapped, map_print

WANTED = SETTINGS.print_map
INNER = np.stack(np.meshgrid(np.arange(4, 60, 5.0), np.arange(4, 85, 5.0)), axis=-1)
TILTED = scaling(SCALE, 7.0) @ np.array([[1, 0.02, 0.3], [-0.02, 1, 0.9], [1e-4, -2e-4, 1]])


def bend(points):
    """How far a lens drives points of the print, mm: at most 0.46."""
    x, y = np.moveaxis(points / CARD * 2 - 1, -1, 0)
    away = x * x + y * y
    return np.stack([0.12 + 0.16 * x * away, -0.1 + 0.1 * y * away + 0.04 * x * y], axis=-1)


def no_bend(points):
    return np.zeros_like(points)


def shot(view_from_mm=VIEW_FROM_MM, drift=no_bend, *, seed=0, light=1.0):
    """See a textured plane through a map, each of its points driven off first."""
    pixels = grid() * SCALE + VIEW_FROM_MM[0, 2]
    wanted = project(pixels.reshape(-1, 2), np.linalg.inv(view_from_mm)).reshape(pixels.shape)
    points = wanted
    for _ in range(4):
        points = wanted - drift(points)
    noise = np.random.default_rng(seed).normal(0, 2, (*points.shape[:2], 3))
    return as_pixels(sample(texture(), points) * light + noise)


def at(reference_from_query):
    return Alignment(reference_from_query, Matches(NONE, NONE), 0.5)


def mapped(reference, query, *, view_from_mm=VIEW_FROM_MM, settings=WANTED):
    found = at(VIEW_FROM_MM @ np.linalg.inv(view_from_mm))
    return map_print(reference, query, found, settings=settings)


@pytest.fixture(scope="module")
def reference():
    return as_reading(shot())


def miss(found, view_from_mm, drift):
    """How far from the truth the map takes points of the query at worst, mm."""
    truth = project((INNER + drift(INNER)).reshape(-1, 2), view_from_mm)
    away = found.on_query(INNER).reshape(-1, 2) - truth
    return np.hypot(*away.T).max() / SCALE


@pytest.mark.parametrize("drift", [no_bend, bend], ids=["flat", "bent"])
@pytest.mark.parametrize("view_from_mm", [VIEW_FROM_MM, TILTED], ids=["straight", "tilted"])
def test_a_smooth_warp_is_recovered_to_a_hundredth_of_a_millimetre(reference, view_from_mm, drift):
    query = as_reading(shot(view_from_mm, drift, seed=1, light=0.8))
    found = mapped(reference, query, view_from_mm=view_from_mm)
    assert isinstance(found, PrintMap)
    assert miss(found, view_from_mm, drift) < 0.01
    assert found.size_mm == CARD
    assert found.details > 300
    assert found.scatter < 0.02
    assert found.error_at(INNER.reshape(-1, 2)) < 0.005


def test_points_lie_on_the_reference_where_its_frame_says(reference):
    found = mapped(reference, as_reading(shot(drift=bend)))
    assert np.allclose(found.on_reference(INNER), placed(INNER))


def test_an_alignment_that_is_off_by_half_a_millimetre_leads_to_the_same_place(reference):
    query = as_reading(shot(TILTED, bend))
    off = at(VIEW_FROM_MM @ np.linalg.inv(TILTED) @ scaling(1.0, 0.5 + 0.4 * SCALE))
    found = map_print(reference, query, off, settings=WANTED)
    assert miss(found, TILTED, bend) < 0.01


def test_what_a_hand_covers_leads_nothing_astray(reference):
    view = shot(TILTED, bend)
    view[-450:-180, 250:600] = shot(TILTED, seed=4)[150:420, 100:450]
    found = mapped(reference, as_reading(view), view_from_mm=TILTED)
    free = INNER[:7].reshape(-1, 2)
    truth = project(free + bend(free), TILTED)
    assert np.hypot(*(found.on_query(free) - truth).T).max() / SCALE < 0.012


def test_where_the_error_is_larger_it_says_so(reference):
    few = replace(WANTED, most_details=90)
    query = as_reading(shot(TILTED, bend, seed=1))
    sparse = mapped(reference, query, view_from_mm=TILTED, settings=few)
    dense = mapped(reference, query, view_from_mm=TILTED)
    points = INNER.reshape(-1, 2)
    assert sparse.details < 100
    assert sparse.error_at(points) > 2 * dense.error_at(points)
    assert dense.error_at(np.array([[0.0, 0.0]])) > 2 * dense.error_at(np.array([[31.5, 44.0]]))


def test_a_plain_picture_has_too_few_details():
    plain = as_reading(np.full((1400, 1050, 3), 120, np.uint8))
    found = mapped(plain, plain)
    assert found == Unmapped("too few details of the print are seen in both photos")


def test_another_print_has_too_few_details(reference):
    other = as_reading(as_pixels(sample(texture(9), grid())))
    assert mapped(reference, other) == mapped(reference, as_reading(np.zeros_like(other.view())))
    assert isinstance(mapped(reference, other), Unmapped)


def test_an_item_of_unknown_size_is_not_mapped(reference):
    unknown = as_reading(shot(), px_per_mm=None)
    assert mapped(unknown, reference) == Unmapped("the item's size is not known")


def test_print_that_is_crumpled_is_not_mapped(reference):
    def crumple(points):
        return 0.15 * np.sin(points[..., ::-1] * 0.9)

    found = mapped(reference, as_reading(shot(drift=crumple)))
    assert found == Unmapped("the print does not lie flat in one of the photos")
