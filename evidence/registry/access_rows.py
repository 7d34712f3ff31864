"""Who may call, and what callers were answered: API keys and idempotency keys."""

from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select

from evidence.errors import ConflictError
from evidence.registry.photo_rows import PhotoRows
from evidence.registry.tables import answers, api_keys

REMEMBERED = timedelta(days=7)  # the promise about retries


class AccessRows(PhotoRows):
    """API keys by their hash, answers by their idempotency key."""

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
            ConflictError: the key was used for another request.
        """
        with self._database.writing() as connection:
            connection.execute(delete(answers).where(answers.c.remembered_at < at - REMEMBERED))
            kept = connection.scalar(select(answers.c.fingerprint).filter_by(key=key))
            if kept is not None:
                _require_same(kept, fingerprint)
                return
            connection.execute(
                insert(answers).values(
                    key=key,
                    fingerprint=fingerprint,
                    status=status,
                    body=body,
                    remembered_at=at,
                )
            )

    def add_api_key(self, name: str, key_sha256: str, at: datetime) -> None:
        """Let the key with this sha256 in; adding it again under its name changes nothing.

        Only the hash is kept. One round is right for a random key of 256 bits.

        Raises:
            ConflictError: the key is known under another name.
        """
        with self._database.writing() as connection:
            known = connection.scalar(select(api_keys.c.name).filter_by(key_sha256=key_sha256))
            if known is None:
                values = {"name": name, "key_sha256": key_sha256, "added_at": at}
                connection.execute(insert(api_keys).values(values))
            elif known != name:
                raise ConflictError(f"this API key is already known as {known}")

    def api_key_name(self, key_sha256: str) -> str | None:
        """Return whose key it is; None for an unknown one."""
        with self._database.reading() as connection:
            return connection.scalar(select(api_keys.c.name).filter_by(key_sha256=key_sha256))

    def has_api_keys(self) -> bool:
        """Tell whether any key was added."""
        with self._database.reading() as connection:
            return connection.execute(select(api_keys.c.name).limit(1)).first() is not None


def _require_same(kept: str, fingerprint: str) -> None:
    if kept != fingerprint:
        raise ConflictError("this idempotency key was used for another request: take a new one")
