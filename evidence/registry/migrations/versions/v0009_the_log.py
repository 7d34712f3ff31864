"""Events become the leaves of a Merkle tree, whose checkpoints are signed."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from evidence.errors import StorageError
from evidence.registry.log_leaves import (
    digest_details,
    make_salt,
    write_canonical,
    write_details,
    write_instant,
    write_leaf,
)
from evidence.registry.log_tree import keep_complete
from evidence.registry.merkle import hash_leaf
from evidence.registry.migrations.guards import ALWAYS, refuse
from evidence.registry.tables import Instant

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

AT_ONCE = 1000  # events


def upgrade() -> None:
    """Take the events of before into the log, in their order."""
    _make_nodes()
    logged = op.create_table(
        "events_logged",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("subject", sa.String, nullable=False),
        *(sa.Column(name, sa.String, nullable=True) for name in ("subject_id", "actor")),
        sa.Column("body", sa.Text, nullable=True),
        sa.Column("salt", sa.LargeBinary, nullable=True),
        *(sa.Column(name, sa.LargeBinary, nullable=False) for name in ("details", "leaf")),
    )
    last = 0
    for rows in _events_of_before():
        entries = []
        for number, row in enumerate(rows, last + 1):
            if row.number != number:
                raise StorageError(
                    f"event {number} is missing from the database: put back a copy from before "
                    "it was removed"
                )
            entries.append(_entry(row))
        op.get_bind().execute(sa.insert(logged), entries)
        last += len(entries)
    op.drop_table("events")  # and its triggers
    op.rename_table("events_logged", "events")
    op.create_index("ix_events_subject", "events", ["subject", "subject_id"])
    _guard_events()
    if last:
        keep_complete(op.get_bind(), 0, last)


def _make_nodes() -> None:
    op.create_table(
        "log_nodes",
        sa.Column("level", sa.Integer, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("hash", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("level", "number", name="pk_log_nodes"),
    )
    op.create_table(
        "log_checkpoints",
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("size", name="pk_log_checkpoints"),
    )
    for table, same in (
        ("log_nodes", "level = NEW.level AND number = NEW.number"),
        ("log_checkpoints", "size = NEW.size"),
    ):
        there = f"EXISTS (SELECT 1 FROM {table} WHERE {same})"  # noqa: S608
        _refuse(table, "UPDATE", ALWAYS)
        _refuse(table, "DELETE", ALWAYS)
        _refuse(table, "INSERT", there)


def _guard_events() -> None:
    """Let the database refuse gaps and changes; what is personal may be erased, all at once."""
    personal = ("subject_id", "actor", "body", "salt")
    kept = ("number", "at", "kind", "subject", "details", "leaf")
    missing = " OR ".join(f"NEW.{name} IS NULL" for name in personal)
    next_one = "NEW.number IS DISTINCT FROM (SELECT coalesce(max(number), 0) + 1 FROM events)"
    changed = " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in kept)
    left = " OR ".join(f"NEW.{name} IS NOT NULL" for name in personal)
    _refuse("events", "INSERT", f"{next_one} OR {missing}")
    _refuse("events", "UPDATE", f"{changed} OR {left}")
    _refuse("events", "DELETE", ALWAYS)


def _refuse(table: str, what: str, when: str) -> None:
    refuse(table, what, when, f"{table} are only ever added")


def _events_of_before() -> Iterator[list[Any]]:
    """Yield them in their order, as many as are held at once."""
    plain: list[Any] = [
        sa.column(name) for name in ("kind", "subject", "subject_id", "actor", "body")
    ]
    events = sa.table("events", sa.column("number"), sa.column("at", Instant()), *plain)
    last = 0
    while True:
        query = sa.select(events).where(events.c.number > last).order_by(events.c.number)
        rows = list(op.get_bind().execute(query.limit(AT_ONCE)))
        if not rows:
            return
        yield rows
        last = rows[-1].number


def _entry(row: Any) -> dict[str, Any]:
    at: datetime = row.at
    salt, body = make_salt(), write_canonical(json.loads(row.body))
    digest = digest_details(salt, write_details(row.subject, row.subject_id, row.actor, body))
    leaf = hash_leaf(write_leaf(row.number, write_instant(at), row.kind, digest))
    changed = {"at": at.replace(tzinfo=None), "body": body}  # SQLite has no zones: UTC
    return {**row._asdict(), **changed, "salt": salt, "details": digest, "leaf": leaf}
