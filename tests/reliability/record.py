"""Print the record of two photos: what was read from each, and the verdict: REFERENCE QUERY."""

import hashlib
import json
import os
import sys
from pathlib import Path

import cv2

from evidence.comparison.compare import compare
from evidence.comparison.verdict import verdict_to_json
from evidence.photo.reading import read_photo
from evidence.settings import Settings

if __name__ == "__main__":
    cv2.setNumThreads(int(os.environ["OMP_NUM_THREADS"]))
    readings = [read_photo(Path(name).read_bytes(), settings=Settings()) for name in sys.argv[1:]]
    verdict = compare(*readings, settings=Settings())
    record = {
        "readings": [hashlib.sha256(reading.to_bytes()).hexdigest() for reading in readings],
        "verdict": verdict_to_json(verdict),
    }
    json.dump(record, sys.stdout)
