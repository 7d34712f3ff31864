"""Logs to try things on."""

from registry.samples import NOW
from sqlalchemy import text

from evidence.registry.event_rows import EventFacts, add_events
from evidence.registry.merkle import GrowingTree, hash_leaf


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
        triggers = connection.execute(text("SELECT name FROM sqlite_master WHERE type='trigger'"))
        for name in list(triggers.scalars()):
            connection.execute(text(f"DROP TRIGGER {name}"))
        for statement in statements:
            connection.execute(text(statement))
