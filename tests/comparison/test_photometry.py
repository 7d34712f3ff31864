import numpy as np

from evidence.comparison.cells import Cells
from evidence.comparison.photometry import explain, in_noise, rank_liveliness, stand_out
from evidence.settings import ChangeSettings

WANTED = ChangeSettings()
CELLS = Cells((300, 400), (40, 30), 1.0)
SEEN = np.ones((400, 300), np.float32)


def texture(seed=0):
    return np.random.default_rng(seed).uniform(40, 200, (400, 300)).astype(np.float32)


def left_of(query, one):
    parts = [one, np.full_like(one, 30.0)]
    left, _ = explain(parts, query, SEEN, CELLS, sigma_mm=2.5, firm=(4.0, 1.0), miss=12.0)
    return left


def test_light_that_falls_unevenly_is_explained():
    one = texture()
    slope = np.linspace(0.6, 1.1, 300, dtype=np.float32)
    assert np.abs(left_of(one * slope + 12, one)).std() < 2.5
    assert np.abs(one * slope + 12 - one).std() > 12


def test_a_line_is_left_over_and_nothing_else():
    one = texture()
    query = one * np.float32(0.8)
    query[200:203, 50:250] += 60
    left = left_of(query, one)
    assert np.median(left[200:203, 60:240]) > 50
    left[195:208] = 0
    assert np.abs(left).max() < 12


def test_a_patch_has_no_say_in_the_light_around_it():
    one = texture()
    query = one * np.float32(0.8)
    query[180:220, 130:170] += 100
    left = left_of(query, one)
    assert np.median(left[180:220, 130:170]) > 90
    assert np.abs(left[178:222, 120:128]).mean() < 0.5


def test_the_unit_grows_where_all_of_the_surroundings_are_off():
    rng = np.random.default_rng(3)
    lively = rng.uniform(0, 2, (400, 300)).astype(np.float32)
    left = 3 * rng.standard_normal((400, 300)).astype(np.float32)
    left[200:] *= 4
    ranked = rank_liveliness(lively, SEEN, settings=WANTED)
    told = in_noise(left, ranked, np.zeros_like(left), SEEN, CELLS, settings=WANTED)
    assert 0.4 < told[:150].std() < 0.7
    assert 1.0 < told[250:].std() < 1.5


def test_noise_has_a_unit_of_its_own_where_the_print_is_lively():
    rng = np.random.default_rng(3)
    lively = rng.uniform(0, 2, (400, 300)).astype(np.float32)
    lively[:, 150:] += 20
    spread = np.where(lively > 10, 8.0, 2.0)
    left = (rng.standard_normal((400, 300)) * spread).astype(np.float32)
    ranked = rank_liveliness(lively, SEEN, settings=WANTED)
    told = in_noise(left, ranked, np.zeros_like(left), SEEN, CELLS, settings=WANTED)
    halves = told[:, :140].std(), told[:, 160:].std()
    assert 0.8 < halves[0] < 1.2
    assert 0.8 < halves[1] < 1.2


def test_a_mark_stands_out_of_calm_and_not_of_speckle():
    rng = np.random.default_rng(4)
    score = np.abs(rng.standard_normal((400, 300))).astype(np.float32)
    score[100:103, 100:140] = 20
    assert stand_out(score, CELLS, settings=WANTED)[101, 120] > 15
    speckled = score * 5
    speckled[100:103, 100:140] = 20
    assert stand_out(speckled, CELLS, settings=WANTED)[101, 120] < 8
