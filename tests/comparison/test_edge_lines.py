from dataclasses import replace
from math import erf

import numpy as np
import pytest
from photo.shots import SETTINGS

from evidence.comparison.edge_lines import find_edge_lines

WANTED = SETTINGS.cut
ACROSS = np.arange(-WANTED.half, WANTED.half + 1e-9, WANTED.step)
PLACES = np.linspace(-1, 1, WANTED.places)
BLUR = 0.05  # mm: a pixel of a sharp photo
step = np.vectorize(lambda away: (1 + erf(away / 2**0.5)) / 2)


def side(*edges, noise=1.5, seed=0, ground=60.0):
    """Draw a side: each edge is (offset, slope, bow, contrast, blur), mm at the ends of a half."""
    picture = np.full((len(PLACES), len(ACROSS)), ground)
    for offset, slope, bow, contrast, blur in edges:
        at = offset + slope * PLACES + bow * PLACES**2
        picture += contrast * step((at[:, None] - ACROSS) / blur)
    picture = picture[..., None] + np.random.default_rng(seed).normal(0, noise, (*picture.shape, 3))
    return np.clip(np.rint(picture), 0, 255).astype(np.uint8)


def lines(picture, settings=WANTED):
    found = find_edge_lines(picture, ACROSS, settings=settings)
    return sorted(found, key=lambda line: line.offset)


def edge(offset, slope=0.0, bow=0.0, contrast=120.0, blur=BLUR):
    return offset, slope, bow, contrast, blur


@pytest.mark.parametrize("slope", [-0.4, 0.0, 0.13])
@pytest.mark.parametrize("offset", [-2.013, -0.5, 0.031, 1.247])
def test_an_edge_is_found_where_it_was_drawn(offset, slope):
    (line,) = lines(side(edge(offset, slope)))
    assert line.offset == pytest.approx(offset, abs=0.01)
    assert line.curve == pytest.approx([offset, slope, 0], abs=0.02)
    seen = np.isfinite(line.offsets)
    assert seen.mean() > 0.95
    assert np.abs(line.offsets - offset - slope * PLACES)[seen].mean() < 0.02
    assert line.scatter < 0.03


def test_a_bowed_edge_is_followed():
    (line,) = lines(side(edge(0.4, 0.05, 0.2)))
    assert line.curve == pytest.approx([0.4, 0.05, 0.2], abs=0.02)


@pytest.mark.parametrize("contrast", [-120.0, 90.0])
def test_the_ground_may_be_lighter_or_darker(contrast):
    (line,) = lines(side(edge(0.317, contrast=contrast), ground=150.0))
    assert line.offset == pytest.approx(0.317, abs=0.01)


def test_a_change_of_colour_alone_is_an_edge():
    picture = np.full((len(PLACES), len(ACROSS), 3), 120.0)
    inside = step((0.25 - ACROSS) / BLUR)[None, :, None]
    picture += inside * [90, -40, -20]  # of nearly the same lightness
    (line,) = lines(np.rint(picture).astype(np.uint8))
    assert line.offset == pytest.approx(0.25, abs=0.02)


def test_a_soft_shadow_is_no_edge_though_it_is_as_dark():
    assert lines(side(edge(0.3, contrast=60.0))) != []
    assert lines(side(edge(0.3, contrast=60.0, blur=0.9))) == []


def test_a_shadow_beside_the_edge_does_not_move_it():
    (line,) = lines(side(edge(0.3), edge(1.5, contrast=40.0, blur=0.8)))
    assert line.offset == pytest.approx(0.3, abs=0.01)


@pytest.mark.parametrize("apart", [0.35, 0.6, 2.1])
def test_two_edges_apart_are_both_found(apart):
    first, second = lines(side(edge(-0.3, 0.1, contrast=80.0), edge(-0.3 + apart, 0.1)))
    assert first.offset == pytest.approx(-0.3, abs=0.02)
    assert second.offset == pytest.approx(-0.3 + apart, abs=0.02)
    assert first.strength < second.strength


def test_places_where_the_edge_is_covered_are_not_told():
    picture = side(edge(0.2))
    picture[90:150] = 60
    (line,) = lines(picture)
    assert line.offset == pytest.approx(0.2, abs=0.02)
    assert np.isnan(line.offsets[95:145]).all()
    assert np.isfinite(line.offsets[:85]).mean() > 0.95


def test_an_edge_along_less_than_half_of_the_side_is_none():
    picture = side(edge(0.2))
    picture[100:] = 60
    assert lines(picture) == []


def test_a_faint_edge_is_none():
    assert lines(side(edge(0.2, contrast=5.0), noise=0.3)) == []


def test_an_edge_that_runs_askew_is_not_this_side():
    assert lines(side(edge(0.0, slope=1.6))) == []


def test_a_plain_and_a_noisy_picture_have_no_edges():
    assert lines(side(noise=0.0)) == []
    assert lines(side(noise=12.0)) == []


def test_the_strongest_voted_lines_are_kept_and_no_more_than_asked():
    bars = [edge(at, contrast=c) for at, c in zip(range(-3, 4), [70, -70] * 4, strict=False)]
    picture = side(*bars, ground=90.0)
    assert len(lines(picture)) == len(bars) == 7 <= WANTED.most_lines
    assert len(lines(picture, replace(WANTED, most_lines=3))) == 3
