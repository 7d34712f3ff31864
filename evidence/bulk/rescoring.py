"""Compare what open claims need under today's thresholds and libraries, before anybody asks.

Nothing but comparisons is kept: a recommendation is issued when a person asks for it.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from threading import Event
from typing import Literal

from evidence.bulk.flight import fly, in_flight, patiently
from evidence.errors import DamagedOriginalError, EvidenceError, StorageError
from evidence.service.inspections import judge_returned
from evidence.service.parts import Service
from evidence.service.recommendations import look_at_claim
from evidence.service.wholeness import whole_photos

Outcome = Literal["the same", "changed", "never asked", "left"]
GOOD = ("the same", "never asked")
NOTHING = "nothing to compare"


@dataclass(frozen=True, slots=True)
class ClaimReport:
    """What the photos of one claim show today.

    Attributes:
        outcome: ``changed`` says that the verdict is another one than in the recommendation that
            was issued last; ``never asked`` that none was; ``left`` that it could not be told.
        before: that recommendation's verdict; empty if there is none.
        after: today's; empty if it could not be told.
        reason: why it could not.
    """

    claim_id: str
    outcome: Outcome
    before: str = ""
    after: str = ""
    reason: str = ""


def rescore_claims(service: Service, *, stop: Event) -> Iterator[ClaimReport]:
    """Look at every claim that is not closed, several at once, and yield what each shows.

    What is remembered under today's thresholds and libraries is not computed again.

    Args:
        service: the parts.
        stop: once it is set no further claim is begun; those in flight end, and are told.

    Raises:
        StorageError: nothing can be kept; what was told is kept.
    """
    alone = replace(service, side_by_side=1)  # several claims keep the workers busy

    def score(claim_id: str) -> ClaimReport:
        before = _told_before(service, claim_id)
        try:
            after = patiently(lambda: _look(alone, claim_id), stop)
        except EvidenceError as error:
            if isinstance(error, StorageError) and not isinstance(error, DamagedOriginalError):
                raise  # no claim fares better
            return ClaimReport(claim_id, "left", before, reason=str(error))
        except RuntimeError:  # the workers logged why
            return ClaimReport(claim_id, "left", before, reason="its photos could not be compared")
        if not before:
            return ClaimReport(claim_id, "never asked", before, after)
        return ClaimReport(claim_id, "the same" if before == after else "changed", before, after)

    claim_ids = service.registry.open_claim_ids()
    yield from fly(claim_ids, score, at_once=in_flight(service), stop=stop)


def _look(service: Service, claim_id: str) -> str:
    """Compare all that a recommendation needs; return the verdict's name."""
    registry = service.registry
    claim = registry.claim(claim_id)
    case, _, _ = look_at_claim(service, claim, registry.item(str(claim.item_id)))
    inspections = registry.inspections_of(claim_id)
    if inspections:
        references = whole_photos(service, registry.item_photos(inspections[-1].item_id))
        queries = whole_photos(service, registry.claim_photos(claim_id))
        judge_returned(service, claim_id, references, queries)
    return case.verdict.verdict if case.verdict else NOTHING


def _told_before(service: Service, claim_id: str) -> str:
    issued = service.registry.issued_recommendations(claim_id)
    if not issued:
        return ""
    verdict = json.loads(issued[-1].body).get("verdict") or {}
    return str(verdict.get("verdict") or NOTHING)
