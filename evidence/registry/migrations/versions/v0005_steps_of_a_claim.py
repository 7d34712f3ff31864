"""A claim's steps and final recommendations."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from evidence.registry.migrations.guards import ALWAYS, refuse

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make them; the database refuses to change or remove a row."""
    _make_added_only(
        "claim_steps",
        "step_id",
        *(sa.Column(name, sa.String, nullable=False) for name in ("action", "by", "role")),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("note", "facts")),
        *(sa.Column(name, sa.String, nullable=False) for name in ("from_state", "to_state")),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    _make_added_only(
        "final_recommendations",
        "final_id",
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
    )


def _make_added_only(table: str, key: str, *columns: sa.Column[Any]) -> None:
    """Make a table of a claim whose rows the database refuses to change, as for decisions."""
    op.create_table(
        table,
        sa.Column(key, sa.Integer, primary_key=True),
        sa.Column("claim_id", sa.String, nullable=False),
        *columns,
        sa.ForeignKeyConstraint(["claim_id"], ["claims.claim_id"], name=f"fk_{table}_claim_id"),
        sqlite_autoincrement=True,
    )
    op.create_index(f"ix_{table}_claim_id", table, ["claim_id"])
    there = f"EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key})"  # noqa: S608
    for what, when in (("UPDATE", ALWAYS), ("DELETE", ALWAYS), ("INSERT", there)):
        refuse(table, what, when, f"{table} are only ever added")
