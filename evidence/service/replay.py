"""Recompute stored claims under another policy or other thresholds, and list what would flip."""

from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any

from evidence.errors import EvidenceError
from evidence.policy.document import Document
from evidence.service.parts import Service
from evidence.service.recommendations import recommend_claim
from evidence.settings import Settings, fingerprint

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is recommended on a claim: the outcome, what the photos show, the rule that decided."""

    outcome: str
    verdict: str | None
    rule: str


@dataclass(frozen=True, slots=True)
class Replayed:
    """One claim under the rules as they are and as they would be."""

    claim_id: str
    before: Proposal
    after: Proposal

    @property
    def flips(self) -> bool:
        """Would the outcome or the verdict be another one?"""
        before, after = self.before, self.after
        return (before.outcome, before.verdict) != (after.outcome, after.verdict)


@dataclass(frozen=True, slots=True)
class Replay:
    """All claims, recomputed.

    Attributes:
        claims: those that could be recomputed, by their ids.
        left_out: (id, reason) of the others.
    """

    claims: tuple[Replayed, ...]
    left_out: tuple[tuple[str, str], ...]

    @property
    def flips(self) -> tuple[Replayed, ...]:
        """The claims whose outcome or verdict would be another one."""
        return tuple(one for one in self.claims if one.flips)

    def outcomes(self) -> Counter[tuple[str, str]]:
        """Count claims by their outcome before and after."""
        return Counter((one.before.outcome, one.after.outcome) for one in self.claims)


def replay(
    service: Service,
    *,
    document: Document | None,
    settings: Settings | None,
    progress: Progress,
) -> Replay:
    """Recommend on every claim twice: with the service's own policy and thresholds, and others.

    Args:
        service: on a copy of what is kept, which takes in what is computed.
        document: a policy for all orders whenever placed; None leaves the policy as it is.
        settings: thresholds for comparing; None leaves them as they are.
        progress: told what is being done, how many are done, and of how many.
    """
    changed = service if settings is None else replace(service, settings=settings)
    claim_ids, claims, left_out = service.registry.claim_ids(), [], []
    progress("claims", 0, len(claim_ids))
    for number, claim_id in enumerate(claim_ids, 1):
        try:
            before = _propose(service, claim_id)
            after = _propose(_under(changed, document, claim_id), claim_id)
        except EvidenceError as error:
            left_out.append((claim_id, str(error)))
        except RuntimeError:  # the workers logged why
            left_out.append((claim_id, "its photos could not be compared"))
        else:
            claims.append(Replayed(claim_id, before, after))
        progress("claims", number, len(claim_ids))
    return Replay(tuple(claims), tuple(left_out))


def replay_to_json(
    found: Replay, *, document: Document | None, settings: Settings
) -> dict[str, Any]:
    """Return a replay, ready for ``json.dumps``."""
    return {
        "policy": None
        if document is None
        else {"id": document.id, "version": document.version, "sha256": document.sha256},
        "settings": fingerprint(settings),
        "claims": len(found.claims),
        "flips": [asdict(one) for one in found.flips],
        "outcomes": [
            {"before": before, "after": after, "claims": count}
            for (before, after), count in sorted(found.outcomes().items())
        ],
        "left_out": [{"claim_id": name, "reason": reason} for name, reason in found.left_out],
    }


def _under(service: Service, document: Document | None, claim_id: str) -> Service:
    """Let the document be in force when the claim's order was placed."""
    if document is None:
        return service
    ordered_at = service.registry.claim(claim_id).ordered_at
    in_force = replace(document, in_force_from=min(document.in_force_from, ordered_at))
    return replace(service, documents=(in_force,))


def _propose(service: Service, claim_id: str) -> Proposal:
    told = recommend_claim(service, claim_id)
    verdict = told["verdict"]
    return Proposal(
        outcome=told["outcome"],
        verdict=None if verdict is None else verdict["verdict"],
        rule=told["findings"][0]["code"].removeprefix("rule."),
    )
