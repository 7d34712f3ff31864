"""Lists of claims: indexes that hold all that is filtered by, and the value of older claims."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

INDEXES = {  # name -> columns: those that are sorted by first, then those that are filtered by
    "ix_claims_deadline": ("deadline", "claim_id", "state", "reason", "value_milli"),
    "ix_claims_state": ("state", "deadline", "claim_id", "reason", "value_milli"),
    "ix_claims_reason": ("reason", "deadline", "claim_id"),
    "ix_claims_value_milli": ("value_milli", "claim_id", "deadline", "state", "reason"),
}


def upgrade() -> None:
    """Widen the indexes; a row of the table is then read only where it is shown."""
    before = {index["name"] for index in sa.inspect(op.get_bind()).get_indexes("claims")}
    for name, columns in INDEXES.items():
        if name in before:
            op.drop_index(name, "claims")
        op.create_index(name, "claims", list(columns))
    op.execute(
        "UPDATE claims SET value_milli = COALESCE((SELECT CAST(ROUND(CAST(items.declared_value AS "
        "NUMERIC) * 1000) AS BIGINT) FROM items WHERE items.item_id = claims.item_id), 0)"
    )
