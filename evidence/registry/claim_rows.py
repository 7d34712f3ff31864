"""Claims: what customers told the shop, and the photos that they sent."""

from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from evidence.registry.photo_rows import PhotoRows, found
from evidence.registry.records import Claim, KeptPhoto
from evidence.registry.tables import claim_photos, claims


class ClaimRows(PhotoRows):
    """Claims by their id."""

    def put_claim(self, claim: Claim) -> bool:
        """Open a claim, or replace what was told under its id.

        Returns:
            True if the claim is new.
        """
        with self._database.writing() as connection:
            if _row(connection, claim.claim_id) is None:
                connection.execute(insert(claims).values(asdict(claim)))
                return True
            connection.execute(
                update(claims).filter_by(claim_id=claim.claim_id).values(asdict(claim))
            )
            return False

    def claim(self, claim_id: str) -> Claim:
        """Read a claim back.

        Raises:
            NotFoundError: no such claim.
        """
        with self._database.reading() as connection:
            return Claim(**require_claim(connection, claim_id)._asdict())

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


def _row(connection: Connection, claim_id: str) -> Row[Any] | None:
    return connection.execute(select(claims).filter_by(claim_id=claim_id)).one_or_none()
