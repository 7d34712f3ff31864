from dataclasses import replace

import cv2
import pytest
from comparison.changed import HOME, SHOP, WANTED, changes, corners, overlap, shoot, told, truth
from photo.shots import SETTINGS

from evidence.comparison.compare import compare
from evidence.comparison.item_alignment import align_items
from evidence.photo.hidden import HiddenBox
from fixtures.damage import Damage

DAMAGES = [Damage("crease", 1), Damage("scratch", 3), Damage("stain", 4), Damage("dent", 6)]


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.kind)
def test_new_damage_is_boxed_named_and_new(damage):
    (change,) = changes(shoot(SHOP), shoot(HOME, (damage,)))
    assert overlap(corners(change), truth(damage)) >= 0.5
    assert (change.kind, change.answer) == (damage.kind, "new")
    assert (change.region.kind, change.region.answer) == (change.kind, change.answer)
    assert change.region.unit == "mm"
    assert change.strength >= WANTED.sure


def test_the_rim_of_a_stain_is_no_dent():
    (change,) = changes(shoot(SHOP), shoot(HOME, (Damage("stain", 73),)))
    assert change.kind == "stain"


@pytest.mark.parametrize("seed", [22, 29])
def test_a_dent_on_white_print_is_boxed_whole(seed):
    """Of the first only the dark half shows; the second might be one on either side of it."""
    damage = Damage("dent", seed)
    (change,) = changes(shoot(SHOP), shoot(HOME, (damage,)))
    assert overlap(corners(change), truth(damage)) >= 0.55
    assert change.kind == "dent"


def test_a_fold_and_a_scratch_are_named_apart():
    both = Damage("crease", 5), Damage("scratch", 2)
    found = changes(shoot(SHOP), shoot(HOME, both))
    for damage in both:
        alike = [change for change in found if overlap(corners(change), truth(damage)) >= 0.5]
        assert [change.kind for change in alike] == [damage.kind]


def test_a_stain_and_a_scratch_across_it_are_two():
    crossing = Damage("stain", 10), Damage("scratch", 7)
    found = changes(shoot(SHOP), shoot(HOME, crossing))
    assert len(found) == 2
    for damage in crossing:
        assert max(overlap(corners(change), truth(damage)) for change in found) >= 0.5


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(Damage("edge_wear", 7), id="edge_wear"),
        pytest.param(Damage("corner_wear", 11), id="corner_wear", marks=pytest.mark.torture),
    ],
)
def test_wear_of_a_third_of_a_millimetre_is_found_at_the_cut(damage):
    (change,) = changes(shoot(SHOP), shoot(HOME, (damage,)))
    assert overlap(corners(change), truth(damage)) >= 0.5
    assert (change.kind, change.answer) == (damage.kind, "new")


def test_a_corner_that_only_the_reference_shows_worn_is_no_change():
    assert changes(shoot(SHOP, (Damage("corner_wear", 11),)), shoot(HOME)) == []


def test_nothing_is_said_of_corners_where_a_photo_does_not_show_the_cut():
    query = shoot(HOME, (Damage("corner_wear", 11),))
    found = align_items(shoot(SHOP), query, settings=SETTINGS.matching).found
    (change,) = told(shoot(SHOP), query, found)
    assert change.kind == "corner_wear"
    assert told(shoot(SHOP), query, found, cut_seen=False) == ()


def test_the_same_copy_in_other_light_has_not_changed():
    assert changes(shoot(SHOP), shoot(HOME)) == []


@pytest.mark.parametrize(
    "damage",
    [DAMAGES[0], pytest.param(DAMAGES[1], marks=pytest.mark.torture)],
    ids=lambda damage: damage.kind,
)
def test_damage_on_both_photos_is_no_change(damage):
    assert changes(shoot(SHOP, (damage,)), shoot(HOME, (damage,))) == []


def test_what_only_the_reference_shows_is_not_called_new():
    dust = (30.0, 40.0, 32.0, 42.0, 240, 240, 240)
    assert [c.answer for c in changes(shoot(SHOP, (), dust), shoot(HOME))] == []


def test_a_photo_has_not_changed_from_itself():
    assert changes(shoot(SHOP), shoot(SHOP)) == []


def test_what_the_reference_hides_is_said_to_be_hidden():
    glare = HiddenBox("glare", 10.0, 20.0, 8.0, 6.0, 0.01, "left")
    shop = shoot(SHOP)
    dazzled = replace(shop, hidden=replace(shop.hidden, boxes=(glare,)))
    found = align_items(dazzled, shoot(HOME), settings=SETTINGS.matching).found
    (change,) = told(dazzled, shoot(HOME), found)
    assert (change.kind, change.answer) == ("hidden", "not_visible_before")
    assert corners(change) == (10.0, 20.0, 18.0, 26.0)


def test_without_an_outline_nothing_is_claimed():
    query = shoot(HOME, (DAMAGES[0],))
    assert compare(shoot(SHOP), query, settings=SETTINGS).regions
    bare = replace(shoot(SHOP), outlines=())
    verdict = compare(bare, query, settings=SETTINGS)
    assert (verdict.verdict, verdict.regions) == ("same_item", ())


def test_the_number_of_threads_changes_nothing():
    threads = cv2.getNumThreads()
    answers = []
    try:
        for count in (1, 4):
            cv2.setNumThreads(count)
            answers.append(changes(shoot(SHOP), shoot(HOME, (DAMAGES[0],))))
    finally:
        cv2.setNumThreads(threads)
    assert answers[0] == answers[1]
