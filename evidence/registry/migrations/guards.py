"""Triggers by which the database itself refuses a change, on SQLite and on PostgreSQL."""

from alembic import op

ALWAYS = "1 = 1"


def refuse(table: str, what: str, when: str, why: str, *, name: str | None = None) -> None:
    """Let the database refuse a change of a row.

    PostgreSQL can empty a table past all triggers of rows: where no row may go, that is refused
    as well.

    Args:
        table: whose rows.
        what: ``INSERT``, ``UPDATE`` or ``DELETE``.
        when: condition on ``OLD`` and ``NEW``, in the SQL that both understand.
        why: what the database says then.
        name: of the trigger; made of the table and the change if None.
    """
    name = name or f"{table}_refuse_{what.lower()}"
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {what} ON {table} WHEN {when} "
            f"BEGIN SELECT RAISE(ABORT, '{why}'); END"
        )
        return
    row = "OLD" if what == "DELETE" else "NEW"
    _on_postgresql(
        name,
        f"{what} ON {table} FOR EACH ROW",
        f"IF {when} THEN {_raise(why)} END IF; RETURN {row};",
    )
    if what == "DELETE" and when == ALWAYS:
        change = f"TRUNCATE ON {table} FOR EACH STATEMENT"
        _on_postgresql(f"{table}_refuse_truncate", change, _raise(why))


def _on_postgresql(name: str, change: str, body: str) -> None:
    op.execute(
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql "
        f"AS $body$ BEGIN {body} END $body$"
    )
    op.execute(f"CREATE TRIGGER {name} BEFORE {change} EXECUTE FUNCTION {name}()")


def _raise(why: str) -> str:
    return f"RAISE EXCEPTION '{why}' USING ERRCODE = 'integrity_constraint_violation';"
