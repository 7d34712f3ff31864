"""What happened, in order: one row a change, written in the transaction of the change itself.

Views and refusals, which change nothing, are written in a transaction of their own.

Writers are serialised, so numbers are committed in their order and without gaps: whoever has read
up to a number never sees a smaller one appear afterwards. Each row is a leaf of the log's tree.
"""

import json
import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from evidence.registry.log_leaves import (
    digest_details,
    make_salt,
    write_canonical,
    write_details,
    write_instant,
    write_leaf,
)
from evidence.registry.log_tree import LogTree, keep_complete
from evidence.registry.merkle import hash_leaf
from evidence.registry.photo_rows import PhotoRows
from evidence.registry.records import Event
from evidence.registry.tables import events, pseudonym_keys


@dataclass(frozen=True, slots=True)
class EventFacts:
    """What one of several like events happened to.

    Attributes:
        subject: ``claim``, ``item``, ``staff``, ``key``, ``address`` and so on.
        subject_id: its id.
        body: facts as JSON values; digests and ids, no personal data.
    """

    subject: str
    subject_id: str
    body: Mapping[str, Any] = field(default_factory=dict)


class EventRows(PhotoRows):
    """The feed that a workflow follows; nothing is pushed, nothing is lost."""

    def tell(
        self,
        kind: str,
        *,
        subject: str,
        subject_id: str,
        actor: str,
        at: datetime,
        body: Mapping[str, Any],
    ) -> None:
        """Keep an event of what changed nothing, such as a view or a refusal, for ever."""
        with self._database.writing() as connection:
            add_event(
                connection,
                kind,
                subject=subject,
                subject_id=subject_id,
                actor=actor,
                at=at,
                body=body,
            )

    def pseudonym_key(self) -> bytes:
        """Return the key that addresses are told apart by in events; made when it is not there."""
        with self._database.writing() as connection:
            known = connection.scalar(select(pseudonym_keys.c.key))
            if known is None:
                known = secrets.token_bytes(32)
                connection.execute(insert(pseudonym_keys).values(key_id=1, key=known))
        return bytes(known)

    def events(self, *, after: int, limit: int, without: Collection[str] = ()) -> list[Event]:
        """List what happened after the event of that number, the oldest first.

        Args:
            after: number of the last event that is known; 0 for all.
            limit: how many at most, at least 1.
            without: kinds that are left out.
        """
        query = select(events).where(events.c.number > after).order_by(events.c.number).limit(limit)
        query = query.where(events.c.kind.not_in(without))
        with self._database.reading() as connection:
            return [_record(row) for row in connection.execute(query)]

    def recent_events(
        self,
        *,
        before: int | None,
        limit: int,
        subject: str | None,
        subject_id: str | None,
        without: Collection[str] = (),
    ) -> list[Event]:
        """List what happened last, the newest first.

        Args:
            before: number of the oldest event that is known; None for the newest of all.
            limit: how many at most, at least 1.
            subject: kind of what it happened to; None for any.
            subject_id: its id; None for any.
            without: kinds that are left out.
        """
        query = select(events).order_by(events.c.number.desc()).limit(limit)
        query = query.where(events.c.kind.not_in(without))
        if before is not None:
            query = query.where(events.c.number < before)
        if subject is not None:
            query = query.where(events.c.subject == subject)
        if subject_id is not None:
            query = query.where(events.c.subject_id == subject_id)
        with self._database.reading() as connection:
            return [_record(row) for row in connection.execute(query)]

    def events_about(self, subjects: Iterable[tuple[str, str]]) -> list[Event]:
        """List all that happened to any of these, the oldest first.

        Args:
            subjects: kind and id of each, such as ``("claim", "claim-1")``.
        """
        found: dict[int, Event] = {}
        with self._database.reading() as connection:
            for subject, subject_id in subjects:
                query = select(events).filter_by(subject=subject, subject_id=subject_id)
                found |= {row.number: _record(row) for row in connection.execute(query)}
        return [found[number] for number in sorted(found)]


def _record(row: Row[Any]) -> Event:
    erased = row.salt is None
    return Event(
        number=row.number,
        at=row.at,
        kind=row.kind,
        subject=row.subject,
        subject_id="" if erased else row.subject_id,
        actor="" if erased else row.actor,
        body={"erased": True} if erased else json.loads(row.body),
    )


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
        subject: ``claim``, ``item``, ``staff``, ``key``, ``address`` and so on.
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
    before = LogTree(connection).size()
    rows = [_row(number, kind, one, actor, at) for number, one in enumerate(facts, before + 1)]
    if rows:
        connection.execute(insert(events), rows)
        keep_complete(connection, before, before + len(rows))


def _row(number: int, kind: str, facts: EventFacts, actor: str, at: datetime) -> dict[str, Any]:
    """Return an event with its place in the log."""
    salt, body = make_salt(), write_canonical(dict(facts.body))
    details = write_details(facts.subject, facts.subject_id, actor, body)
    digest = digest_details(salt, details)
    return {
        "number": number,
        "at": at,
        "kind": kind,
        "subject": facts.subject,
        "subject_id": facts.subject_id,
        "actor": actor,
        "body": body,
        "salt": salt,
        "details": digest,
        "leaf": hash_leaf(write_leaf(number, write_instant(at), kind, digest)),
    }
