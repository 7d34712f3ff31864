"""What callers were answered, by their idempotency keys."""

from contextlib import AbstractContextManager
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select

from evidence.errors import ConflictError
from evidence.registry.photo_rows import PhotoRows
from evidence.registry.tables import answers

REMEMBERED = timedelta(days=7)  # the promise about retries


class AnswerRows(PhotoRows):
    """Answers by their idempotency key."""

    def together(self) -> AbstractContextManager[None]:
        """Keep a change that the block makes and the answer that it remembers, or neither.

        That holds for changes which would happen twice if they were asked for twice.
        """
        return self._database.together()

    def remembered(self, key: str, fingerprint: str) -> tuple[int, str] | None:
        """Return the status and JSON body that this request was answered; None if it is new.

        Raises:
            ConflictError: the key was used for another request.
        """
        with self._database.reading() as connection:
            row = connection.execute(select(answers).filter_by(key=key)).one_or_none()
        if row is None:
            return None
        _require_same(row.fingerprint, fingerprint)
        return row.status, row.body

    def remember(self, key: str, fingerprint: str, status: int, body: str, at: datetime) -> None:
        """Keep an answer for seven days; the first under a key stays.

        Raises:
            ConflictError: the key was used before, by another request or by this one.
        """
        with self._database.writing() as connection:
            connection.execute(delete(answers).where(answers.c.remembered_at < at - REMEMBERED))
            kept = connection.scalar(select(answers.c.fingerprint).filter_by(key=key))
            if kept is not None:
                _require_same(kept, fingerprint)
                raise ConflictError(
                    "this request was answered a moment ago: ask for the answer",
                    "この要求には先ほど回答しました。その回答を確認してください。",
                )
            connection.execute(
                insert(answers).values(
                    key=key,
                    fingerprint=fingerprint,
                    status=status,
                    body=body,
                    remembered_at=at,
                )
            )


def _require_same(kept: str, fingerprint: str) -> None:
    if kept != fingerprint:
        raise ConflictError(
            "this idempotency key was used for another request: take a new one",
            "この Idempotency-Key は別の要求に使われています。新しいキーで送ってください。",
        )
