"""What happened, in order: one row a change, written in the transaction of the change itself.

Writers are serialised, so numbers are committed in their order: whoever has read up to a number
never sees a smaller one appear afterwards.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from evidence.registry.photo_rows import PhotoRows
from evidence.registry.records import Event
from evidence.registry.tables import events


@dataclass(frozen=True, slots=True)
class EventFacts:
    """What one of several like events happened to.

    Attributes:
        subject: ``claim``, ``item``, ``inspection``, ``staff`` or ``key``.
        subject_id: its id.
        body: facts as JSON values; digests and ids, no personal data.
    """

    subject: str
    subject_id: str
    body: Mapping[str, Any] = field(default_factory=dict)


class EventRows(PhotoRows):
    """The feed that a workflow follows; nothing is pushed, nothing is lost."""

    def events(self, *, after: int, limit: int) -> list[Event]:
        """List what happened after the event of that number, the oldest first.

        Args:
            after: number of the last event that is known; 0 for all.
            limit: how many at most, at least 1.
        """
        query = select(events).where(events.c.number > after).order_by(events.c.number).limit(limit)
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        return [Event(**{**row._asdict(), "body": json.loads(row.body)}) for row in rows]


def add_event(
    connection: Connection,
    kind: str,
    *,
    subject: str,
    subject_id: str,
    actor: str,
    at: datetime,
    body: Mapping[str, Any] | None = None,
) -> None:
    """Keep an event for ever, in the transaction of the change that it tells of.

    Args:
        connection: of that transaction.
        kind: what happened, such as ``claim.decided``.
        subject: ``claim``, ``item``, ``inspection``, ``staff`` or ``key``.
        subject_id: its id.
        actor: the name of the API key, or of the person, who did it.
        at: when. Aware.
        body: facts as JSON values; digests and ids, no personal data.
    """
    facts = EventFacts(subject, subject_id, body or {})
    add_events(connection, kind, [facts], actor=actor, at=at)


def add_events(
    connection: Connection, kind: str, facts: Sequence[EventFacts], *, actor: str, at: datetime
) -> None:
    """Keep several events of one kind, in the given order."""
    connection.execute(
        insert(events),
        [
            {
                "kind": kind,
                "subject": one.subject,
                "subject_id": one.subject_id,
                "actor": actor,
                "at": at,
                "body": json.dumps(dict(one.body), ensure_ascii=False, sort_keys=True),
            }
            for one in facts
        ],
    )
