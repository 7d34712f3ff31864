"""Examples of the calls of evidence bundles."""

from typing import Any

from api.examples import PHOTO_ID

BUNDLE_REQUEST: dict[str, Any] = {
    "redactions": [
        {
            "photo_id": PHOTO_ID,
            "reason": "address of the customer",
            "boxes": [{"x": 40, "y": 60, "width": 400, "height": 120}],
        }
    ],
    "strip_metadata": True,
}
