"""Who is signed in where; only the hash of a browser's token is kept."""

from datetime import datetime

from sqlalchemy import Connection, delete, insert, or_, select, update

from evidence.registry.event_rows import add_event
from evidence.registry.photo_rows import PhotoRows
from evidence.registry.staff_records import Session, Staff
from evidence.registry.staff_rows import staff_of
from evidence.registry.tables import sessions, staff


class SessionRows(PhotoRows):
    """Sessions by the sha256 of their token; what ends one is gone at once."""

    def begin_session(self, of: Staff, token_sha256: str, at: datetime) -> bool:
        """Keep a session; False if the account was made inactive or got another password since.

        Args:
            of: the account as it was when the password was checked.
            token_sha256: of a random token of 256 bits, so one round is right.
            at: when the person signed in. Aware.
        """
        same = {"staff_id": of.staff_id, "active": True, "password_hash": of.password_hash}
        values = {"token_sha256": token_sha256, "staff_id": of.staff_id}
        values |= {"began_at": at, "seen_at": at}
        with self._database.writing() as connection:
            if connection.execute(select(staff).filter_by(**same)).first() is None:
                return False
            connection.execute(insert(sessions).values(values))
            _tell(connection, "signed_in", of, at)
            return True

    def session(self, token_sha256: str) -> Session | None:
        """Return the session of an active account, however old; None if there is none."""
        query = (
            select(sessions, staff)
            .join(staff, sessions.c.staff_id == staff.c.staff_id)
            .where(sessions.c.token_sha256 == token_sha256, staff.c.active)
        )
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            return None
        return Session(row.token_sha256, staff_of(row), row.began_at, row.seen_at)

    def see_session(self, token_sha256: str, at: datetime) -> None:
        """Keep when it was used."""
        with self._database.writing() as connection:
            used = update(sessions).filter_by(token_sha256=token_sha256)
            connection.execute(used.values(seen_at=at))

    def end_session(self, token_sha256: str) -> None:
        """Forget a session; one that is not known is no error."""
        with self._database.writing() as connection:
            connection.execute(delete(sessions).filter_by(token_sha256=token_sha256))

    def end_sessions(self, of: Staff, at: datetime) -> None:
        """Forget every session of an account."""
        with self._database.writing() as connection:
            connection.execute(delete(sessions).filter_by(staff_id=of.staff_id))
            _tell(connection, "signed_out_everywhere", of, at)

    def end_old_sessions(self, *, began_before: datetime, seen_before: datetime) -> None:
        """Forget those that began or were used last before these instants."""
        old = or_(sessions.c.began_at < began_before, sessions.c.seen_at < seen_before)
        with self._database.writing() as connection:
            connection.execute(delete(sessions).where(old))


def _tell(connection: Connection, what: str, of: Staff, at: datetime) -> None:
    kind, subject_id = f"staff.{what}", str(of.staff_id)
    add_event(connection, kind, subject="staff", subject_id=subject_id, actor=of.name, at=at)
