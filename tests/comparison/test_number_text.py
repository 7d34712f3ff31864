import numpy as np
import pytest
from photo.shots import SETTINGS

from evidence.comparison.number_text import agree, as_number
from evidence.comparison.text_models import characters
from evidence.comparison.text_reading import Line


def line(text, *, sure=0.999, doubts=()):
    """Return a line that reads so: one step a character, with a gap after each."""
    known = characters()
    classes = tuple(known.index(letter) for letter in text)
    probabilities = np.full((2 * len(text), len(known)), 1e-7, np.float32)
    probabilities[1::2, 0] = 1
    confidences = np.full(len(text), sure, np.float32)
    confidences[list(doubts)] = 0.6
    probabilities[np.arange(0, 2 * len(text), 2), classes] = confidences
    return Line(text, classes, confidences, probabilities)


def said(one, other, **how):
    return agree(as_number(line(one)), as_number(line(other, **how)), settings=SETTINGS.numbers)


@pytest.mark.parametrize(
    ("text", "number", "kind"),
    [
        ("48210937", "48210937", "certificate"),
        ("4821 0937", "48210937", "certificate"),
        ("CERT #48210937", "48210937", "certificate"),
        ("4123456-001", "4123456001", "certificate"),
        ("BDU7523723", "BDU7523723", "serial"),
        ("AB 123456 C", "AB123456C", "serial"),
        ("23/99", "23/99", "serial"),
    ],
)
def test_certificates_serials_and_stamps_are_numbers(text, number, kind):
    found = as_number(line(text))
    assert (found.text, found.kind) == (number, kind)


@pytest.mark.parametrize(
    "text",
    ["GEM MT 10", "10", "2018", "SM113", "#105", "170", "2023-11-14", "14.11.2023", "105/73",
     "0/99", "820650853456", "Draw three cards"],
)  # fmt: skip
def test_grades_years_dates_and_products_are_none(text):
    assert as_number(line(text)) is None


def test_equal_and_other_numbers_are_told_apart():
    assert said("48210937", "48210937") == "equal"
    assert said("48210937", "48210938") == "different"
    assert said("23/99", "24/99") == "different"


def test_letters_that_are_confused_or_cut_short_never_speak():
    assert said("BDU7523723", "BOU7523723") == "equal"
    assert said("BDU7523723", "PDU7523723") == "doubtful"


def test_a_doubtful_or_missing_character_leaves_it_open():
    assert said("48210937", "48210938", doubts=[7]) == "doubtful"
    assert said("48210937", "48210937", doubts=[2]) == "doubtful"
    assert said("48210937", "4821093") == "doubtful"
    assert said("48210937", "4821037") == "doubtful"


def test_a_number_out_of_another_total_is_left_to_the_print():
    assert said("23/99", "23/49") == "doubtful"


def test_numbers_of_unlike_length_differ_only_where_they_share_little():
    assert said("48210937", "116354662") == "different"
    assert said("48210937", "148210937") == "doubtful"
