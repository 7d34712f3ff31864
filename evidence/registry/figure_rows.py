"""How much there is of what is kept: for those who run the service, who see nothing of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Select, Table, func, select

from evidence.registry.log_tree import LogTree
from evidence.registry.photo_rows import PhotoRows
from evidence.registry.tables import claims, damages, erasures, log_checkpoints, photos

UNDECIDED = ("opened", "evidence_asked", "recommended")  # of policy/life.py: before a decision


@dataclass(frozen=True, slots=True)
class Figures:
    """What waits, and what is wrong, at one instant.

    Attributes:
        claims: how many claims stand in each state; a state without any is not there.
        undecided_late: claims that nobody has decided, whose window's last instant has passed.
        returns_late: returns that are awaited after the day that they were asked back by.
        damages: what is known to be damaged and not healed, by part.
        log_entries: of the log.
        log_signed: of those, the first so many are under a signed checkpoint.
    """

    claims: Mapping[str, int]
    undecided_late: int
    returns_late: int
    damages: Mapping[str, int]
    log_entries: int
    log_signed: int


class FigureRows(PhotoRows):
    """Counts, read along indexes."""

    def figures(self, now: datetime) -> Figures:
        """Count what waits and what is wrong at ``now``, which is aware; milliseconds."""
        late = (claims.c.state.in_(UNDECIDED), claims.c.deadline < now)
        awaited = (claims.c.state == "return_authorised", claims.c.return_by < now)
        states = select(claims.c.state, func.count()).group_by(claims.c.state)
        damaged = select(damages.c.part, func.count()).filter_by(healed_at=None)
        with self._database.reading() as connection:
            return Figures(
                claims=_counts(connection, states),
                undecided_late=_count(connection, claims, *late),
                returns_late=_count(connection, claims, *awaited),
                damages=_counts(connection, damaged.group_by(damages.c.part)),
                log_entries=LogTree(connection).size(),
                log_signed=connection.scalar(select(func.max(log_checkpoints.c.size))) or 0,
            )

    def photo_totals(self) -> tuple[int, int]:
        """Count the photos whose originals are kept, and their bytes: one look at every row."""
        kept = select(func.count(), func.coalesce(func.sum(photos.c.size), 0))
        kept = kept.where(photos.c.photo_id.not_in(select(erasures.c.photo_id)))
        with self._database.reading() as connection:
            count, size = connection.execute(kept).one()
            return int(count), int(size)


def _counts(connection: Connection, query: Select[str, int]) -> dict[str, int]:
    return {name: count for name, count in connection.execute(query)}  # noqa: C416


def _count(connection: Connection, table: Table, *conditions: ColumnElement[bool]) -> int:
    query = select(func.count()).select_from(table).where(*conditions)
    return connection.scalar(query) or 0
