"""The product as it is shipped: one reading a photo, one verdict a pair."""

import numpy as np

from bench.rule import SETTINGS, Features
from evidence.comparison.compare import compare
from evidence.photo.reading import Reading, read_photo


class Product:
    """Weight of evidence for the same design; 0 where the photos do not tell."""

    name = "product"
    title = "photo-evidence"
    source = "evidence.comparison.compare"

    def prepare(self, data: bytes) -> Features:
        """Read the photo, in the stored form."""
        reading = read_photo(data, settings=SETTINGS)
        return {"reading": np.frombuffer(reading.to_bytes(), np.uint8)}

    def score(self, reference: Features, query: Features) -> float:
        """Return the log10 likelihood ratio."""
        readings = [Reading.from_bytes(f["reading"].tobytes()) for f in (reference, query)]
        return compare(readings[0], readings[1], settings=SETTINGS).design.llr or 0.0
