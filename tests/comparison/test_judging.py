import io
from dataclasses import replace
from functools import cache

import cv2
import numpy as np
import pytest
from photo.shots import ORACLE, SENTINEL, SETTINGS, STATION, blocks, encode, read, read_card
from PIL import Image

from evidence.comparison.compare import compare
from evidence.comparison.item_alignment import count_inliers
from evidence.comparison.items import items_of, shown_by
from evidence.comparison.judging import judge
from evidence.comparison.outline_alignment import align_outlines
from evidence.photo.hidden import HiddenBox
from evidence.photo.reading import read_photo
from fixtures.conditions import CONDITIONS, Condition
from fixtures.copies import cut_face
from fixtures.design import draw_design, make_design
from fixtures.pairs import Snapshot
from fixtures.printing import Printing
from fixtures.slab import Label, encase
from fixtures.subject import CardSubject, take_photo

STRANGER = CardSubject(1, 23, 5)
TABLE = replace(STATION, seed=6, surface="wood")
BLURRED = replace(TABLE, size=(900, 1200), defocus=26.0)  # pixels: 2.4 mm on the card
NO_OUTLINES = replace(SETTINGS, matching=replace(SETTINGS.matching, least_coarse=2.0))
NO_READING = replace(SETTINGS, fusion=replace(SETTINGS.fusion, read_below=-1.0))


def held(reference, query, settings=SETTINGS):
    return judge(reference, query, settings=settings)


def codes(judged):
    return [finding.code for finding in judged.fused.findings]


def test_a_photo_too_poor_for_keypoints_is_rescued_by_its_outline():
    reference, poor = read_card(), read_card(scene=BLURRED)
    alone = held(reference, poor, NO_OUTLINES)
    assert alone.fused.verdict == "inconclusive"
    rescued = held(reference, poor, NO_READING)
    assert rescued.fused.verdict == "same_design"
    assert rescued.fused.design.llr > 0
    assert len(rescued.aligned.found.inliers) == 0  # no keypoint had a say


@pytest.mark.parametrize("scene", [BLURRED, TABLE], ids=["blurred", "sharp"])
def test_an_outline_alone_never_speaks_against(scene):
    reference, other = read_card(), read_card(SENTINEL, scene)
    laid = align_outlines(reference, other, settings=SETTINGS.matching)
    assert laid is not None  # there would be something to look along
    with_outline, without = held(reference, other), held(reference, other, NO_OUTLINES)
    assert with_outline.fused == without.fused
    assert with_outline.fused.verdict != "same_design"
    assert with_outline.printed is None


@cache
def two_cards():
    """A photo that shows both cards beside each other, neither quite straight."""
    left = take_photo(ORACLE, replace(STATION, size=(600, 800), seed=3, turn=4.0))
    right = take_photo(SENTINEL, replace(STATION, size=(600, 800), seed=4, turn=-5.0, fill=0.75))
    shots = [np.asarray(Image.open(io.BytesIO(one.jpeg))) for one in (left, right)]
    return read(encode(np.hstack(shots)))


@pytest.mark.parametrize(("subject", "side"), [(ORACLE, "left"), (SENTINEL, "right")])
def test_where_the_reference_shows_two_cards_the_one_that_agrees_is_meant(subject, side):
    judged = held(two_cards(), read_card(subject, TABLE))
    assert judged.fused.verdict == "same_design"
    middle = judged.reference.outline.corners[:, 0].mean()
    assert middle == pytest.approx(300 if side == "left" else 900, abs=40)


def test_a_card_that_is_neither_of_two_is_held_against_both_and_the_milder_weight_counts():
    stranger = read_card(STRANGER, TABLE)
    items = items_of(two_cards())
    assert len(items) == 2
    alone = [held(replace(item, outlines=(item.outline,)), stranger) for item in items]
    weights = [judged.fused.design.llr for judged in alone]
    assert len(set(weights)) == 2
    both = held(two_cards(), stranger)
    assert both.fused.design.llr == max(weights)
    assert both.fused == alone[weights.index(max(weights))].fused
    assert both.fused.verdict != "same_design"


