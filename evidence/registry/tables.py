"""The tables as they are now; how they came to be is in ``migrations/``."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.types import TypeDecorator, TypeEngine


class Instant(TypeDecorator[datetime]):
    """An aware instant, kept in UTC; SQLite knows no zones, so the zone is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn to UTC; a naive datetime is misuse."""
        if value is not None and value.tzinfo is None:
            raise ValueError(f"an instant needs its zone: {value.isoformat()}")
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give back aware UTC."""
        if value is not None and value.tzinfo is None:
            return value.replace(tzinfo=UTC)
        return value and value.astimezone(UTC)


# Numbers of rows. SQLite's are 64 bits wide under that name, and only it counts up by itself.
Number = BigInteger().with_variant(Integer(), "sqlite")

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)


def _hangings(name: str, owner: str, owners: str, key: TypeEngine[Any]) -> Table:
    """Return the table of the photos that hang on each owner, in order of ``number``."""
    return Table(
        name,
        metadata,
        Column("number", Number, primary_key=True),
        Column(owner, key, ForeignKey(f"{owners}.{owner}"), nullable=False),
        Column("photo_id", String, ForeignKey("photos.photo_id"), nullable=False, index=True),
        Column("view", String, nullable=False),
        Column("role", String, nullable=False),
        Column("captured_at", Instant),
        Column("station", String),
        Column("added_at", Instant, nullable=False),
        UniqueConstraint(owner, "photo_id"),
        sqlite_autoincrement=True,
    )


def _added_only(name: str, key: str, *columns: Column[Any]) -> Table:
    """Return a table of a claim whose rows the database itself refuses to change or remove."""
    return Table(
        name,
        metadata,
        Column(key, Number, primary_key=True),
        Column("claim_id", String, ForeignKey("claims.claim_id"), nullable=False, index=True),
        *columns,
        sqlite_autoincrement=True,
    )


