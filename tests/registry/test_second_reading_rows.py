from dataclasses import replace

import pytest
from registry.samples import NOW, claim, item
from sqlalchemy import text

from evidence.errors import ConflictError, StorageError
from evidence.registry.life_records import SecondAnswer, SecondReading, ShownPhoto

ASKED = SecondReading(
    0, "claim", "Ada", "Bo", "look at the corner", NOW,
    references=(ShownPhoto("0" * 64, "front", "image/jpeg"),),
    queries=(ShownPhoto("1" * 64, "corner", "image/heic"),),
)  # fmt: skip
ANSWER = SecondAnswer(
    "same_item", "certain", "one speck", NOW, "same_design", "open", None, None
)  # fmt: skip


@pytest.fixture
def opened(registry):
    registry.put_item(item())
    registry.put_claim(claim())
    return registry


def test_it_is_read_back_as_it_was_asked_and_answered(opened):
    asked = opened.ask_second_reading(ASKED)
    assert (asked.reading_id, asked.version, opened.claim("claim").version) == (1, 1, 2)
    assert (asked.references, asked.queries) == (ASKED.references, ASKED.queries)
    assert opened.second_reading("claim", 1) == asked
    answered = opened.answer_second_reading("claim", 1, ANSWER)
    assert (answered.answered, answered.version) == (ANSWER, 2)
    assert opened.second_readings("claim") == [answered]


@pytest.mark.parametrize("change", ["UPDATE {} SET answer = 'inconclusive'", "DELETE FROM {}"])
def test_the_database_itself_refuses_to_change_an_answer(opened, change):
    opened.ask_second_reading(ASKED)
    opened.answer_second_reading("claim", 1, ANSWER)
    with pytest.raises(StorageError), opened._database.writing() as connection:
        connection.execute(text(change.format("second_readings")))
    assert opened.second_reading("claim", 1).answered == ANSWER


def test_one_is_settled_once(opened):
    opened.ask_second_reading(ASKED)
    withdrawn = opened.withdraw_second_reading("claim", 1, "Ada", NOW)
    assert (withdrawn.withdrawn_by, withdrawn.withdrawn_at) == ("Ada", NOW)
    for again in (
        lambda: opened.answer_second_reading("claim", 1, ANSWER),
        lambda: opened.withdraw_second_reading("claim", 1, "Ada", NOW),
    ):
        with pytest.raises(ConflictError, match="ask for another"):
            again()
    assert opened.second_reading("claim", 1) == withdrawn


def test_they_are_listed_over_all_claims_and_by_who_is_asked(opened):
    first = opened.ask_second_reading(ASKED)
    second = opened.ask_second_reading(replace(ASKED, reader="Cy"))
    third = opened.ask_second_reading(replace(ASKED, reader="Dee"))
    assert opened.recent_second_readings(2) == [third, second]
    assert opened.second_readings_for("ＢＯ") == [first]  # however the name is typed
    assert first.waits
    assert not opened.answer_second_reading("claim", first.reading_id, ANSWER).waits
    assert not opened.withdraw_second_reading("claim", third.reading_id, "Ada", NOW).waits
    assert opened.second_readings_for("Bo") == opened.second_readings_for("Dee") == []
