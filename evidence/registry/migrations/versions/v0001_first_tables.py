"""The first tables, and the triggers that keep decisions and recommendations for ever."""

import sqlalchemy as sa
from alembic import op

from evidence.registry.migrations.guards import ALWAYS, refuse

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make them."""
    _make_items_and_claims()
    _make_photos()
    _make_added_only()
    _make_access()


def _instant(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String, nullable=nullable)


def _key(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String, primary_key=True)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, primary_key=True)


def _index(table: str, *columns: str) -> None:
    for column in columns:
        op.create_index(f"ix_{table}_{column}", table, [column])


def _refers(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=f"fk_{table}_{column}")


def _make_items_and_claims() -> None:
    op.create_table(
        "items",
        _key("item_id"),
        *map(_text, ("order_id", "sku", "title", "kind", "declared_value", "currency")),
        sa.Column("high_value", sa.Boolean, nullable=False),
        sa.Column("width_mm", sa.Float),
        sa.Column("height_mm", sa.Float),
        _text("catalogue_photo", nullable=True),
        _instant("sealed_at", nullable=True),
    )
    _index("items", "order_id")
    op.create_table(
        "claims",
        _key("claim_id"),
        _text("item_id", nullable=True),
        _text("order_id", nullable=True),
        _text("reason"),
        _text("residence", nullable=True),
        _text("ship_to", nullable=True),
        _instant("ordered_at"),
        _instant("delivered_at", nullable=True),
        _instant("notified_at"),
    )
    _index("claims", "item_id", "order_id")


def _make_photos() -> None:
    op.create_table(
        "photos",
        _key("photo_id"),
        _text("media_type"),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("reading", sa.LargeBinary, nullable=False),
        _text("reading_sha256"),
    )
    for table, owner, owners in (
        ("item_photos", "item_id", "items"),
        ("claim_photos", "claim_id", "claims"),
    ):
        op.create_table(
            table,
            _number("number"),
            *map(_text, (owner, "photo_id", "view", "role")),
            _instant("captured_at", nullable=True),
            _text("station", nullable=True),
            _instant("added_at"),
            _refers(table, owner, f"{owners}.{owner}"),
            _refers(table, "photo_id", "photos.photo_id"),
            sa.UniqueConstraint(owner, "photo_id", name=f"uq_{table}_{owner}"),
            sqlite_autoincrement=True,
        )
        _index(table, "photo_id")
    op.create_table(
        "comparisons",
        _key("key"),
        _text("reference"),
        _text("query"),
        sa.Column("body", sa.Text, nullable=False),
        _refers("comparisons", "reference", "photos.photo_id"),
        _refers("comparisons", "query", "photos.photo_id"),
    )


def _make_added_only() -> None:
    op.create_table(
        "decisions",
        _number("decision_id"),
        *map(_text, ("claim_id", "decision", "decided_by")),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("recommendation", sa.Text, nullable=False),
        _instant("decided_at"),
        _refers("decisions", "claim_id", "claims.claim_id"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "recommendations",
        _number("recommendation_id"),
        _text("claim_id"),
        sa.Column("body", sa.Text, nullable=False),
        _instant("issued_at"),
        _refers("recommendations", "claim_id", "claims.claim_id"),
        sqlite_autoincrement=True,
    )
    for table, key in (("decisions", "decision_id"), ("recommendations", "recommendation_id")):
        _index(table, "claim_id")
        _refuse_change(table, key)


def _refuse_change(table: str, key: str) -> None:
    """Let the database itself refuse; INSERT OR REPLACE would pass a DELETE trigger by."""
    there = f"EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key})"  # noqa: S608
    for what, when in (("UPDATE", ALWAYS), ("DELETE", ALWAYS), ("INSERT", there)):
        refuse(table, what, when, f"{table} are only ever added")


def _make_access() -> None:
    op.create_table(
        "answers",
        _key("key"),
        _text("fingerprint"),
        sa.Column("status", sa.Integer, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        _instant("remembered_at"),
    )
    _index("answers", "remembered_at")
    op.create_table("api_keys", _key("key_sha256"), _text("name"), _instant("added_at"))
    op.create_table(
        "probes", _number("probe_id"), sa.Column("count", sa.BigInteger, nullable=False)
    )
