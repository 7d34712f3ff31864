"""Everything that is kept of one claim, as JSON values: what an evidence bundle tells."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from pydantic_core import to_jsonable_python

from evidence.registry.records import KeptPhoto
from evidence.service.history import list_history
from evidence.service.parts import Service

JSON = dict[str, Any]


@dataclass(frozen=True, slots=True)
class CasePhoto:
    """A photo of the case.

    Attributes:
        of: ``item`` before shipping, ``claim`` from the customer, ``inspection`` of what came
            back.
        inspection_id: of which inspection, else None.
        photo: the photo as it hangs there.
    """

    of: str
    inspection_id: int | None
    photo: KeptPhoto


def list_case_photos(service: Service, claim_id: str) -> list[CasePhoto]:
    """List a claim's photos: before shipping, the customer's, of what came back.

    Raises:
        NotFoundError: no such claim.
    """
    registry = service.registry
    item_id = str(registry.claim(claim_id).item_id)
    found = [CasePhoto("item", None, one) for one in registry.item_photos(item_id)]
    found += [CasePhoto("claim", None, one) for one in registry.claim_photos(claim_id)]
    for inspection in registry.inspections_of(claim_id):
        number = inspection.inspection_id
        photos = registry.inspection_photos(number)
        found += [CasePhoto("inspection", number, one) for one in photos]
    return found


def record_case(service: Service, claim_id: str, photos: Sequence[CasePhoto]) -> JSON:
    """Return the claim with its item, photos, findings, decisions and life.

    Mails that were only drafted are left out.

    Raises:
        NotFoundError: no such claim.
    """
    registry = service.registry
    claim = registry.claim(claim_id)
    decisions = [
        {**asdict(one), "recommendation": _undrafted(json.loads(one.recommendation))}
        for one in registry.decisions(claim_id)
    ]
    record = {
        "claim": asdict(claim),
        "item": asdict(registry.item(str(claim.item_id))),
        "photos": list(_photos(photos)),
        "recommendations": [
            {"issued_at": one.issued_at, **_undrafted(json.loads(one.body))}
            for one in registry.issued_recommendations(claim_id)
        ],
        "decisions": decisions,
        "second_readings": [asdict(one) for one in registry.second_readings(claim_id)],
        "inspections": [asdict(one) for one in registry.inspections_of(claim_id)],
        "final_recommendations": [
            {"issued_at": one.issued_at, **json.loads(one.body)}
            for one in registry.final_recommendations(claim_id)
        ],
        "steps": [asdict(one) for one in registry.steps(claim_id)],
        "history": [asdict(one) for one in list_history(service, claim_id)],
    }
    plain: JSON = to_jsonable_python(record)
    return plain


def _photos(photos: Sequence[CasePhoto]) -> Iterator[JSON]:
    for one in photos:
        told = asdict(one.photo)
        del told["hashes"]
        yield {"of": one.of, "inspection_id": one.inspection_id, **told}


def _undrafted(recommendation: JSON) -> JSON:
    return {name: value for name, value in recommendation.items() if name != "draft_mail"}
