"""Second readings: asked for, answered once, and never changed after that."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, insert, select, update

from evidence.errors import ConflictError
from evidence.registry.claim_rows import require_claim
from evidence.registry.event_rows import add_event
from evidence.registry.life_records import Answered, SecondReading
from evidence.registry.photo_rows import PhotoRows, found
from evidence.registry.tables import second_readings


class ReadingRows(PhotoRows):
    """Second readings by their number."""

    def add_second_reading(
        self, claim_id: str, *, reader: str, asked_by: str, at: datetime
    ) -> SecondReading:
        """Give a claim to a second person.

        Raises:
            NotFoundError: no such claim.
        """
        values = {"claim_id": claim_id, "reader": reader, "asked_by": asked_by, "asked_at": at}
        with self._database.writing() as connection:
            require_claim(connection, claim_id)
            done = connection.execute(insert(second_readings).values(values))
            number = int(done.inserted_primary_key[0])  # type: ignore[index]
            _tell(connection, "claim.second_reading_asked", claim_id, number, asked_by, at)
            return _record(_require(connection, number))

    def second_reading(self, reading_id: int) -> SecondReading:
        """Read a second reading back.

        Raises:
            NotFoundError: no such second reading.
        """
        with self._database.reading() as connection:
            return _record(_require(connection, reading_id))

    def answer_second_reading(self, reading_id: int, answered: Answered) -> SecondReading:
        """Keep the answer; the first one stays.

        Raises:
            NotFoundError: no such second reading.
            ConflictError: it is answered already.
        """
        with self._database.writing() as connection:
            row = _require(connection, reading_id)
            if row.answer is not None:
                raise ConflictError(f"second reading {reading_id} is answered already; that stays")
            values = {
                "answer": answered.answer,
                "difference": answered.difference,
                "reason": answered.reason,
                "verdict": answered.verdict,
                "answered_at": answered.at.astimezone(UTC),
            }
            connection.execute(
                update(second_readings).filter_by(reading_id=reading_id).values(values)
            )
            kind = "claim.second_reading_answered"
            _tell(connection, kind, row.claim_id, reading_id, row.reader, answered.at)
            return _record(_require(connection, reading_id))

    def second_readings(self, claim_id: str | None = None) -> list[SecondReading]:
        """List the second readings of one claim, or of all, the oldest first."""
        query = select(second_readings).order_by(second_readings.c.reading_id)
        if claim_id is not None:
            query = query.filter_by(claim_id=claim_id)
        with self._database.reading() as connection:
            return [_record(row) for row in connection.execute(query)]


def _require(connection: Connection, reading_id: int) -> Row[Any]:
    query: Select[Any] = select(second_readings).filter_by(reading_id=reading_id)
    return found(connection.execute(query).one_or_none(), f"second reading {reading_id}")


def _record(row: Row[Any]) -> SecondReading:
    return SecondReading(**row._asdict())


def _tell(
    connection: Connection, kind: str, claim_id: str, number: int, actor: str, at: datetime
) -> None:
    body = {"reading_id": number}
    add_event(connection, kind, subject="claim", subject_id=claim_id, actor=actor, at=at, body=body)
