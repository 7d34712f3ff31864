from dataclasses import replace

import numpy as np
import pytest
from comparison.samples import GOOD, alignment, appearance, scatter
from photo.shots import SETTINGS

from evidence.comparison.alignment import Unaligned
from evidence.comparison.fusion import add_print, fuse
from evidence.comparison.item_alignment import ItemAlignment
from evidence.comparison.print_wording import MISREAD
from evidence.comparison.printed_text import PrintedText, TextDifference
from evidence.comparison.verdict import Region
from evidence.comparison.wording import INNOCENT

WANTED, CALIBRATION = SETTINGS.fusion, SETTINGS.calibration
WEIGHTS = CALIBRATION.weights
FEW = scatter(np.eye(3), count=40)
MANY = scatter(np.eye(3), count=WANTED.crowd)
LAID = ItemAlignment(FEW, alignment(30))
APART = ItemAlignment(FEW, Unaligned("too few inliers"))
SLOPE = WEIGHTS.agreement + WEIGHTS.worst_half + WEIGHTS.worst_third + WEIGHTS.worst_fifth
BOX = Region("differs", 5.0, 4.0, 40.0, 4.0, "mm")
PLACES = tuple(
    TextDifference("text", *words, BOX)
    for words in (("Grim Sentinel", "Pale Oracle"), ("17/180", "19/180"), ("RVL", "ECH"))
)
ONLY_EDGE = replace(GOOD, px_per_mm=None, outlined=False)


def weigh(seen, aligned=LAID, *, reference=GOOD, query=GOOD, bits=60):
    return fuse(aligned, seen, (reference, query), bits, settings=SETTINGS)


def codes(fused):
    return [finding.code for finding in fused.findings]


def agreeing(llr):
    """The appearance, alike everywhere, that weighs this much."""
    return appearance((llr - WEIGHTS.intercept) / SLOPE)


def hide(seen, rows):
    seen.weight[: round(rows)], seen.hidden[: round(rows)] = 0, True


def test_full_agreement_is_the_same_design_but_no_more_than_the_bound():
    fused = weigh(appearance(1.0))
    assert fused.verdict == "same_design"
    assert fused.design.llr == min(CALIBRATION.bound, round(WEIGHTS.intercept + SLOPE, 3))
    assert fused.design.bound == CALIBRATION.bound
    assert codes(fused)[0] == "design.appearance"
    assert {"design.alignment", "design.hash"} < set(codes(fused))
    assert fused.shortfalls == ()


def test_full_disagreement_is_another_product_but_no_more_than_the_bound():
    fused = weigh(appearance(-1.0))
    assert fused.verdict == "different_product"
    assert fused.design.llr == -CALIBRATION.bound
    assert codes(fused)[0] == "design.appearance"


@pytest.mark.parametrize(
    ("llr", "verdict"),
    [
        (CALIBRATION.same.llr + 0.002, "same_design"),
        (CALIBRATION.same.llr - 0.002, "inconclusive"),
        (0.0, "inconclusive"),
        (CALIBRATION.different.llr + 0.002, "inconclusive"),
        (CALIBRATION.different.llr - 0.002, "different_product"),
    ],
)
def test_the_weight_names_the_verdict(llr, verdict):
    fused = weigh(agreeing(llr))
    assert fused.verdict == verdict
    assert fused.design.llr == pytest.approx(llr, abs=0.001)
    asked = [shortfall.code for shortfall in fused.shortfalls]
    assert asked == (["whole_front"] if verdict == "inconclusive" else [])


def test_more_agreement_never_weighs_less():
    weights = [weigh(appearance(c)).design.llr for c in np.linspace(-1, 1, 41)]
    assert weights == sorted(weights)
    assert max(map(abs, weights)) <= CALIBRATION.bound


def test_one_disagreeing_part_outweighs_an_agreeing_whole():
    seen = appearance(1.0)
    seen.correlation[30:52, 11:33] = -0.2
    assert seen.agreement > 0.7
    assert weigh(seen).design.llr < weigh(appearance(seen.agreement)).design.llr - 1


