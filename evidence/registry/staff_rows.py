"""Staff accounts: who there is, as whom, and that an owner is always left."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from evidence.errors import ConflictError, NotFoundError
from evidence.registry.event_rows import add_event
from evidence.registry.key_rows import refuse_taken_name
from evidence.registry.photo_rows import PhotoRows
from evidence.registry.staff_records import Role, Staff, fold_name
from evidence.registry.tables import sessions, set_up_codes, staff


class StaffRows(PhotoRows):
    """Accounts by their number; each change is told in the feed, without passwords."""

    def all_staff(self) -> list[Staff]:
        """List every account, those who no longer work here too, the oldest first."""
        with self._database.reading() as connection:
            return [staff_of(row) for row in connection.execute(_ACCOUNTS)]

    def staff_signing_in_as(self, sign_in_name: str) -> Staff | None:
        """Return whose sign-in name it is, None if it is nobody's."""
        with self._database.reading() as connection:
            row = connection.execute(_ACCOUNTS.filter_by(sign_in_name=sign_in_name)).one_or_none()
        return None if row is None else staff_of(row)

    def has_owner(self) -> bool:
        """Tell whether an owner was ever made."""
        with self._database.reading() as connection:
            return _has_owner(connection)

    def add_staff(self, new: Staff, *, actor: str, first_owner: bool = False) -> Staff:
        """Keep a new account.

        Args:
            new: under number 0.
            actor: who adds it.
            first_owner: it has to be the first one of an owner.

        Returns:
            It under the number that it got.

        Raises:
            ConflictError: a name is taken, also by a program or by somebody who no longer works
                here, or there is an owner already.
        """
        with self._database.writing() as connection:
            if first_owner and _has_owner(connection):
                raise ConflictError(
                    "there is an owner already: sign in, or ask the owner",
                    "オーナーは登録済みです。サインインするか、オーナーに確認してください。",
                )
            refuse_taken_name(connection, new.name)
            if connection.execute(select(staff).filter_by(sign_in_name=new.sign_in_name)).first():
                raise ConflictError(
                    f"the sign-in name {new.sign_in_name} is taken",
                    f"サインイン名 {new.sign_in_name} は使われています。別の名前にしてください。",
                )
            values = {k: v for k, v in asdict(new).items() if k != "staff_id"}
            folded = fold_name(new.name)
            done = connection.execute(insert(staff).values(values | {"folded_name": folded}))
            number = int(done.inserted_primary_key[0])  # type: ignore[index]
            _tell(connection, "added", number, actor, new.added_at, {"role": new.role})
            if first_owner:
                connection.execute(delete(set_up_codes))
            return _require(connection, number)

    def change_staff(
        self, staff_id: int, *, role: Role | None, active: bool | None, actor: str, at: datetime
    ) -> Staff:
        """Change what is not None; who is made inactive is signed out everywhere at once.

        Raises:
            NotFoundError: there is no such account.
            ConflictError: no owner with a password of their own would be left.
        """
        with self._database.writing() as connection:
            before = _require(connection, staff_id)
            values: dict[str, Any] = {
                "role": before.role if role is None else role,
                "active": before.active if active is None else active,
            }
            if values == {"role": before.role, "active": before.active}:
                return before
            if values != {"role": "owner", "active": True}:
                _require_other_owner(connection, before)
            connection.execute(update(staff).filter_by(staff_id=staff_id).values(values))
            if not values["active"]:
                connection.execute(delete(sessions).filter_by(staff_id=staff_id))
            _tell(connection, "changed", staff_id, actor, at, values)
            return _require(connection, staff_id)

    def set_password(
        self,
        staff_id: int,
        password_hash: str,
        *,
        one_time: bool,
        actor: str,
        at: datetime,
        keep: str | None = None,
    ) -> Staff:
        """Replace a password; every session ends but the one with the token hash ``keep``.

        Raises:
            NotFoundError: there is no such account.
            ConflictError: no owner with a password of their own would be left.
        """
        values = {"password_hash": password_hash, "one_time": one_time, "password_set_at": at}
        with self._database.writing() as connection:
            before = _require(connection, staff_id)
            if one_time:
                _require_other_owner(connection, before)
            connection.execute(update(staff).filter_by(staff_id=staff_id).values(values))
            theirs = delete(sessions).filter_by(staff_id=staff_id)
            connection.execute(theirs.where(sessions.c.token_sha256 != (keep or "")))
            _tell(connection, "password_set", staff_id, actor, at, {"one_time": one_time})
            return _require(connection, staff_id)


_ACCOUNTS = select(staff).order_by(staff.c.staff_id)
_ABLE = {"role": "owner", "active": True, "one_time": False}  # can let others in


def staff_of(row: Row[Any]) -> Staff:
    """Return the record of a row with the columns of an account."""
    return Staff(**{name: getattr(row, name) for name in Staff.__dataclass_fields__})


def _require(connection: Connection, staff_id: int) -> Staff:
    row = connection.execute(_ACCOUNTS.filter_by(staff_id=staff_id)).one_or_none()
    if row is None:
        raise NotFoundError(
            f"nobody has the staff number {staff_id}",
            f"スタッフ番号 {staff_id} は登録されていません。",
        )
    return staff_of(row)


def _has_owner(connection: Connection) -> bool:
    return connection.execute(select(staff).filter_by(role="owner")).first() is not None


def _require_other_owner(connection: Connection, one: Staff) -> None:
    """Refuse what takes the last owner's means away; others may lose theirs."""
    if {name: getattr(one, name) for name in _ABLE} != _ABLE:
        return
    others = select(staff).filter_by(**_ABLE).where(staff.c.staff_id != one.staff_id)
    if connection.execute(others).first() is None:
        raise ConflictError(
            f"{one.name} is the last owner: make another one, who has signed in, before",
            f"{one.name} は最後のオーナーです。"
            "先に別のオーナーを登録し、その人がサインインしてから変更してください。",
        )


def _tell(
    connection: Connection, what: str, number: int, actor: str, at: datetime, body: dict[str, Any]
) -> None:
    kind, subject_id = f"staff.{what}", str(number)
    add_event(
        connection, kind, subject="staff", subject_id=subject_id, actor=actor, at=at, body=body
    )
