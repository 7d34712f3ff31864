"""Text and numbers mean the same on PostgreSQL as on SQLite."""

from evidence.registry.migrations.widths import fit

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Fit what the migrations before made there."""
    fit()
