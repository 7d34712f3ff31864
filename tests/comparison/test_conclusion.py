import pytest
from comparison.test_copy_evidence import concluded, mark
from photo.shots import SETTINGS, read_case

from evidence.comparison.compare import compare
from evidence.comparison.conclusion import (
    conclude_briefly,
    conclusion_of,
    small_marks_matter,
)
from evidence.comparison.copy_evidence import conclude

WANTED = SETTINGS.copies
HEAVIEST = min(WANTED.few_weigh, WANTED.many_weigh)


@pytest.mark.parametrize("name", ["same-tilted", "swapped-card-same-mat"])
def test_a_brief_conclusion_is_the_whole_comparisons(name):
    whole = compare(*read_case(name), settings=SETTINGS)
    assert conclude_briefly(*read_case(name), settings=SETTINGS) == conclusion_of(whole)


@pytest.mark.parametrize(
    ("llr", "matter"),
    [
        (WANTED.other - HEAVIEST + 0.01, False),  # they cannot make it another copy
        (WANTED.other - HEAVIEST, True),
        (WANTED.other + 0.01, True),
        (WANTED.other, False),  # another copy already
        (WANTED.same - 0.01, False),  # open, and stays open
        (WANTED.same, True),  # they can make it open
        (None, False),  # alone they never decide
    ],
)
def test_small_marks_are_looked_for_where_they_can_rename_the_verdict(llr, matter):
    assert small_marks_matter(concluded(llr), settings=WANTED) is matter


def test_small_marks_are_not_looked_for_beside_numbers():
    numbered = conclude((mark(WANTED.same, "certificate"),), numbered=True, settings=WANTED)
    assert not small_marks_matter(numbered, settings=WANTED)
