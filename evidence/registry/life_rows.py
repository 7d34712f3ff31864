"""Where a claim stands; every move is checked, written down and told in one transaction."""

import json
from datetime import UTC, datetime
from typing import Any, cast

from sqlalchemy import Connection, Row, Select, insert, select, update

from evidence.errors import ConflictError
from evidence.policy.life import Action, Move, StaffRole, Standing, State, end_of, find_move, refuse
from evidence.registry.claim_rows import require_claim
from evidence.registry.event_rows import add_event
from evidence.registry.expectations import ANYTHING, Expected
from evidence.registry.life_records import IssuedProposal, StepTaken, Told
from evidence.registry.naming import name_claim
from evidence.registry.photo_rows import PhotoRows
from evidence.registry.tables import claim_steps, claims, decisions, recommendations

# A proposal changes nothing that was told: who has read the claim and then its recommendation
# decides on both, so it does not count as a change of the claim.
PROPOSED = ("recommend", "recommend_final")
WORKFLOW = "workflow"  # who moves a claim where no person did


class LifeRows(PhotoRows):
    """Claims as they move; only here does a state change."""

    def standing(self, claim_id: str) -> Standing:
        """Return where the claim stands.

        Raises:
            NotFoundError: no such claim.
        """
        with self._database.reading() as connection:
            return _standing(connection, require_claim(connection, claim_id))

    def move_claim(
        self, claim_id: str, action: Action, told: Told, *, expected: Expected = ANYTHING
    ) -> StepTaken:
        """Move a claim, if that is allowed where it stands when the transaction has begun.

        Raises:
            NotFoundError: no such claim.
            StaleError: it is not as expected.
            ConflictError: it is not; says what is.
        """
        with self._database.telling() as connection:
            claim = require_claim(connection, claim_id)
            expected.check(name_claim(claim_id), claim.version)
            return write_move(connection, claim_id, action, told)

    def note_recommendation(self, claim_id: str, action: Action, at: datetime) -> None:
        """Move a claim to where a recommendation puts it; elsewhere it stays where it is.

        Raises:
            NotFoundError: no such claim.
        """
        with self._database.writing() as connection:
            standing = _standing(connection, require_claim(connection, claim_id))
            move = find_move(standing, action)
            if move is not None and end_of(standing, move) != standing.state:
                write_move(connection, claim_id, action, Told(WORKFLOW, at))

    def steps(self, claim_id: str) -> list[StepTaken]:
        """List a claim's moves, the oldest first.

        Raises:
            NotFoundError: no such claim.
        """
        query = select(claim_steps).filter_by(claim_id=claim_id).order_by(claim_steps.c.step_id)
        with self._database.reading() as connection:
            require_claim(connection, claim_id)
            return [_record(row) for row in connection.execute(query)]

    def issued_recommendations(self, claim_id: str) -> list[IssuedProposal]:
        """List a claim's recommendations as they were issued, the oldest first.

        Raises:
            NotFoundError: no such claim.
        """
        columns = recommendations.c
        query = select(columns.body, columns.issued_at).filter_by(claim_id=claim_id)
        with self._database.reading() as connection:
            require_claim(connection, claim_id)
            rows = connection.execute(query.order_by(columns.recommendation_id))
            return [IssuedProposal(**row._asdict()) for row in rows]


def write_move(connection: Connection, claim_id: str, action: Action, told: Told) -> StepTaken:
    """Move a claim in the caller's transaction; for what has a row of its own too.

    Raises:
        NotFoundError: no such claim.
        ConflictError: it is not allowed where the claim stands; says what is.
    """
    row = require_claim(connection, claim_id)
    standing = _standing(connection, row)
    refusal = refuse(standing, action, cast(StaffRole, told.role), told.note)
    if refusal is not None:
        what = name_claim(claim_id)
        raise ConflictError(f"{what.en}: {refusal.en}", f"{what.ja}：{refusal.ja}")
    move = cast(Move, find_move(standing, action))  # else it had been refused
    ends = end_of(standing, move)
    changed: dict[str, Any] = {"state": ends}
    if action not in PROPOSED:
        changed["version"] = row.version + 1
    if action == "decline_photos":
        changed["photos_declined"] = row.photos_declined + 1
    if action in ("authorise_return", "decide"):  # a new decision asks nothing back by itself
        by = told.facts.get("return_by")
        changed["return_by"] = by and datetime.fromisoformat(by)
    connection.execute(update(claims).filter_by(claim_id=claim_id).values(changed))
    step_id = _write_step(connection, claim_id, action, told, standing.state, ends)
    add_event(
        connection,
        "claim.moved",
        subject="claim",
        subject_id=claim_id,
        actor=told.by,
        at=told.at,
        body={"step_id": step_id, "action": action, "from": standing.state, "to": ends},
    )
    taken = connection.execute(select(claim_steps).filter_by(step_id=step_id)).one()
    return _record(taken)


def _write_step(
    connection: Connection, claim_id: str, action: Action, told: Told, start: State, end: State
) -> int:
    done = connection.execute(
        insert(claim_steps).values(
            claim_id=claim_id,
            action=action,
            by=told.by,
            role=told.role,
            note=told.note,
            facts=json.dumps(dict(told.facts), ensure_ascii=False, sort_keys=True),
            from_state=start,
            to_state=end,
            at=told.at.astimezone(UTC),
        )
    )
    return int(done.inserted_primary_key[0])  # type: ignore[index]


def _standing(connection: Connection, claim: Row[Any]) -> Standing:
    decided = _newest(connection, select(decisions.c.decision), decisions, claim.claim_id)
    closed = None
    if claim.state == "closed":
        query = select(claim_steps.c.from_state).where(claim_steps.c.to_state == "closed")
        closed = _newest(connection, query, claim_steps, claim.claim_id)
    return Standing(claim.state, claim.reason, decided, cast(State | None, closed))


def _newest(connection: Connection, query: Select[Any], table: Any, claim_id: str) -> str | None:
    key = next(iter(table.primary_key.columns))
    newest = query.where(table.c.claim_id == claim_id).order_by(key.desc()).limit(1)
    found: str | None = connection.scalar(newest)
    return found


def _record(row: Row[Any]) -> StepTaken:
    return StepTaken(**{**row._asdict(), "facts": json.loads(row.facts)})
