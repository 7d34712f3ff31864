"""Which hashes an erased photo was found by, so that searches in memory forget them."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Leave it empty for what was erased before: no search that starts now has read it."""
    op.add_column("erasures", sa.Column("hashes_number", sa.Integer))
