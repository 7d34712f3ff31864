"""Indexes for what took as long as the store is large."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add indexes alone: a process of the version before works on beside them."""
    op.create_index("ix_photos_size", "photos", ["photo_id", "size"])
    op.create_index("ix_events_subject_number", "events", ["subject", "number"])
    op.create_index(
        "ix_items_unsealed",
        "items",
        ["item_id"],
        sqlite_where=sa.text("sealed_at IS NULL"),
        postgresql_where=sa.text("sealed_at IS NULL"),
    )
