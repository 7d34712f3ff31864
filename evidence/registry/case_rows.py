"""What was found, proposed and decided: comparisons, recommendations and decisions."""

from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, insert, select

from evidence.registry.claim_rows import require_claim
from evidence.registry.life_records import Told
from evidence.registry.life_rows import write_move
from evidence.registry.photo_rows import PhotoRows, found, require_photo
from evidence.registry.records import Decision
from evidence.registry.tables import comparisons, decisions, recommendations


class CaseRows(PhotoRows):
    """Comparisons are a cache by key; the other two are only ever added."""

    def comparison(self, key: str) -> str | None:
        """Read a comparison's JSON text back; None if that key was never computed."""
        row = self._comparison(key)
        return None if row is None else str(row.body)

    def put_comparison(self, key: str, reference: str, query: str, body: str) -> None:
        """Keep a comparison of two kept photos; the first under a key stays.

        Raises:
            NotFoundError: one of the photos is not kept.
        """
        with self._database.writing() as connection:
            for photo_id in (reference, query):
                require_photo(connection, photo_id)
            if connection.execute(select(comparisons.c.key).filter_by(key=key)).first() is None:
                values = {"key": key, "reference": reference, "query": query, "body": body}
                connection.execute(insert(comparisons).values(values))

    def comparison_photos(self, key: str) -> tuple[str, str]:
        """Return the ids of the reference and the query photo.

        Raises:
            NotFoundError: no such comparison.
        """
        row = found(self._comparison(key), f"comparison {key}")
        return row.reference, row.query

    def add_decision(self, decision: Decision) -> Decision:
        """Keep a decision for ever, and move the claim to decided or finally decided.

        Returns:
            The decision under the id that it got here; the given id is not looked at.

        Raises:
            NotFoundError: no such claim.
            ConflictError: nothing is to be decided where the claim stands.
        """
        values = asdict(decision)
        del values["decision_id"]
        with self._database.writing() as connection:
            require_claim(connection, decision.claim_id)
            told = Told(
                decision.decided_by,
                decision.decided_at,
                note=decision.reason,
                facts={"decision": decision.decision},
            )
            write_move(connection, decision.claim_id, "decide", told)
            number = _first_key(connection.execute(insert(decisions).values(values)))
        return replace(decision, decision_id=number, decided_at=decision.decided_at.astimezone(UTC))

    def decisions(self, claim_id: str) -> list[Decision]:
        """List a claim's decisions, the oldest first.

        Raises:
            NotFoundError: no such claim.
        """
        query = select(decisions).filter_by(claim_id=claim_id).order_by(decisions.c.decision_id)
        with self._database.reading() as connection:
            require_claim(connection, claim_id)
            return [Decision(**row._asdict()) for row in connection.execute(query)]

    def add_recommendation(self, claim_id: str, body: str, at: datetime) -> int:
        """Keep a recommendation's JSON text as it was issued, unless it is the last one again.

        Returns:
            Its id, or that of the last one.

        Raises:
            NotFoundError: no such claim.
        """
        values = {"claim_id": claim_id, "body": body, "issued_at": at}
        with self._database.writing() as connection:
            require_claim(connection, claim_id)
            of_claim = select(recommendations).where(recommendations.c.claim_id == claim_id)
            newest = of_claim.order_by(recommendations.c.recommendation_id.desc()).limit(1)
            last = connection.execute(newest).first()
            if last is not None and last.body == body:
                return int(last.recommendation_id)
            return _first_key(connection.execute(insert(recommendations).values(values)))

    def _comparison(self, key: str) -> Row[Any] | None:
        with self._database.reading() as connection:
            return connection.execute(select(comparisons).filter_by(key=key)).one_or_none()


def _first_key(result: Any) -> int:
    return int(result.inserted_primary_key[0])
