"""What a report is made of: nothing but what the bundle holds beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

JSON = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Material:
    """What a report is made of.

    Attributes:
        case: as ``case.json`` has it.
        custody: rows of ``custody.json``.
        pictures: name of each photo's small picture, by the photo's sha256.
        overlays: drawn comparisons: ``kind``, ``name``; None where one of the photos is
            covered, left out or erased.
        has_policy: the text of the policy that was applied is in the bundle.
        version: of the product.
        made_at: when the bundle is made. Aware.
        key: the log's public key, as a line.
    """

    case: JSON
    custody: Sequence[JSON]
    pictures: Mapping[str, str]
    overlays: Sequence[JSON] | None
    has_policy: bool
    version: str
    made_at: datetime
    key: str
