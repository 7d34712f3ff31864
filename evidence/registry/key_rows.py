"""API keys by their hash: who may call, and who might once."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import Connection, Row, insert, select, update

from evidence.errors import ConflictError, NotFoundError
from evidence.registry.event_rows import add_event
from evidence.registry.photo_rows import PhotoRows
from evidence.registry.staff_records import ApiKey, Scope, fold_name
from evidence.registry.tables import api_keys, staff


class KeyRows(PhotoRows):
    """API keys; a revoked one stays, so that its name never becomes another program's.

    A key has one row for each secret that it ever had; one of them is good for ever, the one
    before it for the while in which its program is told the new one.
    """

    def add_api_key(
        self,
        name: str,
        key_sha256: str,
        at: datetime,
        *,
        actor: str,
        scopes: Sequence[Scope] = ("everything",),
        expires_at: datetime | None = None,
    ) -> ApiKey:
        """Let the key with this sha256 in.

        Only the hash is kept. One round is right for a random key of 256 bits.

        Raises:
            ConflictError: a key or a person has that name, or had it.
        """
        values = {"name": name, "key_sha256": key_sha256, "added_at": at}
        values |= {"scopes": " ".join(scopes), "expires_at": expires_at}
        told: dict[str, Any] = {"scopes": list(scopes)}
        if expires_at is not None:
            told["expires_at"] = expires_at.isoformat()
        with self._database.writing() as connection:
            refuse_taken_name(connection, name)
            connection.execute(insert(api_keys).values(values))
            _tell(connection, "added", name, actor, at, told)
            return _require(connection, name)

    def rotate_api_key(
        self, name: str, key_sha256: str, at: datetime, *, old_until: datetime, actor: str
    ) -> ApiKey:
        """Give a key another secret; the one until now counts till ``old_until``, older ones end.

        Raises:
            NotFoundError: no key has that name.
            ConflictError: it was revoked, or has come to its end.
        """
        with self._database.writing() as connection:
            before = _require(connection, name)
            if before.revoked_at is not None or _is_over(before.expires_at, at):
                raise ConflictError(
                    f"the API key {name} is no longer good: add another one",
                    f"APIキー {name} は無効になっています。新しいキーを追加してください。",
                )
            rows = connection.execute(_OF_KEYS.filter_by(name=name)).all()
            for row in rows:
                end = old_until if row is rows[-1] else at
                if row.expires_at is None or end < row.expires_at:
                    same = update(api_keys).filter_by(key_sha256=row.key_sha256)
                    connection.execute(same.values(expires_at=end))
            values = {"name": name, "key_sha256": key_sha256, "added_at": at}
            values |= {"scopes": " ".join(before.scopes), "expires_at": before.expires_at}
            values |= {"secret": rows[-1].secret + 1}
            connection.execute(insert(api_keys).values(values))
            _tell(connection, "rotated", name, actor, at, {"old_until": old_until.isoformat()})
            return _require(connection, name)

    def revoke_api_key(self, name: str, at: datetime, *, actor: str) -> None:
        """Let none of its secrets in, from now on; revoking it again changes nothing.

        Raises:
            NotFoundError: no key has that name.
        """
        with self._database.writing() as connection:
            if _require(connection, name).revoked_at is None:
                connection.execute(update(api_keys).filter_by(name=name).values(revoked_at=at))
                _tell(connection, "revoked", name, actor, at)

    def all_api_keys(self) -> list[ApiKey]:
        """List every key that was ever added, the oldest first."""
        with self._database.reading() as connection:
            return _keys_of(connection.execute(_OF_KEYS).all())

    def api_key(self, key_sha256: str, at: datetime) -> ApiKey | None:
        """Return the key with a secret; None for one that is unknown, revoked or at its end.

        What the record tells of use is of this secret alone.
        """
        known = {"key_sha256": key_sha256, "revoked_at": None}
        with self._database.reading() as connection:
            row = connection.execute(_OF_KEYS.filter_by(**known)).one_or_none()
        return None if row is None or _is_over(row.expires_at, at) else _keys_of([row])[0]

    def use_api_key(self, key_sha256: str, day: date) -> None:
        """Keep the day on which a secret was used last."""
        with self._database.writing() as connection:
            used = update(api_keys).filter_by(key_sha256=key_sha256)
            connection.execute(used.values(last_used_on=day))

    def has_api_keys(self) -> bool:
        """Tell whether any key was ever added."""
        with self._database.reading() as connection:
            return connection.execute(_OF_KEYS).first() is not None


# First secrets in the order of their keys, then second ones: a clock may be put back.
_OF_KEYS = select(api_keys).order_by(api_keys.c.secret, api_keys.c.added_at, api_keys.c.name)


def _keys_of(rows: Sequence[Row[Any]]) -> list[ApiKey]:
    """Put the rows of each key's secrets together; rows in the order they were added in."""
    secrets: dict[str, list[Row[Any]]] = {}
    for row in rows:
        secrets.setdefault(row.name, []).append(row)
    return [_key(of_one) for of_one in secrets.values()]


def _key(rows: Sequence[Row[Any]]) -> ApiKey:
    last = rows[-1]
    days = [row.last_used_on for row in rows if row.last_used_on is not None]
    return ApiKey(
        name=last.name,
        added_at=rows[0].added_at,
        revoked_at=last.revoked_at,
        scopes=cast(tuple[Scope, ...], tuple(last.scopes.split())),
        expires_at=last.expires_at,
        last_used_on=max(days, default=None),
        rotated_at=last.added_at if len(rows) > 1 else None,
        old_until=rows[-2].expires_at if len(rows) > 1 else None,
    )


def _require(connection: Connection, name: str) -> ApiKey:
    rows = connection.execute(_OF_KEYS.filter_by(name=name)).all()
    if not rows:
        raise NotFoundError(
            f"no API key has the name {name}", f"{name} という名前のAPIキーはありません。"
        )
    return _key(rows)


def _is_over(end: datetime | None, at: datetime) -> bool:
    return end is not None and end <= at


def refuse_taken_name(connection: Connection, name: str) -> None:
    """Refuse a name that a person or a program has in the history, however it is written.

    Raises:
        ConflictError: it is taken.
    """
    folded = fold_name(name)
    if connection.execute(select(staff).filter_by(folded_name=folded)).first():
        raise ConflictError(
            f"somebody has the name {name}: choose one that differs",
            f"{name} という名前は使われています。別の名前にしてください。",
        )
    if connection.execute(select(api_keys).filter_by(name=folded)).first():
        raise ConflictError(
            f"an API key has the name {name}: choose one that differs",
            f"{name} という名前のAPIキーがあります。別の名前にしてください。",
        )


def _tell(
    connection: Connection,
    what: str,
    name: str,
    actor: str,
    at: datetime,
    body: dict[str, Any] | None = None,
) -> None:
    kind = f"key.{what}"
    add_event(connection, kind, subject="key", subject_id=name, actor=actor, at=at, body=body)
