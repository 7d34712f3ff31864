"""API keys by their hash: who may call, and who might once."""

from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from evidence.errors import ConflictError, NotFoundError
from evidence.registry.event_rows import add_event
from evidence.registry.photo_rows import PhotoRows
from evidence.registry.staff_records import ApiKey, fold_name
from evidence.registry.tables import api_keys, staff


class KeyRows(PhotoRows):
    """API keys; a revoked one stays, so that its name never becomes another program's."""

    def add_api_key(self, name: str, key_sha256: str, at: datetime, *, actor: str) -> ApiKey:
        """Let the key with this sha256 in.

        Only the hash is kept. One round is right for a random key of 256 bits.

        Raises:
            ConflictError: a key or a person has that name, or had it.
        """
        values = {"name": name, "key_sha256": key_sha256, "added_at": at}
        with self._database.writing() as connection:
            refuse_taken_name(connection, name)
            connection.execute(insert(api_keys).values(values))
            _tell(connection, "added", name, actor, at)
        return ApiKey(name, at, None)

    def revoke_api_key(self, name: str, at: datetime, *, actor: str) -> None:
        """Let it in no longer, from now on; revoking it again changes nothing.

        Raises:
            NotFoundError: no key has that name.
        """
        with self._database.writing() as connection:
            row = connection.execute(_KEYS.filter_by(name=name)).one_or_none()
            if row is None:
                raise NotFoundError(f"no API key has the name {name}")
            if row.revoked_at is None:
                connection.execute(update(api_keys).filter_by(name=name).values(revoked_at=at))
                _tell(connection, "revoked", name, actor, at)

    def all_api_keys(self) -> list[ApiKey]:
        """List every key that was ever added, the oldest first."""
        with self._database.reading() as connection:
            return [ApiKey(*row) for row in connection.execute(_KEYS)]

    def api_key_name(self, key_sha256: str) -> str | None:
        """Return whose key it is; None for an unknown or a revoked one."""
        known = {"key_sha256": key_sha256, "revoked_at": None}
        with self._database.reading() as connection:
            return connection.scalar(select(api_keys.c.name).filter_by(**known))

    def has_api_keys(self) -> bool:
        """Tell whether any key was ever added."""
        return bool(self.all_api_keys())


_KEYS = select(api_keys.c.name, api_keys.c.added_at, api_keys.c.revoked_at).order_by(
    api_keys.c.added_at, api_keys.c.name
)


def refuse_taken_name(connection: Connection, name: str) -> None:
    """Refuse a name that a person or a program has in the history, however it is written.

    Raises:
        ConflictError: it is taken.
    """
    folded = fold_name(name)
    if connection.execute(select(staff).filter_by(folded_name=folded)).first():
        raise ConflictError(f"somebody has the name {name}: choose one that differs")
    if connection.execute(select(api_keys).filter_by(name=folded)).first():
        raise ConflictError(f"an API key has the name {name}: choose one that differs")


def _tell(connection: Connection, what: str, name: str, actor: str, at: datetime) -> None:
    add_event(connection, f"key.{what}", subject="key", subject_id=name, actor=actor, at=at)
