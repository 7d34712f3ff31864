"""Cases given to a second person: asked for, then answered once or withdrawn."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Column, Connection, Row, insert, select, update

from evidence.errors import ConflictError
from evidence.policy.second_reading import is_same_person
from evidence.registry.claim_rows import grow_claim, require_claim, tell_claim
from evidence.registry.expectations import ANYTHING, Expected
from evidence.registry.life_records import SecondAnswer, SecondReading, ShownPhoto
from evidence.registry.naming import name_claim
from evidence.registry.photo_rows import PhotoRows, found
from evidence.registry.tables import decisions, inspections, second_readings
from evidence.text import Text

_ASK_ANOTHER = Text("ask somebody else", "別の担当者に依頼してください。")
_WITHDRAW = Text("withdraw it and ask somebody else", "取り下げて、別の担当者に依頼してください。")


class SecondReadingRows(PhotoRows):
    """Second readings by their number.

    Each change counts its claim's version up: who decides on what was read before learns of it.
    """

    def ask_second_reading(
        self, asked: SecondReading, *, expected: Expected = ANYTHING
    ) -> SecondReading:
        """Keep that a named person asked another one for a second reading.

        Returns:
            It under the number that it got here; the given one is not looked at.

        Raises:
            NotFoundError: no such claim.
            StaleError: the claim is not as expected.
            ConflictError: the reader has had a part in the claim already.
        """
        photos = {"references": asked.references, "queries": asked.queries}
        with self._database.telling() as connection:
            claim = require_claim(connection, asked.claim_id)
            expected.check(name_claim(asked.claim_id), claim.version)
            _refuse_involved(connection, asked, own=None)
            done = connection.execute(
                insert(second_readings).values(
                    claim_id=asked.claim_id,
                    asked_by=asked.asked_by,
                    reader=asked.reader,
                    because=asked.because,
                    asked_at=asked.asked_at.astimezone(UTC),
                    photos=json.dumps(photos, default=asdict, sort_keys=True),
                )
            )
            number = int(done.inserted_primary_key[0])  # type: ignore[index]
            told = {"reading_id": number}
            _tell(connection, asked.claim_id, "asked", asked.asked_by, asked.asked_at, told)
            return _record(_require(connection, asked.claim_id, number))

    def answer_second_reading(
        self, claim_id: str, reading_id: int, answer: SecondAnswer, *, expected: Expected = ANYTHING
    ) -> SecondReading:
        """Keep the reader's answer for ever.

        Raises:
            NotFoundError: the claim has no such second reading.
            StaleError: it is not as expected.
            ConflictError: it was answered or withdrawn, or the reader has had another part in
                the claim meanwhile.
        """
        with self._database.telling() as connection:
            reading = _require_open(connection, claim_id, reading_id, expected)
            _refuse_involved(connection, reading, own=reading_id)
            values = asdict(answer) | {"answered_at": answer.answered_at.astimezone(UTC)}
            _change(connection, reading_id, values)
            told = {
                "reading_id": reading_id,
                "answer": answer.answer,
                "verdict": answer.verdict,
                "with_verdict": answer.with_verdict,
                "with_decision": answer.with_decision,
            }
            _tell(connection, claim_id, "answered", reading.reader, answer.answered_at, told)
            return _record(_require(connection, claim_id, reading_id))

    def withdraw_second_reading(
        self,
        claim_id: str,
        reading_id: int,
        by: str,
        at: datetime,
        *,
        expected: Expected = ANYTHING,
    ) -> SecondReading:
        """Take an unanswered one back.

        Raises:
            NotFoundError: the claim has no such second reading.
            StaleError: it is not as expected.
            ConflictError: it was answered or withdrawn.
        """
        with self._database.telling() as connection:
            _require_open(connection, claim_id, reading_id, expected)
            _change(connection, reading_id, {"withdrawn_by": by, "withdrawn_at": at})
            _tell(connection, claim_id, "withdrawn", by, at, {"reading_id": reading_id})
            return _record(_require(connection, claim_id, reading_id))

    def second_reading(self, claim_id: str, reading_id: int) -> SecondReading:
        """Read one back.

        Raises:
            NotFoundError: the claim has no such second reading.
        """
        with self._database.reading() as connection:
            return _record(_require(connection, claim_id, reading_id))

    def second_readings(self, claim_id: str) -> list[SecondReading]:
        """List a claim's, the oldest first."""
        query = select(second_readings).filter_by(claim_id=claim_id)
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(second_readings.c.reading_id))
            return [_record(row) for row in rows]

    def recent_second_readings(self, limit: int) -> list[SecondReading]:
        """List those of all claims, the newest first.

        Args:
            limit: how many at most, at least 1.
        """
        query = select(second_readings).order_by(second_readings.c.reading_id.desc()).limit(limit)
        with self._database.reading() as connection:
            return [_record(row) for row in connection.execute(query)]

    def second_readings_for(self, reader: str) -> list[SecondReading]:
        """List those that a person is still to answer, the oldest first."""
        waiting = select(second_readings).filter_by(answer=None, withdrawn_at=None)
        with self._database.reading() as connection:
            rows = connection.execute(waiting.order_by(second_readings.c.reading_id))
            return [_record(row) for row in rows if is_same_person(row.reader, reader)]


