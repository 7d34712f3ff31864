"""The tables as they are now; how they came to be is in ``migrations/``."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.types import TypeDecorator


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


metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)


def _hangings(name: str, owner: str, owners: str) -> Table:
    """Return the table of the photos that hang on each owner, in order of ``number``."""
    return Table(
        name,
        metadata,
        Column("number", Integer, primary_key=True),
        Column(owner, String, ForeignKey(f"{owners}.{owner}"), nullable=False),
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
        Column(key, Integer, primary_key=True),
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
    Column("catalogue_photo", String),
    Column("sealed_at", Instant),
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
)

photos = Table(
    "photos",
    metadata,
    Column("photo_id", String, primary_key=True),
    Column("media_type", String, nullable=False),
    Column("size", BigInteger, nullable=False),  # bytes of the original
    Column("reading", LargeBinary, nullable=False),
    Column("reading_sha256", String, nullable=False),
)

item_photos = _hangings("item_photos", "item_id", "items")
claim_photos = _hangings("claim_photos", "claim_id", "claims")

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

answers = Table(
    "answers",
    metadata,
    Column("key", String, primary_key=True),
    Column("fingerprint", String, nullable=False),
    Column("status", Integer, nullable=False),
    Column("body", Text, nullable=False),
    Column("remembered_at", Instant, nullable=False, index=True),
)

api_keys = Table(
    "api_keys",
    metadata,
    Column("key_sha256", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("added_at", Instant, nullable=False),
)

probes = Table(  # one row that /readyz writes and reads
    "probes",
    metadata,
    Column("probe_id", Integer, primary_key=True),
    Column("count", BigInteger, nullable=False),
)
