"""Logs to try things on."""

from registry.samples import NOW
from sqlalchemy import select, text, update
from stores import ON_SERVERS

from evidence.registry.event_rows import EventFacts, add_events
from evidence.registry.log_leaves import (
    digest_details,
    write_details,
    write_instant,
    write_leaf,
)
from evidence.registry.log_tree import keep_complete
from evidence.registry.merkle import GrowingTree, hash_leaf
from evidence.registry.tables import events


def fill(registry, count, *, start=1):
    """Log so many changes in one transaction."""
    facts = [EventFacts("item", f"i{n}", {"n": n}) for n in range(start, start + count)]
    with registry._database.writing() as connection:
        add_events(connection, "item.changed", facts, actor="ann", at=NOW)


def root_of(registry, count):
    """Return the root over the first entries, hashed anew from their data alone."""
    grown = GrowingTree()
    for entry in registry.log_entries(range(1, count + 1)):
        grown.add(hash_leaf(entry.leaf))
    return grown.root()


def tamper(registry, *statements):
    """Change rows as somebody does who has the file: triggers are no hindrance."""
    with registry._database.writing() as connection:
        if ON_SERVERS:
            connection.execute(text("SET session_replication_role = replica"))
        else:
            named = text("SELECT name FROM sqlite_master WHERE type='trigger'")
            for name in list(connection.scalars(named)):
                connection.execute(text(f"DROP TRIGGER {name}"))
        for statement in statements:
            connection.exec_driver_sql(statement)


def log_anew(registry):
    """Make every digest, leaf and hash anew from the plain columns, as an attacker would."""
    tamper(registry, "DELETE FROM log_nodes", "DELETE FROM log_checkpoints")
    with registry._database.writing() as connection:
        rows = connection.execute(select(events).order_by(events.c.number)).all()
        for row in rows:
            details = write_details(row.subject, row.subject_id, row.actor, row.body)
            digest = digest_details(row.salt, details)
            leaf = hash_leaf(write_leaf(row.number, write_instant(row.at), row.kind, digest))
            change = update(events).filter_by(number=row.number)
            connection.execute(change.values(details=digest, leaf=leaf))
        keep_complete(connection, 0, len(rows))