def photograph(change, condition):
    """Photograph one printing; reprints share artwork and name, not rules and number."""
    taken = (
        Condition("station", STATION)
        if condition == "station"
        else Condition(condition, replace(CONDITIONS[condition], seed=4))
    )
    copy = 1 if condition == "station" else 2
    return Snapshot(Printing(3, 12, change, 3), copy, 0.2, taken).jpeg()


@cache
def shoot(change, condition):
    """Read such a photo."""
    return read(photograph(change, condition))


@cache
def held_printing(change, condition, settings=SETTINGS):
    return held(shoot("first", "station"), shoot(change, condition), settings)


def test_a_reprint_of_the_same_artwork_is_told_as_another_product_and_where_its_print_differs():
    verdict = compare(shoot("first", "station"), shoot("reprint", "plain table"), settings=SETTINGS)
    assert verdict.verdict == "different_product"
    assert verdict.design.llr == SETTINGS.fusion.other_print
    first = verdict.findings[0]
    assert (first.code, first.llr) == ("design.print", verdict.design.llr)
    assert "more than one product" in first.text.en
    assert len(verdict.regions) == first.values["places"] >= 2
    for region in verdict.regions:
        assert (region.kind, region.unit) == ("print_difference", "mm")
        assert 0 <= region.x < region.x + region.width <= 63
        assert 0 <= region.y < region.y + region.height <= 88
    assert verdict.hidden == ()


def test_by_its_artwork_alone_the_reprint_is_the_same_design():
    judged = held_printing("reprint", "plain table", NO_READING)
    assert judged.fused.verdict == "same_design"
    assert judged.printed is None


def test_an_honest_copy_of_which_a_part_is_under_glare_is_read_and_stays_the_same():
    judged, unread = (held_printing("first", "glare", s) for s in (SETTINGS, NO_READING))
    assert judged.printed.compared > 5
    assert judged.printed.differences == ()
    assert judged.fused.verdict == unread.fused.verdict == "same_design"
    assert judged.fused.design == unread.fused.design
    assert codes(judged) == [*codes(unread), "design.same_print"]


def test_where_every_part_agrees_nothing_is_read():
    judged = held_printing("first", "plain table")
    assert judged.fused.findings[0].values["worst_fifth"] >= SETTINGS.fusion.read_below
    assert judged.fused.verdict == "same_design"
    assert judged.printed is None


def test_the_same_readings_are_judged_the_same():
    reference, poor = read_card(), read_card(scene=BLURRED)
    one, two = (held(reference, poor, NO_READING) for _ in range(2))
    assert one.fused == two.fused
    np.testing.assert_array_equal(
        one.aligned.found.reference_from_query, two.aligned.found.reference_from_query
    )


EDGELESS = replace(SETTINGS.outline, min_score=9.0, min_other_score=9.0)


@cache
def read_edgeless(inner, outer, share=0.6, moved=0):
    """Read a picture of blocks whose middle, which may be moved, and surroundings have a seed."""
    picture = np.roll(blocks(600, 840, block=12, seed=outer), 5 * outer, (0, 1))
    middle = np.roll(blocks(600, 840, block=12, seed=inner), moved, (0, 1))
    down, right = (12 * round(side * (1 - share) / 24) for side in picture.shape[:2])
    picture[down:-down, right:-right] = middle[down:-down, right:-right]
    return read_photo(encode(picture), settings=replace(SETTINGS, outline=EDGELESS))


def test_without_an_outline_what_lies_between_many_matches_is_the_item():
    judged = held(read_edgeless(1, 2), read_edgeless(3, 2))
    assert count_inliers(judged.aligned.found) >= SETTINGS.matching.sure_inliers
    assert judged.fused.verdict == "different_product"


