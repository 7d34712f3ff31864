"""Support and warehouse: tell what was done with a claim, and read what happened to it."""

from dataclasses import asdict, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from evidence.errors import UnacceptableError
from evidence.policy.document import choose_document
from evidence.policy.life import Step
from evidence.policy.recommendation import Missing
from evidence.policy.return_deadline import reckon_return
from evidence.policy.return_parcel import SENT_LATE, ReturnParcel, list_warnings
from evidence.registry.expectations import ANYTHING, Expected
from evidence.registry.life_records import StepTaken, Told
from evidence.service.cases import make_case
from evidence.service.parts import Service
from evidence.service.reckoning import reckon_claim

OF_THE_PARCEL = ("ship", "receive")  # steps that may tell of the parcel that comes back


def take_step(
    service: Service,
    claim_id: str,
    step: Step,
    told: Told,
    parcel: ReturnParcel,
    *,
    expected: Expected = ANYTHING,
) -> tuple[StepTaken, tuple[Missing, ...]]:
    """Move a claim; return the move and what the parcel that comes back lacks.

    What it lacks is warned of and recorded; nothing is refused for it (reading 23), nor for its
    coming after the day that the item was asked back by (reading 25).

    Raises:
        NotFoundError: no such claim.
        StaleError: it is not as expected.
        ConflictError: the step is not allowed where the claim stands; says what is.
        UnacceptableError: the parcel is told of with a step that has none.
    """
    facts = _parcel_facts(parcel)
    if step not in OF_THE_PARCEL:
        if facts:
            raise UnacceptableError(
                f"{step} has no parcel: leave out {', '.join(sorted(facts))}",
                f"{step} に荷物の情報は不要です。{', '.join(sorted(facts))} を除いてください。",
            )
        if step == "authorise_return":
            told = replace(told, facts=_ask_back(service, claim_id, told.at))
        return service.registry.move_claim(claim_id, step, told, expected=expected), ()
    warnings = _warn(service, claim_id, parcel, told.at)
    if warnings:
        facts["warnings"] = [warning.code for warning in warnings]
    told = replace(told, facts=facts)
    taken = service.registry.move_claim(claim_id, step, told, expected=expected)
    return taken, warnings


def _ask_back(service: Service, claim_id: str, at: datetime) -> dict[str, str]:
    """Return until when the item is asked back (reading 25); nothing if it is here already."""
    claim = service.registry.claim(claim_id)
    if claim.state == "quarantine":
        return {}
    item = service.registry.item(str(claim.item_id))
    document = choose_document(service.documents, claim.ordered_at)
    by = reckon_return(make_case(claim, item, (), (), None), document, at)
    return {} if by is None else {"return_by": by.isoformat()}


def _warn(
    service: Service, claim_id: str, parcel: ReturnParcel, at: datetime
) -> tuple[Missing, ...]:
    """Read what is told now together with what was told when it was sent."""
    claim = service.registry.claim(claim_id)
    item = service.registry.item(str(claim.item_id))
    for earlier in reversed(service.registry.steps(claim_id)):
        if earlier.action == "ship":
            parcel, at = _filled(parcel, _told_parcel(earlier)), earlier.at
            break
    region = reckon_claim(service, claim).region
    value, currency = item.declared_value, item.currency
    late = claim.state != "quarantine" and claim.return_by is not None and at > claim.return_by
    found = list_warnings(parcel, region, value=value, currency=currency)
    return (*found, SENT_LATE) if late else found


def _parcel_facts(parcel: ReturnParcel) -> dict[str, Any]:
    """Return what is known as JSON values; money as decimal text."""
    known = {name: value for name, value in asdict(parcel).items() if value is not None}
    return {
        name: str(value) if isinstance(value, Decimal) else value for name, value in known.items()
    }


def _told_parcel(step: StepTaken) -> ReturnParcel:
    facts = {name: value for name, value in step.facts.items() if name != "warnings"}
    if "insured_value" in facts:
        facts["insured_value"] = Decimal(facts["insured_value"])
    return ReturnParcel(**facts)


def _filled(parcel: ReturnParcel, earlier: ReturnParcel) -> ReturnParcel:
    now = {name: value for name, value in asdict(parcel).items() if value is not None}
    return replace(earlier, **now)
