import time
from dataclasses import replace

import numpy as np
import pytest
from photo.shots import SETTINGS

from evidence.comparison.text_difference import (
    best_part,
    compare_said,
    count_kept,
    count_replaced,
    find_difference,
    is_elsewhere,
    may_differ,
    plain,
    says_copy,
    weigh,
)
from evidence.comparison.text_reading import Line

TEXT = SETTINGS.text
ONE, OTHER = "Flying, haste", "Vigilance now"
CLASSES = 128  # ASCII


def line(text, sure=0.9999):
    """A line of which every letter is as sure as this, the rest shared by all other classes."""
    classes = tuple(ord(letter) for letter in text)
    chances = np.full((2 * len(text) + 1, CLASSES), (1 - sure) / (CLASSES - 1), np.float32)
    chances[::2, 0] = chances[np.arange(len(text)) * 2 + 1, classes] = sure
    return Line(text, classes, np.full(len(text), sure, np.float32), chances)


def differ(one, other, *, sure=0.9999, **changes):
    return find_difference(line(one, sure), line(other, sure), settings=replace(TEXT, **changes))


def test_other_words_differ_either_way_round():
    assert differ(ONE, OTHER) == "text"
    assert differ(OTHER, ONE) == "text"
    assert differ(ONE, ONE) is None


def test_lines_that_are_not_sure_say_nothing():
    assert differ(ONE, OTHER, sure=0.89, least_nats=1.0) is None
    assert differ(ONE, OTHER, sure=0.89, least_confidence=0.8, least_nats=1.0) == "text"


@pytest.mark.parametrize(
    ("one", "other", "may"),
    [
        (ONE, OTHER, True),
        (ONE, ONE.upper().replace(",", ""), False),
        ("Vigilance", "Vig", False),
        ("", "V", False),
        ("Card #SM113", "Card #SM118", True),
        ("Card #SM113", "Card #SM11B", False),  # a misread digit
        ("PSA 9 MINT", "PSA 10 GEM MT", False),  # says the copy
    ],
)
def test_only_what_may_differ_is_read_once_more(one, other, may):
    assert may_differ(one, line(other), settings=TEXT) is may
    assert (differ(one, other) is not None) is may
    assert not may_differ(one, line(other, 0.89), settings=TEXT)


@pytest.mark.parametrize(
    ("one", "other", "sure", "answer"),
    [
        (ONE, ONE.upper(), 0.95, "same"),
        (ONE, ONE, 0.89, "unsure"),
        (ONE, OTHER, 0.95, "other"),
        (ONE, OTHER, 0.89, "unsure"),
        (ONE, "Flying", 0.95, "unsure"),  # a part of it is not the line
        ("Flying", ONE, 0.95, "unsure"),
        ("Card #SM113", "Card #SM118", 0.95, "other"),
        ("Card #SM113", "Card #SM11", 0.95, "unsure"),  # kept enough, but not its digits
        ("", "", 0.95, "unsure"),
    ],
)
def test_a_line_says_the_same_only_if_it_is_sure_and_whole(one, other, sure, answer):
    assert compare_said(one, line(other, sure), settings=TEXT) == answer


def test_letters_that_are_missing_say_nothing():
    assert differ("Vigilance", "Vig") is None
    assert differ("Vigilance", "") is None
    assert differ("Vigilance", "Vnce") is None


def test_two_other_letters_are_too_few():
    assert differ("wax", "win") is None
    assert differ("wax", "win", least_replaced=2) == "text"


def test_a_line_of_which_half_stays_is_the_same_line_damaged():
    assert count_kept(plain("Vigilance"), plain("Vigixxxxx")) == 4
    assert differ("Vigilance", "Vigilxxxx") is None
    assert differ("Vigilance", "Vigilxxxx", most_kept=0.6) == "text"


