"""Claims: what customers told the shop, and the photos that they sent."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, Row, insert, select, update

from evidence.registry.event_rows import add_event
from evidence.registry.expectations import ANYTHING, PROGRAM, Expected
from evidence.registry.item_values import changed_fields, find_items, in_thousandths
from evidence.registry.naming import name_claim
from evidence.registry.photo_rows import PhotoRows, found
from evidence.registry.records import Claim, KeptPhoto, Parcel
from evidence.registry.tables import claim_photos, claims

_PARCELS = TypeAdapter(tuple[Parcel, ...])


class ClaimRows(PhotoRows):
    """Claims by their id.

    Whoever changes one says who it is (``actor``) and, if that matters, what it is taken to be
    (``expected``); each change is one event.
    """

    def put_claim(
        self,
        claim: Claim,
        *,
        actor: str = PROGRAM,
        at: datetime | None = None,
        expected: Expected = ANYTHING,
    ) -> bool:
        """Open a claim, or replace what was told under its id.

        Where it stands stays: state, version, declined photos and the day of the return are not
        taken from the given claim, and its value is its item's. The same values once more are no
        change.

        Args:
            claim: its facts.
            actor: who does it.
            at: when; the present instant if it is not given. Aware.
            expected: what the caller takes it to be.

        Returns:
            True if the claim is new.

        Raises:
            StaleError: it is not as expected.
        """
        at = at or datetime.now(UTC)
        with self._database.writing() as connection:
            row = _row(connection, claim.claim_id)
            expected.check(name_claim(claim.claim_id), row and row.version)
            claim = replace(claim, value_milli=_value_milli(connection, claim.item_id))
            if row is None:
                fresh = replace(claim, state="opened", photos_declined=0, return_by=None, version=1)
                connection.execute(insert(claims).values(_values(fresh)))
                body: dict[str, Any] = {"item_id": claim.item_id, "reason": claim.reason}
                tell_claim(
                    connection, "claim.opened", claim.claim_id, actor=actor, at=at, body=body
                )
                return True
            kept = record_claim(row)
            changed = replace(
                claim,
                state=kept.state,
                photos_declined=kept.photos_declined,
                return_by=kept.return_by,
                version=kept.version,
            )
            if changed != kept:
                changed = replace(changed, version=kept.version + 1)
                connection.execute(
                    update(claims).filter_by(claim_id=claim.claim_id).values(_values(changed))
                )
                fields = changed_fields(asdict(kept), asdict(changed))
                body = {"fields": fields, "version": changed.version}
                tell_claim(
                    connection, "claim.changed", claim.claim_id, actor=actor, at=at, body=body
                )
            return False

    def claim(self, claim_id: str) -> Claim:
        """Read a claim back.

        Raises:
            NotFoundError: no such claim.
        """
        with self._database.reading() as connection:
            return record_claim(require_claim(connection, claim_id))

    def add_claim_photo(
        self,
        claim_id: str,
        photo: KeptPhoto,
        data: bytes,
        reading: bytes,
        *,
        actor: str = PROGRAM,
        expected: Expected = ANYTHING,
    ) -> bool:
        """Add a photo that the customer sent; it is durable when this returns.

        Returns:
            True if it is new on this claim, False if these bytes hang there already.

        Raises:
            NotFoundError: no such claim.
            StaleError: the claim is not as expected.
            StorageFullError: no room is left.
        """

        def admit(connection: Connection, there: bool) -> None:
            expected.check(name_claim(claim_id), require_claim(connection, claim_id).version)

        def tell(connection: Connection) -> None:
            grow_claim(connection, claim_id)
            body = {"photo_id": photo.photo_id, "view": photo.view, "role": photo.role}
            at = photo.added_at
            tell_claim(connection, "claim.photo_added", claim_id, actor=actor, at=at, body=body)

        owner = {"claim_id": claim_id}
        return self._hang(claim_photos, owner, photo, data, reading, admit, tell)

    def note_export(
        self, claim_id: str, facts: Mapping[str, Any], *, actor: str, at: datetime
    ) -> None:
        """Tell that the claim's evidence was handed out as a bundle.

        Args:
            claim_id: which claim.
            facts: which bundle, and what it leaves out: digests and ids.
            actor: who took it out.
            at: when. Aware.

        Raises:
            NotFoundError: no such claim.
        """
        with self._database.writing() as connection:
            require_claim(connection, claim_id)
            body = dict(facts)
            tell_claim(connection, "bundle.exported", claim_id, actor=actor, at=at, body=body)

    def claim_photos(self, claim_id: str) -> list[KeptPhoto]:
        """List the claim's photos in the order of adding.

        Raises:
            NotFoundError: no such claim.
        """
        self.claim(claim_id)
        return self._hanging_on(claim_photos, {"claim_id": claim_id})


def require_claim(connection: Connection, claim_id: str) -> Row[Any]:
    """Return the claim's row, or raise NotFoundError."""
    return found(_row(connection, claim_id), name_claim(claim_id))


def grow_claim(connection: Connection, claim_id: str) -> None:
    """Count a claim's version up: something that it is shown with was added."""
    query = update(claims).filter_by(claim_id=claim_id)
    connection.execute(query.values(version=claims.c.version + 1))


def tell_claim(
    connection: Connection,
    kind: str,
    claim_id: str,
    *,
    actor: str,
    at: datetime,
    body: dict[str, Any],
) -> None:
    """Write an event of a claim."""
    add_event(connection, kind, subject="claim", subject_id=claim_id, actor=actor, at=at, body=body)


def record_claim(row: Row[Any]) -> Claim:
    """Return a claim's row as a plain value."""
    parcels = _PARCELS.validate_json(row.parcels)
    return Claim(**{**row._asdict(), "parcels": parcels})


def _value_milli(connection: Connection, item_id: str | None) -> int:
    """Return what the item is worth; 0 if it was never registered."""
    item = None if item_id is None else find_items(connection, [item_id]).get(item_id)
    return 0 if item is None else in_thousandths(item.declared_value)


def _values(claim: Claim) -> dict[str, Any]:
    parcels = _PARCELS.dump_json(claim.parcels).decode()
    return {**asdict(claim), "parcels": parcels}


def _row(connection: Connection, claim_id: str) -> Row[Any] | None:
    return connection.execute(select(claims).filter_by(claim_id=claim_id)).one_or_none()
