"""Many comparisons for one request, remembered or not."""

from dataclasses import replace
from hashlib import sha256

import pytest
import running

from evidence.comparison.combine import AGREEING
from evidence.errors import NotFoundError
from evidence.service.comparing import compare_in_turn
from evidence.service.comparisons import compare_kept, compare_loose, find_remembered

SEEDS = (0, 1, 2)


@pytest.fixture
def service(tmp_path, workers):
    service = running.open_service(tmp_path / "home", workers)
    yield service
    service.registry.close()


@pytest.fixture
def photos(service):
    """Three photos of three cards, the first held against itself and against the second."""
    one, two, three = (running.photo(seed) for seed in SEEDS)
    for pair in ((one, one), (one, two), (three, three)):
        compare_loose(service, *pair)
    return [sha256(data).hexdigest() for data in (one, two, three)]


def agrees(verdict):
    return verdict.verdict in AGREEING


def test_what_is_remembered_is_found_and_nothing_else(service, photos):
    one, two, three = photos
    found = find_remembered(service, {(one, two), (two, one), (one, three)})
    assert found == {(one, two): compare_kept(service, one, two).verdict}


def test_other_settings_remember_nothing_of_it(service, photos):
    changes = replace(service.settings.changes, sure=8.0)
    other = replace(service, settings=replace(service.settings, changes=changes))
    assert find_remembered(other, {(photos[0], photos[1])}) == {}


def test_a_photo_that_is_not_kept_is_named(service, photos):
    with pytest.raises(NotFoundError, match="f" * 64):
        find_remembered(service, {(photos[0], "f" * 64)})


def test_remembered_or_computed_the_answers_are_the_same(service, photos):
    one, two, three = photos
    questions = [[(one, two), (one, one), (one, three)], [(three, two), (three, three)]]
    first = compare_in_turn(service, questions, agrees)
    assert [len(verdicts) for verdicts in first] == [2, 2]  # the third pair was not needed
    assert [verdicts[-1].verdict in AGREEING for verdicts in first] == [True, True]
    assert compare_in_turn(service, questions, agrees) == first


def test_what_is_remembered_needs_no_worker(service, photos):
    one, two, _ = photos
    closed = running.open_workers(count=1, waiting=0, memory=1, modules=[])
    closed.close()
    idle = replace(service, workers=closed)
    assert len(compare_in_turn(idle, [[(one, two), (one, one)]], agrees)[0]) == 2
