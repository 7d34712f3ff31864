"""The last decision on a claim, and what it knew."""

import json
from dataclasses import dataclass

from evidence.policy.second_reading import Ground
from evidence.registry.life_records import Inspection
from evidence.registry.records import Decision
from evidence.registry.registry import Registry

AFTERWARDS = ("close", "reopen")  # steps that leave a decision as it is


@dataclass(frozen=True, slots=True)
class Decided:
    """A claim's last decision.

    Attributes:
        inspection: the last one that it knew, None if nothing had been inspected.
        stands: nothing was done after it but closing the claim or opening it again.
        ground: what it can be read by.
    """

    decision: Decision
    inspection: Inspection | None
    stands: bool
    ground: Ground


def find_decided(registry: Registry, claim_id: str) -> Decided | None:
    """Return a claim's last decision with what it knew; None before the first.

    The claim's steps tell the order, since two of them may have the same instant.

    Raises:
        NotFoundError: no such claim.
    """
    decisions = registry.decisions(claim_id)
    if not decisions:
        return None
    known: int | None = None
    inspected: int | None = None  # so far, in the order of the steps
    stands = True
    for step in registry.steps(claim_id):
        if step.action == "decide":
            known, stands = inspected, True
        elif step.action not in AFTERWARDS:
            stands = False
        if step.action == "inspect":
            inspected = step.facts["inspection_id"]
    decision = decisions[-1]
    inspection = None if known is None else registry.inspection(known)
    window = json.loads(decision.recommendation).get("window") or {}
    findings = inspection.findings if inspection else {}
    ground = Ground(
        reason=registry.claim(claim_id).reason,
        decision=decision.decision,
        in_time=window.get("state") == "in",
        item=findings.get("item"),
        condition=findings.get("condition"),
    )
    return Decided(decision, inspection, stands, ground)
