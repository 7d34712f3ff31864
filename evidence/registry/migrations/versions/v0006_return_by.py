"""Until when an authorised return is asked back."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the instant; returns that were authorised before have none."""
    op.add_column("claims", sa.Column("return_by", sa.DateTime(timezone=True), nullable=True))
