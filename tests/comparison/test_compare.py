import itertools
import json
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from comparison.anew import compare_anew
from photo.shots import (
    ORACLE,
    SETTINGS,
    STATION,
    blocks,
    encode,
    read,
    read_card,
    read_case,
    shoot_marked,
    shoot_table,
)

from evidence.comparison.combine import combine, discount_view
from evidence.comparison.compare import LIBRARIES, compare, library_versions
from evidence.comparison.verdict import verdict_to_json
from evidence.photo.reading import Reading
from evidence.settings import fingerprint
from fixtures.register import read_register

REGISTER = read_register()
BACK = "only-the-back-shown"  # two photos alone do not say that they show two sides
AGAIN = {  # each beside another case that shows the same
    "same-on-a-play-mat", "same-lying-on-its-side", "same-in-shadow", "same-through-a-poor-lens",
    "damaged-stain-and-dent", "swapped-copy-worn", "other-slab",
}  # fmt: skip
CASES = [
    pytest.param(name, marks=pytest.mark.torture if name in AGAIN else ()) for name in REGISTER
]
SAME = [
    case
    for case in CASES
    if REGISTER[case.values[0]].label != "different" and case.values[0] != BACK
]
OTHER = [case for case in CASES if REGISTER[case.values[0]].label == "different"]
AGREEING = ("same_item", "same_design", "different_copy")
MAT = REGISTER["swapped-card-same-mat"].reference.scene


def judge(reference, query):
    return compare(reference, query, settings=SETTINGS)


@cache
def judge_case(name):
    return judge(*read_case(name))


def told(verdict):
    return json.dumps(verdict_to_json(verdict), allow_nan=False)


@pytest.mark.parametrize("name", SAME)
def test_no_pair_of_one_design_is_called_another_product(name):
    verdict = judge_case(name)
    assert verdict.verdict != "different_product"
    expected = {"same_item", "same_design", "different_copy"} | set(REGISTER[name].accept)
    assert verdict.verdict in expected


@pytest.mark.parametrize("name", OTHER)
def test_no_other_product_is_called_the_same_unless_nobody_can_tell(name):
    verdict = judge_case(name)
    allowed = {"different_product", "inconclusive"} | set(REGISTER[name].accept)
    assert verdict.verdict in allowed


def test_another_pose_of_one_copy_is_the_same_design():
    verdict = judge_case("same-tilted")
    assert verdict.verdict == "same_design"
    assert verdict.design.llr == SETTINGS.calibration.bound
    assert verdict.regions == ()


@pytest.mark.parametrize("name", ["swapped-card", "swapped-card-in-a-sleeve", "other-game"])
def test_a_swapped_card_is_another_product(name):
    verdict = judge_case(name)
    assert verdict.verdict == "different_product"
    assert verdict.design.llr < 0
    assert verdict.findings[0].innocent_explanations
    assert (verdict.regions, verdict.hidden) == ((), ())  # a condition needs the same design


@pytest.mark.parametrize("name", ["same-upside-down", "same-in-a-sleeve", "swapped-card"])
def test_swapping_reference_and_query_changes_no_verdict(name):
    one, two = read_case(name)
    there, back = judge_case(name), judge(two, one)
    assert there.verdict == back.verdict
    assert there.design.llr == pytest.approx(back.design.llr, abs=0.6)


def test_a_photo_agrees_with_itself():
    card = read_card()
    verdict = judge(card, card)
    assert (verdict.verdict, verdict.regions) == ("same_item", ())
    assert verdict.copy.llr == SETTINGS.copies.cut_same


def test_the_copy_is_told_where_both_photos_show_the_cut():
    verdict = judge_case("same-on-wood")
    assert verdict.verdict == "same_item"
    assert verdict.copy.llr >= SETTINGS.copies.same
    assert [(mark.kind, mark.answer) for mark in verdict.marks] == [("cut", "agrees")]
    assert [finding.code for finding in verdict.findings][1] == "copy.same"


@pytest.mark.parametrize("name", ["same-tilted", "same-under-glare"])
def test_the_copy_is_left_open_where_a_photo_hardly_shows_the_cut_and_it_agrees(name):
    verdict = judge_case(name)
    assert verdict.verdict == "same_design"
    assert verdict.copy.llr == 0.0
    (mark,) = verdict.marks
    assert (mark.kind, mark.answer, mark.values["completed"]) == ("cut", "doubtful", 1.0)
    assert [finding.code for finding in verdict.findings][1] == "copy.undetermined"
    assert "bare_front" in [shortfall.code for shortfall in verdict.shortfalls]


def test_another_copy_is_told_where_a_photo_hardly_shows_the_cut():
    verdict = judge_case("swapped-copy")
    assert verdict.verdict == "different_copy"
    (mark,) = verdict.marks
    assert (mark.kind, mark.answer, mark.values["completed"]) == ("cut", "differs", 1.0)
    assert verdict.findings[1].innocent_explanations


