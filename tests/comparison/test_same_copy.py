"""The whole way, on photos of copies whose cut is known: 6 megapixels, as of a cheap phone."""

import json
from dataclasses import replace

import numpy as np
import pytest
from comparison.anew import compare_anew
from photo.shots import SETTINGS, read

from evidence.comparison.compare import compare
from evidence.comparison.verdict import verdict_to_json
from fixtures.copies import SPREADS, cut_of
from fixtures.copy_pairs import make_copy_pairs
from fixtures.damage import Damage

SAME, OTHER = make_copy_pairs(1, 2, "plain", 6.0)
DAMAGE = Damage("crease", 3)


def readings(pair):
    return read(pair.reference.take().jpeg), read(pair.query.take().jpeg)


def judge(reference, query):
    return compare(reference, query, settings=SETTINGS)


def told(verdict):
    return json.dumps(verdict_to_json(verdict), allow_nan=False)


def moved(pair):
    """How the cut of the query truly lies to the reference's, seen from the print."""
    ours, theirs = (
        cut_of(shot.copy, shot.look.side, SPREADS[shot.spread])
        for shot in (pair.reference, pair.query)
    )
    at = [
        np.linalg.inv(cut.card_from_print()) @ [*(np.array(cut.size_mm) / 2), 1.0]
        for cut in (ours, theirs)
    ]
    return (*(at[1] - at[0])[:2], ours.degrees - theirs.degrees)


def test_the_pairs_are_what_they_are_said_to_be():
    assert (SAME.label, OTHER.label) == ("same_item", "same_design")
    assert moved(SAME) == (0, 0, 0)
    assert np.hypot(*moved(OTHER)[:2]) > 0.3


def test_the_same_copy_is_the_same_item():
    verdict = judge(*readings(SAME))
    assert verdict.verdict == "same_item"
    assert verdict.copy.llr >= SETTINGS.copies.same
    assert (verdict.regions, verdict.marks[0].answer) == ((), "agrees")
    assert "copy.same" in [finding.code for finding in verdict.findings]


def test_another_copy_of_the_design_is_told_and_the_design_is_not_doubted():
    verdict = judge(*readings(OTHER))
    assert verdict.verdict == "different_copy"
    assert verdict.design.llr >= SETTINGS.calibration.same.llr
    assert verdict.copy.llr <= SETTINGS.copies.other
    finding = next(one for one in verdict.findings if one.code == "copy.other")
    assert finding.innocent_explanations
    assert verdict.regions == ()  # of another copy nothing has changed


@pytest.mark.parametrize("pair", [SAME, OTHER], ids=["same", "other"])
def test_the_move_of_the_cut_is_the_true_one_whichever_photo_came_first(pair):
    one, two = readings(pair)
    truth = moved(pair)
    for first, second, sign in ((one, two, 1), (two, one, -1)):
        values = judge(first, second).marks[0].values
        move = values["right_mm"], values["down_mm"], values["degrees"]
        assert move == pytest.approx([sign * value for value in truth], abs=0.03)


@pytest.mark.torture
def test_swapping_the_photos_changes_no_verdict():
    for pair in (SAME, OTHER):
        one, two = readings(pair)
        assert judge(one, two).verdict == judge(two, one).verdict


def test_new_damage_on_the_same_copy_makes_it_no_other_copy():
    query = read(replace(SAME.query, damages=(DAMAGE,)).take().jpeg)
    verdict = judge(readings(SAME)[0], query)
    assert verdict.verdict == "same_item"
    assert [(region.kind, region.answer) for region in verdict.regions] == [("crease", "new")]


@pytest.mark.torture
@pytest.mark.parametrize("pair", [SAME, OTHER], ids=["same", "other"])
def test_the_number_of_threads_changes_no_byte(pair):
    one, two = readings(pair)
    expected = told(judge(one, two))
    assert [compare_anew(one, two, threads) for threads in (1, 3)] == [expected] * 2
