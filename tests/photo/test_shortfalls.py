import pytest

from evidence.photo.hidden import PLACES as NAMES
from evidence.photo.shortfalls import AT_PLACE, PLACES, SHORTFALLS, name_shortfall


def test_every_place_that_a_map_can_name_has_words():
    assert set(PLACES) == set(NAMES)
    assert len({text.en for text in PLACES.values()}) == len(PLACES) == 10
    assert len({text.ja for text in PLACES.values()}) == len(PLACES)


@pytest.mark.parametrize("code", SHORTFALLS)
def test_without_a_place_the_text_is_that_of_the_code(code):
    found = name_shortfall(code)
    assert (found.code, found.text, found.place) == (code, SHORTFALLS[code], None)
    assert found.text.en.endswith(".")
    assert found.text.ja.endswith("。")


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("code", AT_PLACE)
def test_the_text_says_where_in_both_languages(code, place):
    found = name_shortfall(code, place)
    assert PLACES[place].en in found.text.en
    assert PLACES[place].ja in found.text.ja
    assert "{" not in found.text.en + found.text.ja
    assert found.place == place
    # What to do stays the same wherever it is.
    assert found.text.en.split()[-3:] == SHORTFALLS[code].en.split()[-3:]


def test_a_place_without_its_words_is_misuse():
    with pytest.raises(KeyError):
        name_shortfall("too_dark", "upper")