def _refuse_involved(connection: Connection, reading: SecondReading, *, own: int | None) -> None:
    """Raise ConflictError if the reader has had a part in the claim, beside reading ``own``."""
    readings = second_readings.c
    counting = (readings.withdrawn_at.is_(None), readings.reading_id != (own or 0))
    parts: tuple[tuple[Text, Column[str], Any], ...] = (
        (Text("has decided on", "について判断した人です"), decisions.c.decided_by, ()),
        (
            Text("has inspected what came back for", "の返送品を検品した人です"),
            inspections.c.inspected_by,
            (),
        ),
        (
            Text("has asked for a second reading of", "の二次確認を依頼した人です"),
            readings.asked_by,
            (),
        ),
        (Text("was already asked to read", "の確認を依頼済みの人です"), readings.reader, counting),
    )
    for part, column, conditions in parts:
        query = select(column).where(column.table.c.claim_id == reading.claim_id, *conditions)
        if any(is_same_person(reading.reader, name) for name in connection.scalars(query)):
            advice = _ASK_ANOTHER if own is None else _WITHDRAW
            raise ConflictError(
                f"{reading.reader} {part.en} claim {reading.claim_id}: {advice.en}",
                f"{reading.reader} は申し出 {reading.claim_id} {part.ja}。{advice.ja}",
            )


def _require(connection: Connection, claim_id: str, reading_id: int) -> Row[Any]:
    query = select(second_readings).filter_by(claim_id=claim_id, reading_id=reading_id)
    row = connection.execute(query).one_or_none()
    what = Text(
        f"second reading {reading_id} of claim {claim_id}",
        f"申し出 {claim_id} の二次確認 {reading_id}",
    )
    return found(row, what)


def _require_open(
    connection: Connection, claim_id: str, reading_id: int, expected: Expected
) -> SecondReading:
    reading = _record(_require(connection, claim_id, reading_id))
    what = Text(f"second reading {reading_id}", f"二次確認 {reading_id}")
    expected.check(what, reading.version)
    if reading.answered is not None:
        raise ConflictError(
            f"{what.en} was answered, and that stays: ask somebody else for another",
            f"{what.ja} は回答済みで、変更できません。必要なら別の担当者に依頼してください。",
        )
    if reading.withdrawn_at is not None:
        raise ConflictError(
            f"{what.en} was withdrawn: ask for another",
            f"{what.ja} は取り下げられています。改めて依頼してください。",
        )
    return reading


def _change(connection: Connection, reading_id: int, values: dict[str, Any]) -> None:
    connection.execute(update(second_readings).filter_by(reading_id=reading_id).values(values))


def _tell(
    connection: Connection, claim_id: str, what: str, by: str, at: datetime, body: dict[str, Any]
) -> None:
    grow_claim(connection, claim_id)
    tell_claim(connection, f"claim.second_reading_{what}", claim_id, actor=by, at=at, body=body)


def _record(row: Row[Any]) -> SecondReading:
    values = row._asdict()
    photos = json.loads(values.pop("photos"))
    told = {name: values.pop(name) for name in SecondAnswer.__dataclass_fields__}
    return SecondReading(
        **values,
        references=tuple(ShownPhoto(**one) for one in photos["references"]),
        queries=tuple(ShownPhoto(**one) for one in photos["queries"]),
        answered=None if told["answer"] is None else SecondAnswer(**told),
    )
