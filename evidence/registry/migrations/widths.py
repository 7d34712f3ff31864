"""What PostgreSQL needs so that the same rows mean the same there as on SQLite."""

import sqlalchemy as sa
from alembic import op


def fit() -> None:
    """Let text compare by its bytes and numbers be 64 bits wide, as on SQLite; none to do there.

    SQLite compares text as bytes, which in UTF-8 is the order of code points; PostgreSQL by the
    language that the database was made for, unless a column says otherwise. A migration that adds
    columns ends with this; it does nothing to those that fit.
    """
    if op.get_bind().dialect.name == "sqlite":
        return
    for table, changes in _changes().items():
        op.execute(f"ALTER TABLE {table} {', '.join(changes)}")
    query = (
        "SELECT sequencename FROM pg_sequences "
        "WHERE schemaname = current_schema() AND data_type <> 'bigint'::regtype"
    )
    for (sequence,) in op.get_bind().execute(sa.text(query)).all():
        op.execute(f'ALTER SEQUENCE "{sequence}" AS BIGINT')


def _changes() -> dict[str, list[str]]:
    query = (
        "SELECT table_name, column_name, data_type FROM information_schema.columns "
        "WHERE table_schema = current_schema() AND (data_type = 'integer' OR "
        "(data_type IN ('character varying', 'text') AND collation_name IS DISTINCT FROM 'C')) "
        "ORDER BY table_name, ordinal_position"
    )
    changes: dict[str, list[str]] = {}
    for table, column, kind in op.get_bind().execute(sa.text(query)).all():
        fitting = "BIGINT" if kind == "integer" else f'{kind} COLLATE "C"'
        changes.setdefault(table, []).append(f'ALTER COLUMN "{column}" TYPE {fitting}')
    return changes
