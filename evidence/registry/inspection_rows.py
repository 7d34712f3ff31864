"""Inspections of what came back, their photos, and the final proposals that they lead to."""

import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, insert, select

from evidence.registry.claim_rows import require_claim
from evidence.registry.event_rows import add_event
from evidence.registry.expectations import ANYTHING, Expected
from evidence.registry.life_records import Inspection, IssuedProposal, Told
from evidence.registry.life_rows import write_move
from evidence.registry.naming import name_item
from evidence.registry.photo_rows import PhotoRows, found
from evidence.registry.records import KeptPhoto
from evidence.registry.tables import (
    final_recommendations,
    inspection_photos,
    inspections,
    items,
)
from evidence.text import Text


class InspectionRows(PhotoRows):
    """Inspections by their number."""

    def add_inspection(
        self, inspection: Inspection, *, role: str = "workflow", expected: Expected = ANYTHING
    ) -> Inspection:
        """Keep what was found, and move its claim, if it has one, to inspected.

        Returns:
            The inspection under the number that it got here; the given one is not looked at.

        Raises:
            NotFoundError: no such item or claim.
            StaleError: the item is not as expected.
            ConflictError: nothing is to be inspected where the claim stands.
        """
        by, at = inspection.inspected_by, inspection.inspected_at.astimezone(UTC)
        with self._database.telling() as connection:
            item = select(items.c.version).filter_by(item_id=inspection.item_id)
            version = found(connection.scalar(item), name_item(inspection.item_id))
            expected.check(name_item(inspection.item_id), version)
            done = connection.execute(
                insert(inspections).values(
                    item_id=inspection.item_id,
                    claim_id=inspection.claim_id,
                    inspected_by=by,
                    note=inspection.note,
                    body=json.dumps(dict(inspection.findings), ensure_ascii=False, sort_keys=True),
                    inspected_at=at,
                )
            )
            number = int(done.inserted_primary_key[0])  # type: ignore[index]
            if inspection.claim_id is not None:
                facts = {"inspection_id": number}
                told = Told(by, at, role=role, note=inspection.note, facts=facts)
                write_move(connection, inspection.claim_id, "inspect", told)
            body = {"item_id": inspection.item_id, "claim_id": inspection.claim_id}
            _tell(connection, "inspection.made", number, by, at, body)
            return _record(connection.execute(_inspection(number)).one())

    def inspection(self, inspection_id: int) -> Inspection:
        """Read an inspection back.

        Raises:
            NotFoundError: no such inspection.
        """
        with self._database.reading() as connection:
            return _record(_require(connection, inspection_id))

    def inspections_of(self, claim_id: str) -> list[Inspection]:
        """List a claim's inspections, the oldest first."""
        query = select(inspections).filter_by(claim_id=claim_id)
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(inspections.c.inspection_id))
            return [_record(row) for row in rows]

    def add_inspection_photo(
        self, inspection_id: int, photo: KeptPhoto, data: bytes, reading: bytes
    ) -> bool:
        """Add a photo of what came back; it is durable when this returns.

        Returns:
            True if it is new on this inspection, False if these bytes hang there already.

        Raises:
            NotFoundError: no such inspection.
            StorageFullError: no room is left.
        """

        def admit(connection: Connection, there: bool) -> None:
            _require(connection, inspection_id)

        owner = {"inspection_id": inspection_id}
        return self._hang(inspection_photos, owner, photo, data, reading, admit)

    def inspection_photos(self, inspection_id: int) -> list[KeptPhoto]:
        """List the inspection's photos in the order of adding."""
        return self._hanging_on(inspection_photos, {"inspection_id": inspection_id})

    def add_final_recommendation(self, claim_id: str, body: str, at: datetime) -> None:
        """Keep a final recommendation's JSON text, unless it is the last one again.

        Raises:
            NotFoundError: no such claim.
        """
        with self._database.writing() as connection:
            require_claim(connection, claim_id)
            rows = connection.execute(_finals(claim_id)).all()
            if not rows or rows[-1].body != body:
                values = {"claim_id": claim_id, "body": body, "issued_at": at}
                connection.execute(insert(final_recommendations).values(values))

    def final_recommendations(self, claim_id: str) -> list[IssuedProposal]:
        """List a claim's final recommendations as they were issued, the oldest first."""
        with self._database.reading() as connection:
            rows = connection.execute(_finals(claim_id))
            return [IssuedProposal(**row._asdict()) for row in rows]


def _finals(claim_id: str) -> Select[Any]:
    columns = final_recommendations.c
    query = select(columns.body, columns.issued_at).filter_by(claim_id=claim_id)
    return query.order_by(columns.final_id)


def _inspection(inspection_id: int) -> Select[Any]:
    return select(inspections).filter_by(inspection_id=inspection_id)


def _require(connection: Connection, inspection_id: int) -> Row[Any]:
    row = connection.execute(_inspection(inspection_id)).one_or_none()
    return found(row, Text(f"inspection {inspection_id}", f"検品 {inspection_id}"))


def _record(row: Row[Any]) -> Inspection:
    values = row._asdict()
    findings = json.loads(values.pop("body"))
    return Inspection(**values, findings=findings)


def _tell(
    connection: Connection, kind: str, number: int, actor: str, at: datetime, body: dict[str, Any]
) -> None:
    subject, subject_id = "inspection", str(number)
    add_event(
        connection, kind, subject=subject, subject_id=subject_id, actor=actor, at=at, body=body
    )
