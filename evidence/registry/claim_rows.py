"""Claims: what customers told the shop, and the photos that they sent."""

from dataclasses import asdict, replace
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, Row, insert, select, update

from evidence.registry.photo_rows import PhotoRows, found
from evidence.registry.records import Claim, KeptPhoto, Parcel
from evidence.registry.tables import claim_photos, claims


class ClaimRows(PhotoRows):
    """Claims by their id."""

    def put_claim(self, claim: Claim) -> bool:
        """Open a claim, or replace what was told under its id.

        Where it stands stays: state, deadline, version and how often photos were declined are
        not taken from the given claim.
        The same values once more are no change.

        Returns:
            True if the claim is new.
        """
        with self._database.writing() as connection:
            row = _row(connection, claim.claim_id)
            if row is None:
                fresh = replace(claim, state="opened", deadline=None, photos_declined=0, version=1)
                connection.execute(insert(claims).values(_values(fresh)))
                return True
            kept = record_claim(row)
            changed = replace(
                claim,
                state=kept.state,
                deadline=kept.deadline,
                photos_declined=kept.photos_declined,
                version=kept.version,
            )
            if changed != kept:
                changed = replace(changed, version=kept.version + 1)
                connection.execute(
                    update(claims).filter_by(claim_id=claim.claim_id).values(_values(changed))
                )
            return False

    def claim(self, claim_id: str) -> Claim:
        """Read a claim back.

        Raises:
            NotFoundError: no such claim.
        """
        with self._database.reading() as connection:
            return record_claim(require_claim(connection, claim_id))

    def add_claim_photo(self, claim_id: str, photo: KeptPhoto, data: bytes, reading: bytes) -> bool:
        """Add a photo that the customer sent; it is durable when this returns.

        Returns:
            True if it is new on this claim, False if these bytes hang there already.

        Raises:
            NotFoundError: no such claim.
            StorageFullError: no room is left.
        """

        def admit(connection: Connection, there: bool) -> None:
            require_claim(connection, claim_id)

        return self._hang(claim_photos, {"claim_id": claim_id}, photo, data, reading, admit)

    def claim_photos(self, claim_id: str) -> list[KeptPhoto]:
        """List the claim's photos in the order of adding.

        Raises:
            NotFoundError: no such claim.
        """
        self.claim(claim_id)
        return self._hanging_on(claim_photos, {"claim_id": claim_id})


def require_claim(connection: Connection, claim_id: str) -> Row[Any]:
    """Return the claim's row, or raise NotFoundError."""
    return found(_row(connection, claim_id), f"claim {claim_id}")


def record_claim(row: Row[Any]) -> Claim:
    """Return a claim's row as a plain value."""
    parcels = TypeAdapter(tuple[Parcel, ...]).validate_json(row.parcels)
    return Claim(**{**row._asdict(), "parcels": parcels})


def _values(claim: Claim) -> dict[str, Any]:
    parcels = TypeAdapter(tuple[Parcel, ...]).dump_json(claim.parcels).decode()
    return {**asdict(claim), "parcels": parcels}


def _row(connection: Connection, claim_id: str) -> Row[Any] | None:
    return connection.execute(select(claims).filter_by(claim_id=claim_id)).one_or_none()
