"""What the rules propose on a claim, with everything that the photos show."""

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import asdict, replace
from typing import Any

from evidence.comparison.combine import combine
from evidence.comparison.verdict import claim_verdict_to_json, finding_to_json
from evidence.policy.case import Case
from evidence.policy.document import choose_document
from evidence.policy.facts import ABOUT_THE_ITEM
from evidence.policy.mailing import draft_mail
from evidence.policy.recommendation import Recommendation
from evidence.policy.rules import recommend
from evidence.policy.terms import Region
from evidence.registry.expectations import PROGRAM
from evidence.registry.records import Claim, Item
from evidence.service.cases import make_case
from evidence.service.claim_verdict import JudgedPhoto, join, judge_photos
from evidence.service.parts import Service
from evidence.service.search import Hit
from evidence.service.signals import find_signals
from evidence.service.three_way import (
    ThreeWay,
    compare_three_ways,
    search_elsewhere,
    three_way_to_json,
)
from evidence.service.wholeness import whole_photos
from evidence.service.window_json import window_to_json
from evidence.service.working import taking_turns

JSON = dict[str, Any]  # the contract's form, checked by the view models


def recommend_claim(
    service: Service, claim_id: str, *, actor: str = PROGRAM, moves: bool = True
) -> JSON:
    """Compare what was not compared yet, apply the rules, and keep what they propose.

    Args:
        service: the parts.
        claim_id: which claim.
        actor: who asks; named where something new is proposed.
        moves: the claim stands at ``recommended`` afterwards, if it stood before that.

    Returns:
        The ``recommendation`` of the contract.

    Raises:
        NotFoundError: no such claim.
        BusyError: its photos could not be compared in time.
    """
    claim = service.registry.claim(claim_id)
    item = service.registry.item(str(claim.item_id))
    case, three, judged = look_at_claim(service, claim, item)
    document = choose_document(service.documents, claim.ordered_at)
    with service.telemetry.stage("rules"):
        found = recommend(case, document)
    recommendation = recommendation_to_json(found)
    region = document.region_of(case.residence or case.ship_to or document.home_country)
    recommendation["draft_mail"] = _draft(service, found, claim, item, region)
    recommendation["three_way"] = three_way_to_json(three)
    recommendation["comparisons"] = _compared(judged)
    body = json.dumps(recommendation, ensure_ascii=False)
    service.registry.add_recommendation(claim_id, body, service.now(), actor=actor)
    if moves:
        service.registry.note_recommendation(claim_id, "recommend", service.now())
    return recommendation


def look_at_claim(
    service: Service, claim: Claim, item: Item
) -> tuple[Case, ThreeWay, list[JudgedPhoto]]:
    """Compare what was not compared yet; return the claim as the rules read it, and each photo.

    Raises:
        BusyError: its photos could not be compared in time.
    """
    references = whole_photos(service, service.registry.item_photos(item.item_id))
    queries = whole_photos(service, service.registry.claim_photos(claim.claim_id))
    speaks = claim.reason in ABOUT_THE_ITEM
    searched: dict[str, list[Hit]] = {}

    def search(one: JudgedPhoto) -> None:  # a photo of another product is always searched for
        if combine([one.verdicts]).verdict == "different_product":
            searched[one.photo.photo_id] = search_elsewhere(service, item, one.photo)

    # What the files tell rests on nothing that is compared, so it is gathered beside.
    with taking_turns(service), ThreadPoolExecutor(1) as beside:
        signals = beside.submit(copy_context().run, find_signals, service, claim, item, queries)
        judged = judge_photos(service, references, queries, differing=search if speaks else None)
        verdict = join(judged)
        three = compare_three_ways(
            service,
            item,
            references,
            queries,
            judged,
            incorrect_item=claim.reason == "incorrect_item",
            verdict=verdict if speaks else None,
            searched=searched,
        )
        case = replace(
            make_case(claim, item, references, queries, verdict),
            packed_as_ordered=three.packed,
            received_as_ordered=three.received,
            found_elsewhere=three.item_ids,
            signals=signals.result(),
        )
    return case, three, judged


def _compared(judged: Sequence[JudgedPhoto]) -> list[JSON]:
    """List the pairs that were compared, photo by photo, as far as it took."""
    return [
        {**asdict(one.compared), "verdict": one.verdict}
        for photo in judged
        for one in photo.verdicts
        if one.compared is not None
    ]


def _draft(
    service: Service, found: Recommendation, claim: Claim, item: Item, region: Region
) -> JSON:
    """Return the mail to the customer, by language; an approval's once the item is asked back."""
    if claim.state == "return_authorised":  # by a person, whatever was proposed
        found = replace(found, outcome="approve")
    drafts = draft_mail(
        found,
        service.mails,
        facts={
            "order": item.order_id,
            "title": item.title,
            "reason": claim.reason,
            "value": f"{item.declared_value:,f} {item.currency}",
        },
        region=region,
        return_by=claim.return_by,
    )
    return {language: asdict(mail) for language, mail in drafts.items()}


def recommendation_to_json(recommendation: Recommendation) -> JSON:
    """Return the ``recommendation`` of the contract, ready for ``json.dumps``."""
    verdict = recommendation.verdict
    return {
        "outcome": recommendation.outcome,
        "remedy": recommendation.remedy,
        "costs": [asdict(cost) for cost in recommendation.costs],
        "clauses": [{"id": clause.id, **asdict(clause.text)} for clause in recommendation.clauses],
        "window": window_to_json(recommendation.window),
        "verdict": None if verdict is None else claim_verdict_to_json(verdict),
        "findings": [finding_to_json(finding) for finding in recommendation.findings],
        "missing": [{"code": one.code, **asdict(one.text)} for one in recommendation.missing],
        "next_steps": [asdict(step) for step in recommendation.next_steps],
        "requires_decision_by": recommendation.requires_decision_by,
        "policy": asdict(recommendation.policy),
    }
