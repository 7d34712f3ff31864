"""Examples of retention for the OpenAPI; a test checks each."""

from api.examples import PHOTO_ID, Example

DUE: Example = {
    "photo_id": PHOTO_ID,
    "size": 3_145_728,
    "added_at": "2025-02-28T06:04:09Z",
    "due_at": "2025-09-01T01:00:00Z",
    "owners": [{"subject": "item", "subject_id": "item-1"}],
}
RETENTION: Example = {
    "rules": {
        "id": "retention",
        "version": "2025-02-10",
        "sha256": "0" * 64,
    },
    "photos": [DUE],
    "next": None,
}
HOLD_REQUEST: Example = {
    "subject": "claim",
    "subject_id": "claim-1",
    "reason": "a dispute with the card network is open, case 4711",
}
HOLD: Example = {
    "hold_id": 1,
    **HOLD_REQUEST,
    "placed_by": "山田 花",
    "placed_at": "2025-03-10T09:00:00Z",
    "lifted_by": None,
    "lifted_at": None,
    "lifted_because": None,
}
HOLDS: Example = {"holds": [HOLD]}
LIFT_REQUEST: Example = {"reason": "the dispute was settled"}
ERASURE_REQUEST: Example = {
    "claim_id": "claim-1",
    "reason": "the customer asked by mail on 9 March",
}
ERASED: Example = {"erased": [PHOTO_ID], "left": [], "more": False}
TOMBSTONE: Example = {
    "number": 1,
    "photo_id": PHOTO_ID,
    "media_type": "image/jpeg",
    "size": 3_145_728,
    "views": ["front"],
    "added_at": "2025-02-28T06:04:09Z",
    "erased_at": "2025-09-02T09:00:00Z",
    "erased_by": "山田 花",
    "ground": "request",
    "reason": "the customer asked by mail on 9 March",
}
TOMBSTONES: Example = {"erasures": [TOMBSTONE], "next": 1, "more": False}
