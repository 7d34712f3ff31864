"""API keys with scopes, an end and a last day of use; a key for pseudonyms of addresses."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let every key that was made before do what it could do."""
    everything = sa.Column("scopes", sa.String, nullable=False, server_default="everything")
    op.add_column("api_keys", everything)
    op.add_column("api_keys", sa.Column("expires_at", sa.DateTime(timezone=True)))
    op.add_column("api_keys", sa.Column("last_used_on", sa.Date))
    secret = sa.Column("secret", sa.Integer, nullable=False, server_default="1")
    op.add_column("api_keys", secret)
    op.create_table(
        "pseudonym_keys",
        sa.Column("key_id", sa.Integer, nullable=False),
        sa.Column("key", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("key_id", name="pk_pseudonym_keys"),
    )
