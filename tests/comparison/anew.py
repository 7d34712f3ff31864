"""A comparison in another process, which was started with a number of threads."""

import io
import os
import subprocess
import sys

import numpy as np
from photo.shots import ROOT

from evidence.photo.reading import Reading

SCRIPT = """
import io, json, sys
import cv2
import numpy as np
cv2.setNumThreads(int(sys.argv[1]))
from evidence.comparison.compare import compare
from evidence.comparison.verdict import verdict_to_json
from evidence.photo.reading import Reading
from evidence.settings import Settings
with np.load(io.BytesIO(sys.stdin.buffer.read())) as stored:
    readings = [Reading.from_bytes(stored[name].tobytes()) for name in ("one", "two")]
print(json.dumps(verdict_to_json(compare(*readings, settings=Settings()))))
"""


def compare_anew(one: Reading, two: Reading, threads: int) -> str:
    """Return the verdict as JSON."""
    file = io.BytesIO()
    np.savez(file, **{
        "one": np.frombuffer(one.to_bytes(), np.uint8),
        "two": np.frombuffer(two.to_bytes(), np.uint8),
    })  # fmt: skip
    run = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(threads)],
        input=file.getvalue(),
        cwd=ROOT,
        env=os.environ | {"OPENBLAS_NUM_THREADS": str(threads)},
        capture_output=True,
        check=True,
    )
    return run.stdout.decode().strip()
