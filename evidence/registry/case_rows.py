"""What was found, proposed and decided: comparisons, recommendations and decisions."""

import json
from collections.abc import Collection, Iterable
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, bindparam, insert, select, update

from evidence.registry.claim_rows import require_claim, tell_claim
from evidence.registry.database import in_parts
from evidence.registry.expectations import ANYTHING, PROGRAM, Expected
from evidence.registry.life_records import Told
from evidence.registry.life_rows import write_move
from evidence.registry.naming import name_claim
from evidence.registry.photo_rows import PhotoRows, found, require_photo
from evidence.registry.records import Decision
from evidence.registry.tables import claims, comparisons, decisions, recommendations
from evidence.text import Text

_COMPARISON = select(comparisons).where(comparisons.c.key == bindparam("key"))


class CaseRows(PhotoRows):
    """Comparisons are a cache by key; the other two are only ever added."""

    def comparison(self, key: str) -> str | None:
        """Read a comparison's JSON text back; None if that key was never computed."""
        row = self._comparison(key)
        return (row and str(row.body)) or None  # without a body: a photo of it was erased

    def comparisons_of(self, keys: Iterable[str]) -> dict[str, str]:
        """Read the JSON text of those comparisons that were computed, by their keys."""
        texts: dict[str, str] = {}
        with self._database.reading() as connection:
            for some in in_parts(keys):
                query = select(comparisons.c.key, comparisons.c.body)
                query = query.where(comparisons.c.key.in_(some), comparisons.c.body != "")
                texts.update({row.key: row.body for row in connection.execute(query)})
        return texts

    def put_comparison(self, key: str, reference: str, query: str, body: str) -> None:
        """Keep a comparison of two kept photos; the first under a key stays.

        Raises:
            NotFoundError: one of the photos is not kept.
        """
        self.put_comparisons([(key, reference, query, body)])

    def put_comparisons(self, made: Collection[tuple[str, str, str, str]]) -> None:
        """Keep several, each as ``put_comparison`` takes one; all of them or none.

        Raises:
            NotFoundError: one of the photos is not kept.
        """
        with self._database.writing() as connection:
            require_photo(connection, *(photo_id for row in made for photo_id in row[1:3]))
            for key, reference, query, body in made:
                if connection.execute(_COMPARISON, {"key": key}).first() is None:
                    values = {"key": key, "reference": reference, "query": query, "body": body}
                    connection.execute(insert(comparisons).values(values))

    def comparison_photos(self, key: str) -> tuple[str, str]:
        """Return the ids of the reference and the query photo.

        Raises:
            NotFoundError: no such comparison.
        """
        row = found(self._comparison(key), Text(f"comparison {key}", f"比較 {key}"))
        return row.reference, row.query

    def add_decision(self, decision: Decision, *, expected: Expected = ANYTHING) -> Decision:
        """Keep a decision for ever, and move the claim to decided or finally decided.

        Whoever decided is the actor of its event.

        Returns:
            The decision under the id that it got here; the given id is not looked at.

        Raises:
            NotFoundError: no such claim.
            StaleError: the claim is not as expected.
            ConflictError: nothing is to be decided where the claim stands.
        """
        values = asdict(decision)
        del values["decision_id"]
        with self._database.telling() as connection:
            claim = require_claim(connection, decision.claim_id)
            expected.check(name_claim(decision.claim_id), claim.version)
            told = Told(
                decision.decided_by,
                decision.decided_at,
                note=decision.reason,
                facts={"decision": decision.decision},
            )
            write_move(connection, decision.claim_id, "decide", told)  # counts the version up
            number = _first_key(connection.execute(insert(decisions).values(values)))
            tell_claim(
                connection,
                "claim.decided",
                decision.claim_id,
                actor=decision.decided_by,
                at=decision.decided_at,
                body={"decision": decision.decision, "decision_id": number},
            )
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

    def add_recommendation(
        self, claim_id: str, body: str, at: datetime, *, actor: str = PROGRAM
    ) -> int:
        """Keep a recommendation's JSON text as it was issued, unless it is the last one again.

        The claim's deadline follows it. Its version does not: whoever has read the claim and its
        recommendation may decide on what was read.

        Returns:
            Its id, or that of the last one.

        Raises:
            NotFoundError: no such claim.
        """
        values = {"claim_id": claim_id, "body": body, "issued_at": at}
        with self._database.writing() as connection:
            claim = require_claim(connection, claim_id)
            told = _told(body)
            deadline = told["deadline"] and datetime.fromisoformat(told["deadline"])
            if deadline != claim.deadline:
                moved = update(claims).filter_by(claim_id=claim_id).values(deadline=deadline)
                connection.execute(moved)
            of_claim = select(recommendations).where(recommendations.c.claim_id == claim_id)
            newest = of_claim.order_by(recommendations.c.recommendation_id.desc()).limit(1)
            last = connection.execute(newest).first()
            if last is not None and last.body == body:
                return int(last.recommendation_id)
            number = _first_key(connection.execute(insert(recommendations).values(values)))
            facts = {"recommendation_id": number, **told}
            tell_claim(connection, "claim.recommended", claim_id, actor=actor, at=at, body=facts)
            return number

    def _comparison(self, key: str) -> Row[Any] | None:
        with self._database.reading() as connection:
            return connection.execute(_COMPARISON, {"key": key}).one_or_none()


def _told(body: str) -> dict[str, Any]:
    """Return what the feed and the lists tell of a recommendation."""
    told = json.loads(body)
    return {
        "outcome": told.get("outcome"),
        "verdict": (told.get("verdict") or {}).get("verdict"),
        "deadline": (told.get("window") or {}).get("deadline"),
    }


def _first_key(result: Any) -> int:
    return int(result.inserted_primary_key[0])
