"""What every process on one store has to know of callers; all of it is forgotten in time."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select, update

from evidence.registry.database import in_parts
from evidence.registry.photo_rows import PhotoRows
from evidence.registry.tables import attempts, meters, set_up_codes


class CallerRows(PhotoRows):
    """Quotas, failed sign-ins and the codes of the first start, by names that tell no address."""

    def share_meters(self, used: Mapping[str, float], at: float) -> dict[str, float]:
        """Add what each caller used here, and return what all processes know of them.

        Args:
            used: seconds that the caller's quota needs to be full again, by the meter's name.
            at: seconds since 1970. Quotas that are full by then are forgotten.

        Returns:
            When each of those quotas will be full again, seconds since 1970.
        """
        known: dict[str, float] = {}
        with self._database.writing() as connection:
            connection.execute(delete(meters).where(meters.c.full_at <= at))
            for names in in_parts(used):
                rows = connection.execute(select(meters).where(meters.c.name.in_(names)))
                known |= {row.name: row.full_at for row in rows}
            full_at = {name: known.get(name, at) + seconds for name, seconds in used.items()}
            for name, value in full_at.items():
                if name in known:
                    same = update(meters).filter_by(name=name)
                    connection.execute(same.values(full_at=value))
                else:
                    connection.execute(insert(meters).values(name=name, full_at=value))
        return full_at

    def count_attempt(
        self, most: Mapping[str, int], at: datetime, *, window: timedelta, memory: int
    ) -> datetime | None:
        """Count a failure under each name, unless one of them has had as many as it may.

        Args:
            most: failures that each name may have within the window.
            at: now. Aware.
            window: how long failures count, from the first of them on.
            memory: names that are kept; the longest untouched go first.

        Returns:
            From when on another attempt may be made; None if this one may.
        """
        with self._database.writing() as connection:
            connection.execute(delete(attempts).where(attempts.c.since <= at - window))
            rows = connection.execute(select(attempts).where(attempts.c.name.in_(most))).all()
            full = [row.since + window for row in rows if row.failures >= most[row.name]]
            for name in most:
                kept = next((row for row in rows if row.name == name), None)
                failures = (0 if kept is None else kept.failures) + (0 if full else 1)
                values = {"failures": failures, "touched_at": at}
                if kept is not None:
                    connection.execute(update(attempts).filter_by(name=name).values(values))
                else:
                    row = {"name": name, "since": at, **values}
                    connection.execute(insert(attempts).values(row))
            untouched = select(attempts.c.name).order_by(attempts.c.touched_at.desc())
            gone = connection.scalars(untouched.offset(memory).limit(2 * len(most))).all()
            connection.execute(delete(attempts).where(attempts.c.name.in_(gone)))
        return max(full, default=None)

    def forgive_attempt(self, names: list[str]) -> None:
        """Take one failure back under each name, and forget the first of them."""
        with self._database.writing() as connection:
            same = update(attempts).where(attempts.c.name.in_(names))
            connection.execute(same.values(failures=attempts.c.failures - 1))
            connection.execute(delete(attempts).filter_by(name=names[0]))

    def add_set_up_code(self, code_sha256: str) -> None:
        """Let a code make the first owner, in whichever process it is entered."""
        with self._database.writing() as connection:
            connection.execute(insert(set_up_codes).values(code_sha256=code_sha256))

    def knows_set_up_code(self, code_sha256: str) -> bool:
        """Tell whether a start has shown that code; they end as soon as there is an owner."""
        with self._database.reading() as connection:
            known = select(set_up_codes).filter_by(code_sha256=code_sha256)
            return connection.execute(known).first() is not None