@pytest.mark.parametrize(("share", "verdict"), [(0.4, "inconclusive"), (0.55, "same_design")])
def test_without_an_outline_the_ground_around_the_matches_never_speaks_against(share, verdict):
    judged = held(read_edgeless(1, 2, share), read_edgeless(1, 3, share))
    assert count_inliers(judged.aligned.found) >= SETTINGS.matching.sure_inliers
    assert judged.fused.verdict == verdict


def test_without_an_outline_a_few_matches_do_not_tell_where_the_item_is():
    scarce = replace(SETTINGS, matching=replace(SETTINGS.matching, sure_inliers=10_000))
    judged = held(read_edgeless(1, 2), read_edgeless(3, 2), scarce)
    assert codes(judged) == ["design.no_item"]


def test_without_an_outline_what_moved_on_one_ground_is_no_other_product():
    still, moved = read_edgeless(1, 2, 0.55), read_edgeless(1, 2, 0.55, moved=60)
    assert count_inliers(held(still, moved).aligned.found) >= SETTINGS.matching.sure_inliers
    assert held(still, moved).fused.verdict == "inconclusive"


@cache
def read_slab(*, slid=0.0, design=27):
    """Read a slab that lies flat, its card slid down and to the right in its well, in mm."""
    face = cut_face(draw_design(make_design(9, design)), 10)
    left, top = face.origin_mm
    face = replace(face, origin_mm=(left + slid, top + slid))
    slab = encase(face, Label("48210937", "Wandering Seer", 9, bars=True))
    small = cv2.resize(slab.pixels, None, fx=9 / 16, fy=9 / 16, interpolation=cv2.INTER_AREA)
    table = np.pad(small, ((40, 40), (40, 40), (0, 0)), constant_values=60)
    return read_photo(encode(table, "JPEG", quality=92), settings=SETTINGS, kind="slab")


STIFF = replace(NO_READING, matching=replace(NO_READING.matching, most_slid=0.0))


@pytest.mark.parametrize("slid", [1.8, 2.6])
def test_a_card_that_slid_in_its_case_is_held_against_itself_and_the_label_against_the_label(slid):
    still, moved = read_slab(), read_slab(slid=slid)
    for one, other in ((still, moved), (moved, still)):
        judged = held(one, other, NO_READING)
        assert judged.fused.verdict == "same_design"
        assert judged.fused.findings[0].values["worst_third"] > 0.6
        assert held(one, other, STIFF).fused.verdict == "different_product"  # what it would be


def test_another_card_under_the_same_label_gains_nothing_by_that():
    one, other = read_slab(), read_slab(design=31)
    judged = held(one, other, NO_READING)
    assert judged.fused == held(one, other, STIFF).fused
    assert judged.fused.design.llr < 0


def narrowed(reading, by):
    """The reading with an outline that lies ``by`` of the item's size within its own."""
    corners = reading.outline.corners
    inner = corners + (corners.mean(axis=0) - corners) * np.float32(2 * by)
    return shown_by(reading, replace(reading.outline, corners=inner))


def test_where_the_reference_takes_its_border_for_the_table_the_querys_outline_holds():
    whole = read_card(ORACLE)
    query = read_card(ORACLE, replace(STATION, surface="wood", tilt=8.0, turn=3.0))
    narrow = narrowed(whole, 0.03)
    glare = HiddenBox("glare", 10.0, 20.0, 8.0, 6.0, 0.01, "left")  # counted from its own outline
    narrow = replace(narrow, hidden=replace(narrow.hidden, boxes=(glare,)))
    judged = judge(narrow, query, settings=SETTINGS)
    assert judged.fused.verdict == "same_design"
    away = np.hypot(*(judged.reference.outline.corners - whole.outline.corners).T)
    assert away.max() < 0.01 * np.hypot(*np.ptp(whole.outline.corners, axis=0))
    assert judged.reference.hidden == whole.hidden
    assert judge(whole, query, settings=SETTINGS).reference is whole
