"""Photos that are searched: their hashes in the order of keeping; what files tell of themselves."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Number the hashes, so that a running search can ask for those that are new."""
    op.drop_index("ix_photo_hashes_pixels_sha256", "photo_hashes")
    op.drop_table("photo_hashes")  # never filled before; filled anew when a photo is searched for
    op.create_table(
        "photo_hashes",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("photo_id", sa.String, nullable=False),
        sa.Column("outlines", sa.String, nullable=False),
        sa.Column("pixels_sha256", sa.String, nullable=True),
        sa.ForeignKeyConstraint(["photo_id"], ["photos.photo_id"], name="fk_photo_hashes_photo_id"),
        sa.UniqueConstraint("photo_id", name="uq_photo_hashes_photo_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_photo_hashes_pixels_sha256", "photo_hashes", ["pixels_sha256"])
    op.create_table(
        "photo_facts",
        sa.Column("photo_id", sa.String, primary_key=True),
        sa.Column("body", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["photo_id"], ["photos.photo_id"], name="fk_photo_facts_photo_id"),
    )
    op.create_index("ix_items_catalogue_photo", "items", ["catalogue_photo"])
