"""Support and warehouse: tell what was done with a claim, and read what happened to it."""

from dataclasses import asdict, replace
from decimal import Decimal
from typing import Any

from evidence.errors import UnacceptableError
from evidence.policy.life import Step
from evidence.policy.recommendation import Missing
from evidence.policy.return_parcel import ReturnParcel, list_warnings
from evidence.registry.expectations import ANYTHING, Expected
from evidence.registry.life_records import StepTaken, Told
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

    What it lacks is warned of and recorded; nothing is refused for it (reading 23).

    Raises:
        NotFoundError: no such claim.
        StaleError: it is not as expected.
        ConflictError: the step is not allowed where the claim stands; says what is.
        UnacceptableError: the parcel is told of with a step that has none.
    """
    facts = _parcel_facts(parcel)
    if step not in OF_THE_PARCEL:
        if facts:
            raise UnacceptableError(f"{step} has no parcel: leave out {', '.join(sorted(facts))}")
        return service.registry.move_claim(claim_id, step, told, expected=expected), ()
    warnings = _warn(service, claim_id, parcel)
    if warnings:
        facts["warnings"] = [warning.code for warning in warnings]
    told = replace(told, facts=facts)
    taken = service.registry.move_claim(claim_id, step, told, expected=expected)
    return taken, warnings


def _warn(service: Service, claim_id: str, parcel: ReturnParcel) -> tuple[Missing, ...]:
    """Read what is told now together with what was told when it was sent."""
    claim = service.registry.claim(claim_id)
    item = service.registry.item(str(claim.item_id))
    for earlier in reversed(service.registry.steps(claim_id)):
        if earlier.action == "ship":
            parcel = _filled(parcel, _told_parcel(earlier))
            break
    region = reckon_claim(service, claim).region
    value, currency = item.declared_value, item.currency
    return list_warnings(parcel, region.parcel_needs, value=value, currency=currency)


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
