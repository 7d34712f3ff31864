"""What kept photos come to: remembered apart from verdicts, and never in their place."""

from dataclasses import replace

import pytest
from test_comparing import photos, service  # noqa: F401 - fixtures

from evidence.comparison.conclusion import conclusion_of
from evidence.errors import BusyError
from evidence.service.comparisons import compare_kept, find_remembered
from evidence.service.conclusions import conclude_pairs
from evidence.service.kept_print import keep_print, known_print
from evidence.workers import Workers


def without_workers(service):  # noqa: F811
    closed = Workers(count=1, waiting=0, memory=1, modules=[])
    closed.close()
    return replace(service, workers=closed)


def test_a_remembered_verdict_is_a_conclusion(service, photos):  # noqa: F811
    one, two, _ = photos
    pairs = [(one, two), (one, one)]
    found = conclude_pairs(without_workers(service), pairs, examined=True)
    whole = [compare_kept(service, one, other).verdict for other in (two, one)]
    assert found == [conclusion_of(verdict) for verdict in whole]
    assert found[0] != found[1]


def test_a_conclusion_is_no_verdict_and_is_remembered(service, photos):  # noqa: F811
    one, two, three = photos
    pairs = [(three, one), (three, two)]
    found = conclude_pairs(service, pairs, examined=True)
    assert find_remembered(service, pairs) == {}
    assert conclude_pairs(without_workers(service), pairs, examined=True) == found
    whole = compare_kept(service, three, one)
    assert whole.new
    assert conclusion_of(whole.verdict) == found[0]


def test_what_was_examined_stands_for_the_picture_and_not_the_other_way_round(service, photos):  # noqa: F811
    one, two, three = photos
    looked, examined = (two, three), (two, one)
    by_picture = conclude_pairs(service, [looked], examined=False)
    whole = conclude_pairs(service, [examined], examined=True)
    idle = without_workers(service)
    assert conclude_pairs(idle, [looked, examined], examined=False) == [*by_picture, *whole]
    with pytest.raises(BusyError):
        conclude_pairs(idle, [looked], examined=True)


def test_print_is_kept_once_and_for_these_settings_alone(service, photos):  # noqa: F811
    read = service.registry.reading_sha256(photos[0])
    assert known_print(service, read) is None
    keep_print(service, photos[0])
    assert known_print(service, read) is not None
    keep_print(without_workers(service), photos[0])
    text = replace(service.settings.text, least_ink=0.4)
    other = replace(service, settings=replace(service.settings, text=text))
    assert known_print(other, read) is None