items = Table(
    "items",
    metadata,
    Column("item_id", String, primary_key=True),
    Column("order_id", String, nullable=False, index=True),
    Column("sku", String, nullable=False),
    Column("title", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("declared_value", String, nullable=False),  # decimal text: money is never a float
    Column("currency", String, nullable=False),
    Column("high_value", Boolean, nullable=False),
    Column("width_mm", Float),
    Column("height_mm", Float),
    Column("catalogue_photo", String, index=True),
    Column("sealed_at", Instant),
    Column("version", Number, nullable=False, server_default="1"),  # counts up with each change
)
Index(  # those to pack are few among all that ever were
    "ix_items_unsealed",
    items.c.item_id,
    sqlite_where=items.c.sealed_at.is_(None),
    postgresql_where=items.c.sealed_at.is_(None),
)

claims = Table(  # its item may never have been registered: no foreign key there
    "claims",
    metadata,
    Column("claim_id", String, primary_key=True),
    Column("item_id", String, index=True),
    Column("order_id", String, index=True),
    Column("reason", String, nullable=False),
    Column("residence", String),
    Column("ship_to", String),
    Column("ordered_at", Instant, nullable=False),
    Column("delivered_at", Instant),
    Column("notified_at", Instant, nullable=False),
    Column("version", Number, nullable=False, server_default="1"),  # counts up with each change
    Column("state", String, nullable=False, server_default="opened"),
    Column(
        "value_milli", BigInteger, nullable=False, server_default="0"
    ),  # thousandths, to sort by
    Column("photos_declined", Number, nullable=False, server_default="0"),
    Column("parcels", Text, nullable=False, server_default="[]"),  # JSON: those that may hold it
    Column("deadline", Instant),  # of the window, as last reckoned; to sort by
    Column("notice_sent_at", Instant),
    Column("ship_to_zone", String),
    Column("return_by", Instant),  # while a return is authorised; soft
    # What lists are sorted by comes first in an index, what they are filtered by after it.
    Index("ix_claims_deadline", "deadline", "claim_id", "state", "reason", "value_milli"),
    Index("ix_claims_state", "state", "deadline", "claim_id", "reason", "value_milli"),
    Index("ix_claims_reason", "reason", "deadline", "claim_id"),
    Index("ix_claims_value_milli", "value_milli", "claim_id", "deadline", "state", "reason"),
)

events = (
    Table(  # the log: the database itself refuses to change or remove a row, or to leave one out
        "events",
        metadata,
        Column("number", Number, primary_key=True),  # from 1, without a gap
        Column("at", Instant, nullable=False),
        Column("kind", String, nullable=False),
        Column("subject", String, nullable=False),  # claim, item, inspection, staff or key
        Column("subject_id", String),  # this and the next three are erased together, or not at all
        Column("actor", String),
        Column("body", Text),  # canonical JSON
        Column("salt", LargeBinary),  # 32 random bytes
        Column("details", LargeBinary, nullable=False),  # digest of the salt and the plain columns
        Column("leaf", LargeBinary, nullable=False),  # hash of the leaf in the Merkle tree
        Index("ix_events_subject", "subject", "subject_id"),
        Index("ix_events_subject_number", "subject", "number"),
    )
)

log_nodes = Table(  # what is complete of the Merkle tree above the leaves; only ever added to
    "log_nodes",
    metadata,
    Column("level", Number, primary_key=True, autoincrement=False),  # over 256**level leaves
    Column("number", Number, primary_key=True, autoincrement=False),  # from 0
    Column("hash", LargeBinary, nullable=False),
)

log_checkpoints = Table(  # every checkpoint that was signed; only ever added to
    "log_checkpoints",
    metadata,
    Column("size", Number, primary_key=True, autoincrement=False),  # entries
    Column("note", Text, nullable=False),  # the signed checkpoint
)

inspections = Table(
    "inspections",
    metadata,
    Column("inspection_id", Number, primary_key=True),
    Column("item_id", String, ForeignKey("items.item_id"), nullable=False, index=True),
    Column("claim_id", String, ForeignKey("claims.claim_id"), index=True),
    Column("inspected_by", String, nullable=False),
    Column("note", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("inspected_at", Instant, nullable=False),
    sqlite_autoincrement=True,
)

second_readings = Table(  # the database refuses to change one that was answered or withdrawn
    "second_readings",
    metadata,
    Column("reading_id", Number, primary_key=True),
    Column("claim_id", String, ForeignKey("claims.claim_id"), nullable=False, index=True),
    Column("reader", String, nullable=False),
    Column("asked_by", String, nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("answer", String),
    Column("reason", Text),  # of the answer
    Column("verdict", String),  # the product's own on these photos at the moment of the answer
    Column("answered_at", Instant),
    Column("because", Text),  # why it was asked for
    Column("photos", Text),  # JSON: what the reader sees
    Column("confidence", String),
    Column("with_verdict", String),
    Column("decision_id", Number),  # the last one at the moment of the answer
    Column("with_decision", String),
    Column("withdrawn_by", String),
    Column("withdrawn_at", Instant),
    sqlite_autoincrement=True,
)

photos = Table(
    "photos",
    metadata,
    Column("photo_id", String, primary_key=True),
    Column("media_type", String, nullable=False),
    Column("size", BigInteger, nullable=False),  # bytes of the original
    Column("reading", LargeBinary, nullable=False),
    Column("reading_sha256", String, nullable=False),
    Column("added_at", Instant),  # when it was first kept
    Index("ix_photos_size", "photo_id", "size"),  # to count all, past no reading of 860 kB
)

item_photos = _hangings("item_photos", "item_id", "items", String())
claim_photos = _hangings("claim_photos", "claim_id", "claims", String())
inspection_photos = _hangings("inspection_photos", "inspection_id", "inspections", Number)

photo_hashes = Table(  # of photos that are searched
    "photo_hashes",
    metadata,
    Column("number", Number, primary_key=True),  # counts up, also when a photo is read anew
    Column("photo_id", String, ForeignKey("photos.photo_id"), nullable=False),
    Column("outlines", String, nullable=False),  # perceptual hashes, both ways up of each
    Column("pixels_sha256", String, index=True),  # of the decoded picture
    UniqueConstraint("photo_id"),
    sqlite_autoincrement=True,
)

photo_facts = Table(  # what the file tells of itself, as JSON
    "photo_facts",
    metadata,
    Column("photo_id", String, ForeignKey("photos.photo_id"), primary_key=True),
    Column("body", Text, nullable=False),
)

holds = Table(  # the database refuses to change one, but for lifting it once
    "holds",
    metadata,
    Column("hold_id", Number, primary_key=True),
    Column("subject", String, nullable=False),  # item or claim
    Column("subject_id", String, nullable=False),
    Column("reason", Text, nullable=False),
    Column("placed_by", String, nullable=False),
    Column("placed_at", Instant, nullable=False),
    Column("lifted_by", String),
    Column("lifted_at", Instant),
    Column("lifted_because", Text),
    Index("ix_holds_subject", "subject", "subject_id"),
    sqlite_autoincrement=True,
)

erasures = Table(  # tombstones; the database refuses to change or remove one
    "erasures",
    metadata,
    Column("number", Number, primary_key=True),
    Column("photo_id", String, ForeignKey("photos.photo_id"), nullable=False),
    Column("erased_at", Instant, nullable=False),
    Column("erased_by", String, nullable=False),
    Column("ground", String, nullable=False),  # retention or request
    Column("reason", Text, nullable=False),
    Column("hashes_number", Number),  # of what it was found by, so that searches forget it
    UniqueConstraint("photo_id"),
    sqlite_autoincrement=True,
)

damages = Table(  # what was found damaged, each once until it is whole again
    "damages",
    metadata,
    Column("damage_id", Number, primary_key=True),
    Column("subject", String, nullable=False),  # photo or database
    Column("subject_id", String, nullable=False),
    Column("part", String, nullable=False),  # original or reading
    Column("fault", String, nullable=False),
    Column("found_at", Instant, nullable=False),
    Column("healed_at", Instant),
    Index("ix_damages_subject", "subject", "subject_id"),
    sqlite_autoincrement=True,
)

comparisons = Table(
    "comparisons",
    metadata,
    Column("key", String, primary_key=True),
    Column("reference", String, ForeignKey("photos.photo_id"), nullable=False),
    Column("query", String, ForeignKey("photos.photo_id"), nullable=False),
    Column("body", Text, nullable=False),
)

decisions = _added_only(
    "decisions",
    "decision_id",
    Column("decision", String, nullable=False),
    Column("decided_by", String, nullable=False),
    Column("reason", Text, nullable=False),
    Column("recommendation", Text, nullable=False),
    Column("decided_at", Instant, nullable=False),
)

recommendations = _added_only(
    "recommendations",
    "recommendation_id",
    Column("body", Text, nullable=False),
    Column("issued_at", Instant, nullable=False),
)

claim_steps = _added_only(
    "claim_steps",
    "step_id",
    Column("action", String, nullable=False),
    Column("by", String, nullable=False),
    Column("role", String, nullable=False),
    Column("note", Text, nullable=False),
    Column("facts", Text, nullable=False),  # JSON
    Column("from_state", String, nullable=False),
    Column("to_state", String, nullable=False),
    Column("at", Instant, nullable=False),
)

final_recommendations = _added_only(
    "final_recommendations",
    "final_id",
    Column("body", Text, nullable=False),
    Column("issued_at", Instant, nullable=False),
)

answers = Table(
    "answers",
    metadata,
    Column("key", String, primary_key=True),
    Column("fingerprint", String, nullable=False),
    Column("status", Number, nullable=False),
    Column("body", Text, nullable=False),
    Column("remembered_at", Instant, nullable=False, index=True),
)

api_keys = Table(
    "api_keys",
    metadata,
    Column("key_sha256", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("added_at", Instant, nullable=False),
    Column("revoked_at", Instant, nullable=True),
    Column("scopes", String, nullable=False, server_default="everything"),  # with spaces between
    Column("expires_at", Instant),
    Column("last_used_on", Date),  # by UTC; no finer, so that a day costs one write
    Column("secret", Number, nullable=False, server_default="1"),  # counts up as a key is rotated
)

pseudonym_keys = Table(  # what addresses are told apart by in the log; deleted, nobody can again
    "pseudonym_keys",
    metadata,
    Column("key_id", Number, primary_key=True),
    Column("key", LargeBinary, nullable=False),
)

staff = Table(  # nobody is ever removed: what was done under a name stays that person's
    "staff",
    metadata,
    Column("staff_id", Number, primary_key=True),
    Column("name", String, nullable=False),
    Column("folded_name", String, nullable=False),  # as names are compared
    Column("sign_in_name", String, nullable=False),
    Column("role", String, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("password_hash", String, nullable=False),
    Column("one_time", Boolean, nullable=False),  # an owner made the password
    Column("password_set_at", Instant, nullable=False),
    Column("added_at", Instant, nullable=False),
    UniqueConstraint("folded_name"),
    UniqueConstraint("sign_in_name"),
    sqlite_autoincrement=True,
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_sha256", String, primary_key=True),
    Column("staff_id", Number, ForeignKey("staff.staff_id"), nullable=False, index=True),
    Column("began_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
)

probes = Table(  # one row that /readyz writes and reads
    "probes",
    metadata,
    Column("probe_id", Number, primary_key=True),
    Column("count", BigInteger, nullable=False),
)

meters = Table(  # quotas that are not full, as all processes know them
    "meters",
    metadata,
    Column("name", String, primary_key=True),
    Column("full_at", Float, nullable=False),  # seconds since 1970
)

attempts = Table(  # failed sign-ins of the last minutes, by pseudonyms of names and addresses
    "attempts",
    metadata,
    Column("name", String, primary_key=True),
    Column("since", Instant, nullable=False),
    Column("touched_at", Instant, nullable=False, index=True),
    Column("failures", Number, nullable=False),
)

set_up_codes = Table(  # that starts have shown; none once there is an owner
    "set_up_codes",
    metadata,
    Column("code_sha256", String, primary_key=True),
)

compatibility = Table(  # one row: the revision that a program must know to work on these tables
    "compatibility",
    metadata,
    Column("oldest", String, primary_key=True),
)
