"""The shop's policy as versioned data: read it strictly, choose the version that applies."""

import hashlib
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter, ValidationError

from evidence.errors import PolicyDocumentError
from evidence.policy.terms import DELIVERY, Cites, Document

__all__ = ["Document", "choose_document", "load_document", "packaged_documents"]


def load_document(data: bytes) -> Document:
    """Read a policy document.

    Args:
        data: TOML in UTF-8.

    Raises:
        PolicyDocumentError: broken, empty or dangling; says the line or key, and the reason.
    """
    try:
        text = data.decode("utf-8")
        raw = tomllib.loads(text)
    except UnicodeDecodeError as error:
        raise PolicyDocumentError(f"policy document: no UTF-8 at byte {error.start}") from error
    except tomllib.TOMLDecodeError as error:
        raise PolicyDocumentError(f"policy document: {error}") from error
    for key in {"text", "sha256"} & set(raw):
        raise PolicyDocumentError(f"policy document: {key}: is computed, take it out")
    try:
        document = TypeAdapter(Document).validate_python(
            {**raw, "text": text, "sha256": hashlib.sha256(data).hexdigest()}
        )
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise PolicyDocumentError(f"policy document: {key}: {first['msg']}") from error
    for fault in _faults(document):
        raise PolicyDocumentError(f"policy document: {fault}")
    return document


def choose_document(documents: Sequence[Document], ordered_at: datetime) -> Document:
    """Choose the version in force when the order was placed (reading 30).

    An order older than every version gets the oldest: its wording is the nearest there is.
    ``recommend`` sees the difference and then proposes nothing but a person's review.

    Raises:
        PolicyDocumentError: there is no document, or two start at the same instant.
        ValueError: ``ordered_at`` has no offset from UTC.
    """
    if ordered_at.utcoffset() is None:
        raise ValueError("ordered_at must be aware")
    if not documents:
        raise PolicyDocumentError("there is no policy document")
    starts = sorted(documents, key=lambda document: document.in_force_from)
    if len({document.in_force_from for document in documents}) < len(documents):
        raise PolicyDocumentError("two policy documents start at the same instant")
    return next((d for d in reversed(starts) if d.in_force_from <= ordered_at), starts[0])


@cache
def packaged_documents() -> tuple[Document, ...]:
    """Load every document that comes with the product, oldest first.

    Raises:
        PolicyDocumentError: one of them must not be started with.
    """
    folder = files("evidence.policy") / "documents"
    found = [load_document(p.read_bytes()) for p in folder.iterdir() if p.name.endswith(".toml")]
    return tuple(sorted(found, key=lambda document: document.in_force_from))


def _faults(document: Document) -> Iterator[str]:
    """Yield what is dangling or doubled; the form of every key is right already."""
    clauses = Counter(clause.id for clause in document.clauses)
    yield from (f"clauses: id {name} is there twice" for name, n in clauses.items() if n > 1)
    countries = Counter(country for region in document.regions for country in region.countries)
    yield from (f"regions: {name} is in two of them" for name, n in countries.items() if n > 1)
    if sum(not region.countries for region in document.regions) != 1:
        yield "regions: exactly one must have no countries, for all others"
    zones = {f"regions.{region.id}.zone": region.zone for region in document.regions}
    for key, zone in {"home_zone": document.home_zone, **zones}.items():
        if not _is_zone(zone) and (zone != DELIVERY or key == "home_zone"):
            yield f"{key}: {zone} is no IANA zone"
    for region in document.regions:
        if ("return_mark" in region.parcel_needs) != (region.return_mark is not None):
            yield f"regions.{region.id}.return_mark: goes with return_mark in parcel_needs"
        cites = region.cites
        cited = {name: getattr(cites, name) for name in Cites.__dataclass_fields__}
        cited |= {f"fee {fee.on} {fee.fee}": fee.clause for fee in region.fees}
        for key, value in cited.items():
            for clause in (value,) if isinstance(value, str) else value:
                if clause not in clauses:
                    yield f"regions.{region.id}: {key} cites {clause}, which is no clause"


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        return False
    return True
