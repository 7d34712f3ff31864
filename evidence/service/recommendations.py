"""What the rules propose on a claim, with everything that the photos show."""

import json
from dataclasses import asdict
from typing import Any

from evidence.comparison.verdict import finding_to_json, verdict_to_json
from evidence.policy.document import choose_document
from evidence.policy.recommendation import Recommendation
from evidence.policy.rules import recommend
from evidence.service.cases import make_case
from evidence.service.claim_verdict import judge_claim
from evidence.service.parts import Service

JSON = dict[str, Any]  # the contract's form, checked by the view models


def recommend_claim(service: Service, claim_id: str) -> JSON:
    """Compare what was not compared yet, apply the rules, and keep what they propose.

    Returns:
        The ``recommendation`` of the contract.

    Raises:
        NotFoundError: no such claim.
        BusyError: its photos could not be compared in time.
    """
    claim = service.registry.claim(claim_id)
    item = service.registry.item(str(claim.item_id))
    references = service.registry.item_photos(item.item_id)
    queries = service.registry.claim_photos(claim_id)
    verdict = judge_claim(service, references, queries)
    case = make_case(claim, item, references, queries, verdict)
    document = choose_document(service.documents, claim.ordered_at)
    recommendation = recommendation_to_json(recommend(case, document))
    body = json.dumps(recommendation, ensure_ascii=False)
    service.registry.add_recommendation(claim_id, body, service.now())
    service.registry.note_recommendation(claim_id, "recommend", service.now())
    return recommendation


def recommendation_to_json(recommendation: Recommendation) -> JSON:
    """Return the ``recommendation`` of the contract, ready for ``json.dumps``."""
    window, verdict = recommendation.window, recommendation.verdict
    return {
        "outcome": recommendation.outcome,
        "remedy": recommendation.remedy,
        "costs": [asdict(cost) for cost in recommendation.costs],
        "clauses": [{"id": clause.id, **asdict(clause.text)} for clause in recommendation.clauses],
        "window": {
            "state": window.state,
            "deadline": None if window.deadline is None else window.deadline.isoformat(),
            "zone": window.zone,
            "rule": window.rule,
        },
        "verdict": None if verdict is None else verdict_to_json(verdict),
        "findings": [finding_to_json(finding) for finding in recommendation.findings],
        "missing": [{"code": one.code, **asdict(one.text)} for one in recommendation.missing],
        "next_steps": [asdict(step) for step in recommendation.next_steps],
        "requires_decision_by": recommendation.requires_decision_by,
        "policy": asdict(recommendation.policy),
    }
