import inspect

import pytest

from evidence.comparison import claim_wording, print_wording, wording
from evidence.comparison.appearance import Measures
from evidence.comparison.printed_text import TextDifference
from evidence.comparison.verdict import Finding, Region
from evidence.photo.quality import SHORTFALLS, Shortfall

NAMED = TextDifference("text", "Grim Sentinel", "Pale Oracle", Region("differs", 5, 4, 40, 4, "mm"))
NUMBERED = TextDifference("number", "17/180", "19/180", Region("differs", 5, 80, 9, 2, "mm"))
ARGUMENTS = {  # of each finding that is stated; `weighed` states none
    "alignment": (321, 1.24),
    "appearance": (Measures(0.91, 0.42, 0.31, 0.22), 0.87),
    "hash_distance": (37,),
    "other_print": ((NAMED, NUMBERED, NUMBERED),),
    "same_print": (14,),
    "too_little": (0.21,),
    "unsure_print": (NUMBERED,),
}
OPTIONS = {"other_print": {"artwork_agrees": True}}
MODULES = (wording, print_wording, claim_wording)
FINDINGS = {
    name: function(*ARGUMENTS.get(name, ()), **OPTIONS.get(name, {}))
    for module in MODULES
    for name, function in inspect.getmembers(module, inspect.isfunction)
    if function.__module__ == module.__name__ and name != "weighed"
}
PRINT_ALONE = print_wording.other_print((NAMED, NUMBERED), artwork_agrees=False)
SHOTS = {
    **{
        name: value
        for module in MODULES
        for name, value in vars(module).items()
        if isinstance(value, Shortfall)
    },
    **{name: Shortfall(name, text) for name, text in SHORTFALLS.items()},
}
TEXTS = [
    *(finding.text for finding in FINDINGS.values()),
    PRINT_ALONE.text,
    *(shot.text for shot in SHOTS.values()),
    *wording.INNOCENT,
    *print_wording.MISREAD,
]
ACCUSING = (
    "fraud", "scam", "fake", "forge", "counterfeit", "cheat", " lied ", "lying", "liar", "steal",
    "stole", "theft", "thief", "swap", "dishonest", "decei", "suspic", "guilt", "malicious",
    "deliberate", "intent", "claims that", "pretend", "criminal", "police",
    "詐欺", "偽", "嘘", "うそ", "騙", "だま", "不正", "虚偽", "盗", "悪意", "悪質", "疑", "犯罪",
    "故意", "すり替", "警察",
)  # fmt: skip


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: text.en[:30])
def test_a_text_says_the_same_in_both_languages_and_accuses_nobody(text):
    assert text.en.strip().endswith((".", ")."))
    assert text.ja.strip().endswith(("。", "。)"))
    assert text.en.isascii()
    assert any("ぁ" <= letter <= "ヿ" for letter in text.ja)
    told = (text.en + text.ja).lower()
    assert [word for word in ACCUSING if word in told] == []


def test_every_finding_has_a_code_of_its_own():
    assert all(isinstance(finding, Finding) for finding in FINDINGS.values())
    codes = [finding.code for finding in FINDINGS.values()]
    assert len(set(codes)) == len(codes) >= 9
    assert all(code.partition(".")[0] in ("design", "copy") for code in codes)


@pytest.mark.parametrize(
    ("name", "numbers"),
    [
        ("appearance", ("0.91", "0.42", "87%")),
        ("too_little", ("21%",)),
        ("alignment", ("321", "1.2")),
        ("hash_distance", ("37",)),
        ("other_print", ("3", "Grim Sentinel", "Pale Oracle")),
        ("unsure_print", ("17/180", "19/180")),
        ("same_print", ("14",)),
    ],
)
def test_both_languages_give_the_same_numbers(name, numbers):
    for number in numbers:
        assert number in FINDINGS[name].text.en
        assert number in FINDINGS[name].text.ja


def test_the_print_is_told_of_several_products_only_where_the_artwork_agrees():
    shared = FINDINGS["other_print"].text
    assert "exists on more than one product" in shared.en
    assert "複数の商品" in shared.ja
    assert "more than one product" not in PRINT_ALONE.text.en
    assert "複数の商品" not in PRINT_ALONE.text.ja
    assert PRINT_ALONE.code == FINDINGS["other_print"].code


def test_print_tells_its_numbers():
    told = {name: FINDINGS[name].values for name in ("other_print", "unsure_print", "same_print")}
    assert told == {
        "other_print": {"places": 3},
        "unsure_print": {"places": 1},
        "same_print": {"lines": 14},
    }


def test_one_place_may_be_a_misreading_before_it_is_anything_else():
    explained = FINDINGS["unsure_print"].innocent_explanations
    assert explained == (*print_wording.MISREAD, *wording.INNOCENT)
    text = FINDINGS["unsure_print"].text  # it is also said where the artwork is in doubt
    assert "artwork agrees" not in text.en
    assert "絵柄は一致" not in text.ja
    assert print_wording.CLOSE_UP.code == "close_up"


def test_our_own_mistake_is_among_the_explanations():
    assert any("We packed" in text.en for text in wording.INNOCENT)
    assert any("当店" in text.ja for text in wording.INNOCENT)


@pytest.mark.parametrize(("llr", "explained"), [(-1.0, True), (0.0, False), (1.0, False)])
def test_a_weight_against_brings_its_explanations(llr, explained):
    weighed = wording.weighed(FINDINGS["unaligned"], llr, 0.02)
    assert (weighed.llr, weighed.false_alarm_rate) == (llr, 0.02)
    assert weighed.innocent_explanations == (wording.INNOCENT if explained else ())
    assert weighed.text == FINDINGS["unaligned"].text
