import inspect

import pytest

from evidence.comparison import wording
from evidence.comparison.appearance import Measures
from evidence.comparison.verdict import Finding
from evidence.photo.quality import SHORTFALLS, Shortfall

ARGUMENTS = {  # of each finding that is stated; `weighed` states none
    "alignment": (321, 1.24),
    "appearance": (Measures(0.91, 0.42, 0.31, 0.22), 0.87),
    "hash_distance": (37,),
    "too_little": (0.21,),
}
FINDINGS = {
    name: function(*ARGUMENTS.get(name, ()))
    for name, function in inspect.getmembers(wording, inspect.isfunction)
    if function.__module__ == wording.__name__ and name != "weighed"
}
SHOTS = {
    **{name: value for name, value in vars(wording).items() if isinstance(value, Shortfall)},
    **{name: Shortfall(name, text) for name, text in SHORTFALLS.items()},
}
TEXTS = [
    *(finding.text for finding in FINDINGS.values()),
    *(shot.text for shot in SHOTS.values()),
    *wording.INNOCENT,
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
    ],
)
def test_both_languages_give_the_same_numbers(name, numbers):
    for number in numbers:
        assert number in FINDINGS[name].text.en
        assert number in FINDINGS[name].text.ja


def test_our_own_mistake_is_among_the_explanations():
    assert any("We packed" in text.en for text in wording.INNOCENT)
    assert any("当店" in text.ja for text in wording.INNOCENT)


@pytest.mark.parametrize(("llr", "explained"), [(-1.0, True), (0.0, False), (1.0, False)])
def test_a_weight_against_brings_its_explanations(llr, explained):
    weighed = wording.weighed(FINDINGS["unaligned"], llr, 0.02)
    assert (weighed.llr, weighed.false_alarm_rate) == (llr, 0.02)
    assert weighed.innocent_explanations == (wording.INNOCENT if explained else ())
    assert weighed.text == FINDINGS["unaligned"].text
