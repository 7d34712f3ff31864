"""A claim's life: its state and deadline, what happened as a feed, inspections, second readings."""

import sqlalchemy as sa
from alembic import op

from evidence.registry.migrations.guards import ALWAYS, refuse

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make them; claims that were opened before start where their decisions left them."""
    _widen_claims_and_items()
    _make_events()
    _make_inspections()
    _make_second_readings()
    _make_photo_hashes()


def _instant(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String, nullable=nullable)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, primary_key=True)


def _refers(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=f"fk_{table}_{column}")


def _widen_claims_and_items() -> None:
    op.add_column("items", sa.Column("version", sa.Integer, nullable=False, server_default="1"))
    for column in (
        sa.Column("version", sa.Integer, nullable=False, server_default="1"),
        sa.Column("state", sa.String, nullable=False, server_default="opened"),
        sa.Column("value_milli", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("photos_declined", sa.Integer, nullable=False, server_default="0"),
        sa.Column("parcels", sa.Text, nullable=False, server_default="[]"),
        _instant("deadline", nullable=True),
        _instant("notice_sent_at", nullable=True),
        _text("ship_to_zone", nullable=True),
    ):
        op.add_column("claims", column)
    op.execute(
        "UPDATE claims SET state = 'decided' WHERE claim_id IN (SELECT claim_id FROM decisions)"
    )
    op.create_index("ix_claims_deadline", "claims", ["deadline", "claim_id"])
    op.create_index("ix_claims_state", "claims", ["state", "deadline", "claim_id"])
    op.create_index("ix_claims_value_milli", "claims", ["value_milli", "claim_id"])


def _make_events() -> None:
    op.create_table(
        "events",
        _number("number"),
        _instant("at"),
        *map(_text, ("kind", "subject", "subject_id", "actor")),
        sa.Column("body", sa.Text, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_events_subject", "events", ["subject", "subject_id"])
    _refuse_change("events", "number")


def _make_inspections() -> None:
    op.create_table(
        "inspections",
        _number("inspection_id"),
        _text("item_id"),
        _text("claim_id", nullable=True),
        _text("inspected_by"),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        _instant("inspected_at"),
        _refers("inspections", "item_id", "items.item_id"),
        _refers("inspections", "claim_id", "claims.claim_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_inspections_item_id", "inspections", ["item_id"])
    op.create_index("ix_inspections_claim_id", "inspections", ["claim_id"])
    op.create_table(
        "inspection_photos",
        _number("number"),
        sa.Column("inspection_id", sa.Integer, nullable=False),
        *map(_text, ("photo_id", "view", "role")),
        _instant("captured_at", nullable=True),
        _text("station", nullable=True),
        _instant("added_at"),
        _refers("inspection_photos", "inspection_id", "inspections.inspection_id"),
        _refers("inspection_photos", "photo_id", "photos.photo_id"),
        sa.UniqueConstraint("inspection_id", "photo_id", name="uq_inspection_photos_inspection_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_inspection_photos_photo_id", "inspection_photos", ["photo_id"])


def _make_second_readings() -> None:
    op.create_table(
        "second_readings",
        _number("reading_id"),
        *map(_text, ("claim_id", "reader", "asked_by")),
        _instant("asked_at"),
        _text("answer", nullable=True),
        sa.Column("reason", sa.Text),
        _text("verdict", nullable=True),
        _instant("answered_at", nullable=True),
        _refers("second_readings", "claim_id", "claims.claim_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_second_readings_claim_id", "second_readings", ["claim_id"])


def _make_photo_hashes() -> None:
    op.create_table(
        "photo_hashes",
        sa.Column("photo_id", sa.String, primary_key=True),
        _text("upright"),
        _text("pixels_sha256", nullable=True),
        _refers("photo_hashes", "photo_id", "photos.photo_id"),
    )
    op.create_index("ix_photo_hashes_pixels_sha256", "photo_hashes", ["pixels_sha256"])


def _refuse_change(table: str, key: str) -> None:
    """Let the database itself refuse, as for decisions."""
    there = f"EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key})"  # noqa: S608
    for what, when in (("UPDATE", ALWAYS), ("DELETE", ALWAYS), ("INSERT", there)):
        refuse(table, what, when, f"{table} are only ever added")
