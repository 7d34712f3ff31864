"""What happened, in order: one row a change, written in the transaction of the change itself."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from evidence.registry.photo_rows import PhotoRows
from evidence.registry.records import Event
from evidence.registry.tables import events


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
        subject: ``claim`` or ``item``.
        subject_id: its id.
        actor: the name of the API key, or of the person, who did it.
        at: when. Aware.
        body: facts as JSON values; digests and ids, no personal data.
    """
    values = {"kind": kind, "subject": subject, "subject_id": subject_id, "actor": actor, "at": at}
    text = json.dumps(dict(body or {}), ensure_ascii=False, sort_keys=True)
    connection.execute(insert(events).values(values | {"body": text}))