def test_a_photo_that_could_be_read_either_way_says_nothing():
    wavering, sure = line("WAXEN", 0.95), line("HURRY")
    assert find_difference(wavering, sure, settings=TEXT) is None
    assert find_difference(sure, wavering, settings=TEXT) is None
    assert find_difference(wavering, sure, settings=replace(TEXT, least_nats=5)) == "text"
    assert find_difference(line("WAXEN"), sure, settings=TEXT) == "text"


def test_letters_that_readers_confuse_are_alike():
    assert plain("ILTO'QDC, U SB-ZGv é") == plain("1110 000 0 58 26Y E")
    assert differ("OILS DUE", "0115 0UE") is None


@pytest.mark.parametrize(
    "text",
    ["PSA 9", "GEM MT", "MINT 9.5", "BGS PRISTINE 10", "NM-MT 8", "12345678", "PSA 1234-5678", "9"],
)
def test_grades_certificates_and_bare_digits_say_copy(text):
    assert says_copy(text, TEXT)
    assert differ(text, "PSA 87654321") is None


@pytest.mark.parametrize("text", ["Minted coin", "025/185", "#SM113", "Pristine Angel", ""])
def test_other_print_says_product(text):
    assert not says_copy(text, TEXT)


def test_a_hostile_line_takes_no_longer():
    start = time.perf_counter()
    assert not says_copy("1" * 5000 + "x", TEXT)
    assert time.perf_counter() - start < 0.5


@pytest.mark.parametrize(("one", "other"), [("#SM113", "#SM110"), ("025/185", "066/185")])
def test_another_printed_number_differs(one, other):
    assert differ(one, other) == "number"
    assert differ(one, one) is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("#SM113", "#SM11"),  # cut off
        ("#SM113", "#SN110"),  # a letter as well
        ("#AB1", "#AB2"),  # one digit alone
        ("#11", "#12"),  # and too short
        ("113", "110"),  # bare digits may be a serial number
    ],
)
def test_a_number_that_may_be_misread_or_says_copy_does_not(one, other):
    assert differ(one, other) is None


def test_every_digit_of_a_number_must_be_sure():
    doubtful = line("#SM110")
    doubtful.confidences[-1] = 0.85
    assert find_difference(line("#SM113"), doubtful, settings=TEXT) is None
    assert differ("#SM113", "#SM110", sure=0.95) is None  # both digits are not unlikely enough
    assert differ("#SM113", "#SM110", sure=0.95, least_nats=5.0) == "number"


def test_the_less_certain_photo_weighs():
    sure, wavering = line(ONE), line(OTHER, 0.95)
    assert weigh(sure, wavering) == weigh(wavering, sure)
    assert 0 < weigh(sure, wavering) < weigh(sure, line(OTHER))


def test_a_line_that_lies_elsewhere_on_the_other_item_is_found_there():
    print_there = "Regent of Mist" + "When this card enters play, draw 3 cards" + "RVL EN"
    assert is_elsewhere("enters play, drcw 3", print_there, settings=TEXT)
    assert is_elsewhere("RVL", print_there, settings=TEXT)
    assert not is_elsewhere("RVX", print_there, settings=TEXT)
    assert not is_elsewhere("At dawn, place a counter", print_there, settings=TEXT)


@pytest.mark.parametrize(
    ("one", "other", "replaced", "kept"),
    [("", "", 0, 0), ("abc", "", 0, 0), ("abc", "abd", 1, 2), ("abcd", "xbcdx", 1, 3),
     ("kitten", "sitting", 2, 4), ("abcdef", "abXYef", 2, 4)],
)  # fmt: skip
def test_letters_replaced_and_kept(one, other, replaced, kept):
    assert count_replaced(one, other) == count_replaced(other, one) == replaced
    assert count_kept(one, other) == count_kept(other, one) == kept


def test_the_best_part_may_begin_and_end_anywhere():
    assert best_part("geese", "nine quiet geese at dawn") == 1
    assert best_part("geexe", "nine quiet geese at dawn") == pytest.approx(0.8)
    assert best_part("abc", "") == best_part("", "abc") == 0
