from itertools import product

import numpy as np
import pytest
from comparison.printed import page

from evidence.comparison.text_reading import Line, read_line, read_text

WORDS = ("Nine quiet geese", "042/180 RVL", "#SM113")


def crop(text, **changes):
    return page(text, top=0.0, **changes)[:, : int(12.5 * (4 + 2.2 * len(text)))]


def small_line(steps=4, classes=3, seed=0):
    chances = np.random.default_rng(seed).dirichlet(np.ones(classes), steps)
    return Line("", (), np.empty(0, np.float32), chances.astype(np.float32))


def collapse(path):
    kept = [one for i, one in enumerate(path) if i == 0 or path[i - 1] != one]
    return tuple(one for one in kept if one)


@pytest.mark.parametrize("words", WORDS)
def test_what_was_written_is_read_with_confidence(words):
    line = read_line(crop(words))
    assert line.text == words
    assert line.confidence > 0.9
    assert len(line.classes) == len(line.confidences) == len(words)


def test_a_blank_line_reads_as_nothing_with_no_confidence():
    line = read_line(crop("", height=5.0))
    assert (line.text, line.classes, line.confidence) == ("", (), 0.0)


def test_a_picture_prefers_its_own_words_by_far():
    one, other = (read_line(crop(words)) for words in ("Plague Rats", "Plague Cats"))
    assert one.log_likelihood(one.classes) > -1
    assert one.log_likelihood(other.classes) < one.log_likelihood(one.classes) - 5


@pytest.mark.parametrize("wanted", [(), (1,), (1, 2), (1, 1), (2, 1, 2)])
def test_a_likelihood_is_the_sum_over_all_ways_to_say_it(wanted):
    line = small_line()
    ways = [path for path in product(range(3), repeat=4) if collapse(path) == wanted]
    total = sum(np.prod([line.probabilities[t, c] for t, c in enumerate(path)]) for path in ways)
    assert line.log_likelihood(wanted) == pytest.approx(np.log(total), rel=1e-5)


def test_what_does_not_fit_is_impossible():
    assert small_line(steps=2).log_likelihood((1, 1)) == -np.inf


def test_the_same_picture_reads_the_same():
    one, two = read_line(crop("Nine quiet geese")), read_line(crop("Nine quiet geese"))
    np.testing.assert_array_equal(one.probabilities, two.probabilities)


def test_a_text_is_that_of_the_line_however_often_it_is_asked_for():
    for words in (*WORDS, *WORDS):
        assert read_text(crop(words)) == words
    turned = np.ascontiguousarray(crop(WORDS[0])[::-1, ::-1])
    assert read_text(turned) == read_line(turned).text != WORDS[0]
