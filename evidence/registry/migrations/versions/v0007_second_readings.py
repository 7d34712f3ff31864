"""Second readings: what the reader saw, and what was found beside the answer."""

import sqlalchemy as sa
from alembic import op

from evidence.registry.migrations.guards import ALWAYS, refuse

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TABLE = "second_readings"  # nothing has ever written to it before this


def upgrade() -> None:
    """Widen the table; from then on the database refuses to change what was settled."""
    for column in (
        sa.Column("because", sa.Text),
        sa.Column("photos", sa.Text),
        sa.Column("confidence", sa.String),
        sa.Column("with_verdict", sa.String),
        sa.Column("decision_id", sa.Integer),
        sa.Column("with_decision", sa.String),
        sa.Column("withdrawn_by", sa.String),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True)),
    ):
        op.add_column(TABLE, column)
    settled = "OLD.answered_at IS NOT NULL OR OLD.withdrawn_at IS NOT NULL"
    there = f"EXISTS (SELECT 1 FROM {TABLE} WHERE reading_id = NEW.reading_id)"  # noqa: S608
    for what, when in (("UPDATE", settled), ("DELETE", ALWAYS), ("INSERT", there)):
        refuse(TABLE, what, when, f"{TABLE} are settled once")