def test_without_a_map_rich_photos_show_other_products():
    fused = weigh(None, APART)
    assert fused.verdict == "different_product"
    assert fused.design.llr == round(WEIGHTS.unaligned, 3)
    assert codes(fused) == ["design.unaligned"]


def test_an_appearance_without_a_map_counts_for_nothing():
    assert weigh(appearance(1.0), APART) == weigh(None, APART)


@pytest.mark.parametrize("poor", ["reference", "query"])
def test_without_a_map_a_poor_photo_weighs_as_little_as_it_shows(poor):
    half = replace(GOOD, keypoints=WANTED.plenty * 3 // 4)
    assert weigh(None, APART, **{poor: half}).design.llr == pytest.approx(
        WEIGHTS.unaligned / 2, abs=1e-3
    )
    blank = weigh(None, APART, **{poor: replace(GOOD, keypoints=WANTED.plenty // 2)})
    assert blank.verdict == "inconclusive"
    assert str(blank.design.llr) == "0.0"  # no minus zero in a document
    assert [shortfall.code for shortfall in blank.shortfalls] == ["whole_front"]


def test_without_a_map_a_query_without_its_edge_may_show_any_part():
    fused = weigh(None, APART, query=ONLY_EDGE)
    assert (fused.verdict, fused.design.llr) == ("inconclusive", 0.0)
    assert weigh(None, APART, reference=ONLY_EDGE).verdict == "different_product"


@pytest.mark.parametrize("poor", ["reference", "query"])
def test_disagreement_counts_only_as_far_as_both_photos_show_detail(poor):
    half = replace(GOOD, keypoints=WANTED.rich * 3 // 4)
    full = weigh(agreeing(-1.0)).design.llr
    assert weigh(agreeing(-1.0), **{poor: half}).design.llr == pytest.approx(full / 2, abs=0.002)


def test_agreement_counts_in_full_however_few_the_details():
    poor = replace(GOOD, keypoints=20)
    assert weigh(agreeing(1.5), query=poor).design.llr == weigh(agreeing(1.5)).design.llr


def test_too_little_in_sight_is_open_whatever_it_shows():
    for correlation in (1.0, -1.0):
        seen = appearance(correlation)
        hide(seen, 62 * (1 - WANTED.least_visible) + 1)
        fused = weigh(seen)
        assert (fused.verdict, fused.design.llr) == ("inconclusive", 0.0)
        assert codes(fused) == ["design.hidden"]
        assert [shortfall.code for shortfall in fused.shortfalls] == ["whole_front"]


def test_just_enough_in_sight_is_weighed():
    seen = appearance(1.0)
    hide(seen, 62 * (1 - WANTED.least_visible) - 1)
    assert weigh(seen).verdict == "same_design"


@pytest.mark.parametrize("correlation", [1.0, -1.0])
def test_an_item_that_is_mostly_plain_settles_nothing(correlation):
    printed = appearance(correlation)
    printed.weight[round(62 * (WANTED.least_printed - 0.05)) :] = 0
    fused = weigh(printed)
    assert (fused.verdict, fused.design.llr) == ("inconclusive", 0.0)
    assert codes(fused) == ["design.too_plain"]
    hazy = appearance(correlation, 0.25)  # all of it printed, all of it pale
    assert weigh(hazy).verdict == weigh(appearance(correlation)).verdict


def test_without_any_outline_only_agreement_counts():
    bare = {"reference": ONLY_EDGE, "query": ONLY_EDGE}
    assert weigh(appearance(1.0), **bare).verdict == "same_design"
    for correlation in (-1.0, 0.2):
        fused = weigh(appearance(correlation), **bare)
        assert (fused.verdict, fused.design.llr) == ("inconclusive", 0.0)
        assert codes(fused) == ["design.no_item"]


def test_no_part_with_enough_contrast_settles_nothing():
    fused = weigh(appearance(-1.0, SETTINGS.appearance.least_weight * 0.9))
    assert fused.verdict == "inconclusive"
    assert weigh(appearance(1.0, 0.01)).verdict != "different_product"


def test_many_shared_details_that_no_map_explains_are_several_items():
    crowd = ItemAlignment(MANY, alignment(round(WANTED.explained * len(MANY)) - 1))
    for correlation in (-1.0, 0.0):
        fused = weigh(appearance(correlation), crowd)
        assert (fused.verdict, fused.design.llr) == ("inconclusive", 0.0)
        assert codes(fused) == ["design.several_items"]
        assert [shortfall.code for shortfall in fused.shortfalls] == ["one_item"]


@pytest.mark.parametrize(
    ("matches", "inliers"),
    [(WANTED.crowd, WANTED.explained * WANTED.crowd), (WANTED.crowd - 1, 60)],
    ids=["explained", "few"],
)
def test_details_that_are_explained_or_few_are_no_crowd(matches, inliers):
    aligned = ItemAlignment(scatter(np.eye(3), count=matches), alignment(int(inliers)))
    assert weigh(appearance(-1.0), aligned).verdict == "different_product"


def test_details_of_which_a_map_explains_next_to_nothing_settle_nothing():
    stray = ItemAlignment(scatter(np.eye(3), count=WANTED.stray), alignment(WANTED.stray // 5))
    assert weigh(appearance(-1.0), stray).verdict == "inconclusive"


def test_what_disagrees_on_a_map_that_may_be_chance_weighs_no_more_than_no_map():
    chance = ItemAlignment(FEW, alignment(WANTED.by_chance - 1))
    assert weigh(appearance(-1.0), chance).design.llr == round(WEIGHTS.unaligned, 3)
    assert weigh(appearance(-1.0), chance, query=ONLY_EDGE).verdict == "inconclusive"
    sure = ItemAlignment(FEW, alignment(WANTED.by_chance))
    assert weigh(appearance(-1.0), sure).design.llr == -CALIBRATION.bound


def test_a_crowd_that_agrees_is_the_same_design():
    crowd = ItemAlignment(MANY, alignment(20))
    assert weigh(appearance(1.0), crowd).verdict == "same_design"


@pytest.mark.parametrize(
    "fused",
    [weigh(appearance(c)) for c in (-1.0, 0.0, 0.2, 0.3)] + [weigh(None, APART)],
    ids=lambda fused: f"{fused.verdict} {fused.design.llr}",
)
def test_what_weighs_against_carries_its_innocent_explanations(fused):
    adverse = [finding for finding in fused.findings if finding.llr is not None and finding.llr < 0]
    assert adverse
    for finding in adverse:
        assert len(finding.innocent_explanations) >= 3
        assert all(text.en and text.ja for text in finding.innocent_explanations)


def test_a_conclusion_against_states_its_false_alarm_rate_and_no_other_does():
    for fused in (weigh(appearance(-1.0)), weigh(None, APART)):
        assert fused.findings[0].false_alarm_rate == CALIBRATION.different.rate
    for fused in (weigh(appearance(1.0)), weigh(agreeing(0.0))):
        assert all(finding.false_alarm_rate is None for finding in fused.findings)


def test_only_the_strongest_finding_carries_the_weight_so_it_counts_once():
    fused = weigh(appearance(1.0))
    assert [finding.llr for finding in fused.findings[1:]] == [None] * (len(fused.findings) - 1)
    assert fused.findings[0].llr == fused.design.llr


def test_the_hash_is_told_and_weighs_nothing():
    assert weigh(agreeing(0.7), bits=0).design == weigh(agreeing(0.7), bits=256).design
    assert "in 17 of 256 bits" in weigh(appearance(1.0), bits=17).findings[-1].text.en


def after_print(fused, places, *, compared=11, settings=SETTINGS):
    """What is said once the print was read, with that many places that read differently."""
    return add_print(fused, PrintedText(compared, PLACES[:places]), settings=settings)


SAME, WEAK, AGAINST = weigh(appearance(1.0)), weigh(agreeing(0.4)), weigh(agreeing(-0.2))


def test_the_appearances_that_print_is_added_to_are_of_each_kind():
    assert [fused.verdict for fused in (SAME, WEAK, AGAINST)] == [
        "same_design", "inconclusive", "inconclusive",
    ]  # fmt: skip
    assert AGAINST.design.llr < 0 < WEAK.design.llr


@pytest.mark.parametrize("fused", [SAME, WEAK, AGAINST], ids=["same", "weak", "against"])
def test_print_that_reads_alike_keeps_the_verdict_and_says_how_much_was_read(fused):
    told = after_print(fused, 0, compared=11)
    assert told.verdict == fused.verdict
    assert (told.design, told.shortfalls) == (fused.design, fused.shortfalls)
    assert told.findings[:-1] == fused.findings
    assert told.findings[-1].code == "design.same_print"
    assert told.findings[-1].values == {"lines": 11}
    assert told.findings[-1].llr is None  # that nothing was found is no weight
    assert after_print(fused, 0, compared=0) == fused


@pytest.mark.parametrize("fused", [SAME, WEAK, AGAINST], ids=["same", "weak", "against"])
def test_one_place_that_reads_differently_leaves_it_open_and_asks_for_a_closer_look(fused):
    told = after_print(fused, 1)
    assert (told.verdict, told.design.llr) == ("inconclusive", 0.0)
    assert told.design.bound == CALIBRATION.bound
    assert [shortfall.code for shortfall in told.shortfalls] == ["close_up"]
    first = told.findings[0]
    assert (first.code, first.llr, first.false_alarm_rate) == ("design.print_unsure", None, None)
    assert set(MISREAD) < set(first.innocent_explanations)


@pytest.mark.parametrize("places", [2, 3])
@pytest.mark.parametrize("fused", [SAME, WEAK, AGAINST], ids=["same", "weak", "against"])
def test_several_places_that_read_differently_are_another_product(fused, places):
    told = after_print(fused, places)
    assert (told.verdict, told.design.llr) == ("different_product", WANTED.other_print)
    assert told.design.bound == CALIBRATION.bound
    assert told.shortfalls == ()
    first = told.findings[0]
    assert (first.code, first.llr) == ("design.print", WANTED.other_print)
    assert first.false_alarm_rate == WANTED.other_print_rate
    assert first.innocent_explanations == INNOCENT
    assert first.values == {"places": places}


@pytest.mark.parametrize("places", [1, 2])
@pytest.mark.parametrize("fused", [SAME, WEAK, AGAINST], ids=["same", "weak", "against"])
def test_once_the_print_speaks_the_appearance_is_told_without_weight(fused, places):
    told = after_print(fused, places)
    seen = next(finding for finding in told.findings if finding.code == "design.appearance")
    before = fused.findings[0]
    assert (seen.text, seen.values) == (before.text, before.values)
    assert seen.llr is None
    assert seen.innocent_explanations == ()
    weights = [finding.llr for finding in told.findings if finding.llr is not None]
    assert weights == ([] if places == 1 else [told.design.llr])


@pytest.mark.parametrize(("fused", "shared"), [(SAME, True), (WEAK, False), (AGAINST, False)])
def test_one_artwork_on_several_products_is_told_only_where_the_artwork_agrees(fused, shared):
    assert ("more than one product" in after_print(fused, 2).findings[0].text.en) is shared


@pytest.mark.parametrize("fused", [SAME, WEAK, AGAINST], ids=["same", "weak", "against"])
def test_the_copy_is_not_spoken_of(fused):
    for told in (fused, after_print(fused, 0), after_print(fused, 1), after_print(fused, 2)):
        assert not [code for code in codes(told) if code.startswith("copy.")]


@pytest.mark.parametrize("places", [1, 2])
def test_what_supports_the_map_is_told_even_of_another_product(places):
    assert {"design.alignment", "design.hash"} < set(codes(after_print(SAME, places)))


def test_print_weighs_no_more_than_the_bound():
    strong = replace(SETTINGS, fusion=replace(WANTED, other_print=-9.0))
    told = after_print(SAME, 2, settings=strong)
    assert told.design.llr == told.findings[0].llr == -CALIBRATION.bound


def test_how_many_places_are_sure_is_a_setting():
    wary = replace(SETTINGS, fusion=replace(WANTED, sure_places=3))
    assert after_print(SAME, 2, settings=wary).verdict == "inconclusive"
    assert after_print(SAME, 3, settings=wary).verdict == "different_product"
