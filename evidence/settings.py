"""Every number that the library decides by, with its unit and its source."""

import hashlib
import json
from dataclasses import asdict, dataclass, field


@dataclass(frozen=True, slots=True)
class LimitSettings:
    """What an upload may cost; refused before pixels are decoded."""

    max_bytes: int = 64_000_000  # of one photo; RELIABILITY: accepted up to 64 MB
    max_pixels: int = 64_000_000  # width x height; RELIABILITY: up to 64 megapixels
    max_side: int = 30_000  # pixels; a wider strip is no photo of an item
    max_scans: int = 64  # of a progressive JPEG; encoders write about 10
    seconds: float = 8.0  # a reading that takes longer is refused and its worker killed
    worker_memory: int = 3_000_000_000  # bytes of address space beyond the start, a worker


@dataclass(frozen=True, slots=True)
class Settings:
    """Thresholds of all stages; each stage takes only those it needs."""

    limits: LimitSettings = field(default_factory=LimitSettings)


def fingerprint(settings: Settings) -> str:
    """Return the sha256 of the settings' values, 64 hexadecimal digits."""
    text = json.dumps(asdict(settings), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
