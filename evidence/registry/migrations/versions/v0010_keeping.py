"""How long photos are kept: legal holds, tombstones of what was erased, what was found damaged."""

import sqlalchemy as sa
from alembic import op

from evidence.registry.migrations.guards import ALWAYS, refuse

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

HANGINGS = ("item_photos", "claim_photos", "inspection_photos")


def upgrade() -> None:
    """Make the tables; photos that hang on nothing count as kept from this moment on."""
    _date_photos()
    op.create_table(
        "holds",
        sa.Column("hold_id", sa.Integer, nullable=False),
        *(sa.Column(name, sa.String, nullable=False) for name in ("subject", "subject_id")),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("placed_by", sa.String, nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lifted_by", sa.String),
        sa.Column("lifted_at", sa.DateTime(timezone=True)),
        sa.Column("lifted_because", sa.Text),
        sa.PrimaryKeyConstraint("hold_id", name="pk_holds"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_holds_subject", "holds", ["subject", "subject_id"])
    op.create_table(
        "erasures",
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("photo_id", sa.String, nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=False),
        *(sa.Column(name, sa.String, nullable=False) for name in ("erased_by", "ground")),
        sa.Column("reason", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_erasures"),
        sa.ForeignKeyConstraint(["photo_id"], ["photos.photo_id"], name="fk_erasures_photo_id"),
        sa.UniqueConstraint("photo_id", name="uq_erasures_photo_id"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "damages",
        sa.Column("damage_id", sa.Integer, nullable=False),
        *(
            sa.Column(name, sa.String, nullable=False)
            for name in ("subject", "subject_id", "part", "fault")
        ),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("healed_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("damage_id", name="pk_damages"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_damages_subject", "damages", ["subject", "subject_id"])
    _refuse_changes()


def _date_photos() -> None:
    """Give each photo the instant at which it was first kept, as far as rows tell."""
    op.add_column("photos", sa.Column("added_at", sa.DateTime(timezone=True), nullable=True))
    first = " UNION ALL ".join(
        f"SELECT added_at FROM {table} WHERE photo_id = photos.photo_id"  # noqa: S608
        for table in HANGINGS
    )
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    now = "strftime('%Y-%m-%d %H:%M:%f000', 'now')" if on_sqlite else "now()"
    op.execute(
        f"UPDATE photos SET added_at = COALESCE((SELECT MIN(added_at) FROM ({first}) AS hung), "  # noqa: S608
        f"{now})"
    )


def _refuse_changes() -> None:
    """Let the database itself refuse; INSERT OR REPLACE would pass a DELETE trigger by."""
    same = (
        "NEW.hold_id = OLD.hold_id AND NEW.subject = OLD.subject "
        "AND NEW.subject_id = OLD.subject_id AND NEW.reason = OLD.reason "
        "AND NEW.placed_by = OLD.placed_by AND NEW.placed_at = OLD.placed_at"
    )
    again = "EXISTS (SELECT 1 FROM {} WHERE {} = NEW.{})"
    erased = "EXISTS (SELECT 1 FROM erasures WHERE photo_id = OLD.photo_id)"
    for table, what, when in (
        ("holds", "DELETE", ALWAYS),
        ("holds", "UPDATE", f"OLD.lifted_at IS NOT NULL OR NOT ({same})"),
        ("holds", "INSERT", again.format("holds", "hold_id", "hold_id")),
        ("erasures", "DELETE", ALWAYS),
        ("erasures", "UPDATE", ALWAYS),
        ("erasures", "INSERT", again.format("erasures", "photo_id", "photo_id")),
        ("photos", "DELETE", ALWAYS),
        ("photos", "UPDATE", "NEW.photo_id <> OLD.photo_id OR NEW.size <> OLD.size"),
        ("photos", "INSERT", again.format("photos", "photo_id", "photo_id")),
        *((table, "DELETE", ALWAYS) for table in HANGINGS),
    ):
        refuse(table, what, when, f"{table} are kept")
    back = f"{erased} AND length(NEW.reading) > 0"
    refuse("photos", "UPDATE", back, "an erased photo stays erased", name="photos_stay_erased")
