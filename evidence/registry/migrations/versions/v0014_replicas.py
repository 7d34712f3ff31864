"""What several processes on one store have to know of callers, and which older ones may go on."""

import sqlalchemy as sa
from alembic import op

from evidence.registry.migrations.widths import fit

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add tables alone: a process of the version before works on beside them."""
    op.create_table(
        "meters",
        sa.Column("name", sa.String, nullable=False),
        sa.Column("full_at", sa.Float, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_meters"),
    )
    op.create_table(
        "attempts",
        sa.Column("name", sa.String, nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("touched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_attempts"),
    )
    op.create_index("ix_attempts_touched_at", "attempts", ["touched_at"])
    op.create_table(
        "set_up_codes",
        sa.Column("code_sha256", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("code_sha256", name="pk_set_up_codes"),
    )
    table = op.create_table(
        "compatibility",
        sa.Column("oldest", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("oldest", name="pk_compatibility"),
    )
    op.bulk_insert(table, [{"oldest": revision}])
    fit()