def test_of_another_product_the_copy_is_not_spoken():
    verdict = judge_case("swapped-card")
    assert (verdict.copy.llr, verdict.marks) == (None, ())
    assert not [one for one in verdict.findings if one.code.startswith("copy.")]


def test_a_patch_is_a_change_of_condition_not_of_identity():
    query = read(shoot_marked(ORACLE, (20.0, 20.0, 38.0, 36.0), STATION).jpeg)
    verdict = judge(read_card(), query)
    assert verdict.verdict == "same_item"
    assert {(region.answer, region.unit) for region in verdict.regions} == {("new", "mm")}
    for region in verdict.regions:
        assert 18 < region.x < region.x + region.width < 40
        assert 18 < region.y < region.y + region.height < 38


def test_glare_is_told_as_hidden():
    verdict = judge_case("same-under-glare")
    assert verdict.verdict == "same_design"
    assert {region.kind for region in verdict.hidden} == {"hidden"}


def test_two_cards_on_one_strongly_textured_mat_are_never_the_same():
    citadel, geode = read_case("swapped-card-same-mat")
    oracle = read_card(ORACLE, MAT, seed=9)  # of another game
    for one, two in itertools.permutations((citadel, geode, oracle), 2):
        assert judge(one, two).verdict not in AGREEING


def test_a_card_and_the_bare_mat_it_lay_on_are_never_the_same():
    card, bare = read_card(ORACLE, MAT, seed=9), read(shoot_table(replace(MAT, seed=8)))
    assert judge(card, bare).verdict not in AGREEING
    assert judge(bare, card).verdict not in AGREEING


def test_where_no_outline_is_found_the_mat_does_not_make_two_cards_the_same():
    for one, two in itertools.permutations(read_case("swapped-card-same-mat")):
        bare = [
            replace(r, outlines=(), quality=replace(r.quality, outlined=False)) for r in (one, two)
        ]
        assert judge(*bare).verdict not in AGREEING


def test_a_photo_of_the_back_is_no_other_product_once_the_items_own_back_is_known():
    front, back = read_case(BACK)
    against_front = discount_view(judge(front, back), reference_view="front", query_view="front")
    against_back = discount_view(judge(back, back), reference_view="back", query_view="front")
    assert combine([[against_front, against_back]]).verdict == "inconclusive"


@pytest.mark.parametrize(
    "photo",
    [np.full((300, 200, 3), 90, np.uint8), np.full((1, 1, 3), 9, np.uint8)],
    ids=["no texture", "a pixel"],
)
def test_what_shows_nothing_settles_nothing(photo):
    reading = read(encode(photo))
    for pair in ((reading, reading), (read_card(), reading), (reading, read_card())):
        verdict = judge(*pair)
        assert verdict.verdict == "inconclusive"
        assert verdict.shortfalls
        told(verdict)


def test_a_strip_too_thin_to_compare_settles_nothing():
    strip = read(encode(blocks(1600, 56, block=4)))
    verdict = judge(strip, strip)
    assert verdict.verdict == "inconclusive"
    told(verdict)


@pytest.mark.parametrize("name", ["same-under-glare", "swapped-card"])
def test_the_same_readings_give_the_same_verdict(name):
    assert told(judge(*read_case(name))) == told(judge_case(name))


@pytest.mark.parametrize(("name", "threads"), [("same-under-glare", 1), ("swapped-card", 3)])
def test_another_process_with_other_threads_gives_the_same_verdict(name, threads):
    one, two = read_case(name)
    assert compare_anew(one, two, threads) == told(judge_case(name))


def test_a_verdict_says_what_it_was_computed_with():
    verdict = judge_case("same-tilted")
    assert verdict.provenance.settings == fingerprint(SETTINGS)
    assert verdict.provenance.versions == library_versions()
    assert set(library_versions()) == set(LIBRARIES)
    assert all(library_versions().values())


def test_another_threshold_is_another_fingerprint():
    changed = replace(SETTINGS, fusion=replace(SETTINGS.fusion, rich=301))
    card = read_card()
    verdict = compare(card, card, settings=changed)
    assert verdict.provenance.settings == fingerprint(changed) != fingerprint(SETTINGS)


def test_what_the_query_lacks_is_asked_for():
    _, query = read_case("too-dark")
    asked = {shortfall.code for shortfall in judge_case("too-dark").shortfalls}
    assert {shortfall.code for shortfall in query.shortfalls} <= asked


def test_what_was_found_of_a_reference_for_another_query_changes_nothing():
    reference, query = read_case("same-on-wood")
    alone = told(judge(Reading.from_bytes(reference.to_bytes()), query))
    judge(reference, read_case("swapped-copy")[1])  # its print and its cut are found for this one
    assert told(judge(reference, query)) == alone
