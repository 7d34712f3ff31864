"""The warehouse looks at what came back; the rules propose what to do with it."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from evidence.comparison.verdict import Verdict, claim_verdict_to_json, finding_to_json
from evidence.errors import ConflictError, UnacceptableError
from evidence.policy.document import choose_document
from evidence.policy.facts import establish_facts
from evidence.policy.final import FinalRecommendation, Returned, recommend_final
from evidence.policy.life_wording import STATES
from evidence.registry.expectations import ANYTHING, Expected
from evidence.registry.life_records import Inspection
from evidence.registry.records import KeptPhoto
from evidence.service.cases import make_case
from evidence.service.claim_verdict import judge_claim
from evidence.service.parts import Service
from evidence.service.uploads import TakenPhoto, Upload, kept_photo, read_upload, taken_before
from evidence.service.wholeness import whole_photos

JSON = dict[str, Any]


def inspect_item(
    service: Service, inspection: Inspection, *, expected: Expected = ANYTHING
) -> Inspection:
    """Keep what a named person found on an item that came back, and move its claim.

    Raises:
        NotFoundError: no such item or claim.
        UnacceptableError: the claim is about another item.
        ConflictError: nothing is to be inspected where the claim stands.
    """
    if inspection.claim_id is not None:
        claim = service.registry.claim(inspection.claim_id)
        if claim.item_id != inspection.item_id:
            raise UnacceptableError(
                f"claim {claim.claim_id} is about item {claim.item_id}",
                f"申し出 {claim.claim_id} は商品 {claim.item_id} についてのものです。"
                "商品番号を確認してください。",
            )
    return service.registry.add_inspection(inspection, expected=expected)


def add_inspection_photo(service: Service, inspection_id: int, upload: Upload) -> TakenPhoto:
    """Read a photo of what came back and hang it on the inspection; once for the same bytes.

    Raises:
        NotFoundError: no such inspection.
        PhotoError: the bytes are no usable photo.
        BusyError: too many photos wait already.
    """
    inspection = service.registry.inspection(inspection_id)
    item = service.registry.item(inspection.item_id)
    photos = service.registry.inspection_photos(inspection_id)
    before = taken_before(service, photos, upload, size_mm=item.size_mm, kind=item.kind)
    if before is not None:
        return before
    reading = read_upload(service, upload.data, size_mm=item.size_mm, kind=item.kind)
    photo = kept_photo(upload, reading, service.now())
    data, read = upload.data, reading.to_bytes()
    with service.telemetry.stage("store"):
        new = service.registry.add_inspection_photo(inspection_id, photo, data, read)
    return TakenPhoto(photo, reading.quality, reading.shortfalls, new)


def recommend_after_inspection(service: Service, claim_id: str, *, moves: bool = True) -> JSON:
    """Compare what came back with what was sent and what was claimed, and apply the final rules.

    The last inspection's findings count, and the photos of all of the claim's inspections.

    Raises:
        NotFoundError: no such claim.
        ConflictError: nothing was inspected yet.
        BusyError: its photos could not be compared in time.
    """
    registry = service.registry
    claim = registry.claim(claim_id)
    inspections = registry.inspections_of(claim_id)
    if not inspections:
        raise ConflictError(
            f"claim {claim_id}: nothing was inspected; it stands at {claim.state}",
            f"申し出 {claim_id} はまだ検品されていません（現在の状態：{STATES[claim.state].ja}）。",
        )
    item = registry.item(inspections[-1].item_id)
    references = whole_photos(service, registry.item_photos(item.item_id))
    queries = whole_photos(service, registry.claim_photos(claim_id))
    against_sent, against_claimed = judge_returned(service, claim_id, references, queries)
    case = make_case(claim, item, references, queries, against_sent)
    facts = establish_facts(case, choose_document(service.documents, claim.ordered_at))
    findings = inspections[-1].findings
    with service.telemetry.stage("rules"):
        final = recommend_final(
            Returned(
                facts=facts,
                approved=_was_approved(service, claim_id),
                item=findings["item"],
                condition=findings["condition"],
                fault=findings["fault"],
                in_stock=findings["replacement_in_stock"],
                against_sent=against_sent.verdict if against_sent else None,
                against_claimed=against_claimed.verdict if against_claimed else None,
            )
        )
    body = final_to_json(final, against_sent, against_claimed) | {
        "policy": asdict(facts.document.version_used())
    }
    registry.add_final_recommendation(claim_id, json.dumps(body, ensure_ascii=False), service.now())
    if moves:
        registry.note_recommendation(claim_id, "recommend_final", service.now())
    return body


def final_to_json(
    final: FinalRecommendation, against_sent: Verdict | None, against_claimed: Verdict | None
) -> JSON:
    """Return the final recommendation ready for ``json.dumps``."""
    return {
        "outcome": final.outcome,
        "remedy": final.remedy,
        "costs": [asdict(cost) for cost in final.costs],
        "alternatives": [
            {"remedy": one.remedy, "costs": [asdict(cost) for cost in one.costs]}
            for one in final.alternatives
        ],
        "clauses": [{"id": clause.id, **asdict(clause.text)} for clause in final.clauses],
        "reasons": [finding_to_json(finding) for finding in final.reasons],
        "against_pre_shipment": against_sent and claim_verdict_to_json(against_sent),
        "against_customer": against_claimed and claim_verdict_to_json(against_claimed),
        "requires_decision_by": final.requires_decision_by,
    }


def judge_returned(
    service: Service, claim_id: str, references: Sequence[KeptPhoto], queries: Sequence[KeptPhoto]
) -> tuple[Verdict | None, Verdict | None]:
    """Hold what came back for a claim against what was sent, and against what was claimed.

    Args:
        service: the parts.
        claim_id: which claim; the photos of all of its inspections count.
        references: of the item, before shipping.
        queries: the customer's.

    Raises:
        BusyError: no worker came free, or the work did not end in time.
    """
    claimed = [photo for photo in queries if photo.role == "product"]
    returned: list[KeptPhoto] = []
    for one in service.registry.inspections_of(claim_id):
        returned += whole_photos(service, service.registry.inspection_photos(one.inspection_id))
    return judge_claim(service, references, returned), judge_claim(service, claimed, returned)


def _was_approved(service: Service, claim_id: str) -> bool:
    """Whether the return that came last was approved, before it came or in quarantine."""
    for step in reversed(service.registry.steps(claim_id)):
        if step.to_state == "received":
            return True
        if step.to_state == "quarantine":
            return False
    return False
