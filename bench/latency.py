"""``python -m bench.latency``: how long a large photo and a claim take, on labelled pairs."""

import argparse
import io
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageOps

from bench.claims import time_claims
from bench.rule import SETTINGS
from evidence.comparison.compare import compare
from evidence.comparison.reference_print import ReferencePrint, find_print
from evidence.errors import UnacceptableError
from evidence.evaluate import Pair, load_pairs
from evidence.photo.reading import Reading, read_photo

MEGAPIXELS = 12.0
QUALITY = 90  # of the enlarged JPEG, 4:2:0
NOISES = (0.0, 6.0)  # standard deviation of a sensor's noise, of 255 levels
ROUNDS = 3  # of which the median counts


@dataclass(frozen=True, slots=True)
class Large:
    """A large query against a stored reference, medians over the pairs.

    Attributes:
        noise: standard deviation that was added, of 255 levels; None for photos as they are.
        decoding: seconds of decoding it whole with Pillow.
        as_array: the same until its pixels are an array, which is what any comparison needs.
        reading, comparing: the product's work, in units of ``decoding``.
        total: both, in the same unit.
        one_item: the same of pairs of one item alone, whose changes are looked for; None without.
        worst_quarter: of the pairs' totals, the quantile of 75 %.
        dearest: of the pairs' totals.
    """

    noise: float | None
    decoding: float
    as_array: float
    reading: float
    comparing: float
    total: float
    one_item: float | None
    worst_quarter: float
    dearest: float


def time_large(pairs: Sequence[Pair], root: Path, *, noise: float | None) -> Large:
    """Time reading and comparing, in processor seconds, against decoding in the same run.

    The reference's reading and print are found before, as the product keeps both. All pairs take
    their turn before any is timed again, so that nothing is left of it in memory.

    Args:
        pairs: whose queries are enlarged.
        root: where their paths start.
        noise: standard deviation of a sensor's noise to add, of 255 levels; None to time the
            photos as they are, not enlarged.
    """
    kept = [_keep(root / pair.reference) for pair in pairs]
    queries = [_query(root / pair.query, noise) for pair in pairs]
    rounds = [[_time_once(*one) for one in zip(queries, kept, strict=True)] for _ in range(ROUNDS)]
    decoding, as_array, reading, comparing = np.median(rounds, axis=0).T
    total = (reading + comparing) / decoding
    of_one = total[[pair.label == "same_item" for pair in pairs]]
    return Large(
        noise=noise,
        decoding=float(np.median(decoding)),
        as_array=float(np.median(as_array)),
        reading=float(np.median(reading / decoding)),
        comparing=float(np.median(comparing / decoding)),
        total=float(np.median(total)),
        one_item=float(np.median(of_one)) if len(of_one) else None,
        worst_quarter=float(np.quantile(total, 0.75)),
        dearest=float(total.max()),
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Time both and show them; 0 done, 2 the input cannot be used."""
    parser = argparse.ArgumentParser(prog="python -m bench.latency", description=__doc__)
    parser.add_argument("pairs", type=Path, help="CSV: reference, query, label")
    parser.add_argument("--root", type=Path, help="where the paths start; default: beside the CSV")
    parser.add_argument("--count", type=int, default=24, help="pairs and claims to time")
    parser.add_argument("--as-they-are", action="store_true", help="do not enlarge the queries")
    parser.add_argument("--only", choices=("large", "claims"), help="time one of the two")
    parser.add_argument("--json", type=Path, help="write the times here")
    chosen = parser.parse_args(arguments)
    try:
        pairs = load_pairs(chosen.pairs.read_text(encoding="utf-8-sig"))
        found = _run(chosen, pairs, chosen.root or chosen.pairs.parent)
        if chosen.json is not None:
            chosen.json.write_text(json.dumps(found, indent=1), encoding="utf-8")
    except (UnacceptableError, OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _run(chosen: argparse.Namespace, pairs: Sequence[Pair], root: Path) -> dict[str, object]:
    cv2.setNumThreads(1)
    found: dict[str, object] = {}
    if chosen.only != "claims":
        some = pairs[:: max(1, len(pairs) // chosen.count)][: chosen.count]
        noises = (None,) if chosen.as_they_are else NOISES
        found["large"] = [asdict(time_large(some, root, noise=noise)) for noise in noises]
    if chosen.only != "large":
        found["claims"] = time_claims(pairs, root, count=chosen.count)
    print(json.dumps(found, indent=1))
    return found


def _keep(path: Path) -> tuple[bytes, ReferencePrint]:
    reference = read_photo(path.read_bytes(), settings=SETTINGS)
    return reference.to_bytes(), find_print(reference, settings=SETTINGS.text)


def _query(path: Path, noise: float | None) -> bytes:
    return path.read_bytes() if noise is None else enlarge(path, noise)


def _time_once(
    data: bytes, kept: tuple[bytes, ReferencePrint]
) -> tuple[float, float, float, float]:
    start = time.process_time()
    with Image.open(io.BytesIO(data)) as image:
        image.load()
        decoded = time.process_time()
        np.asarray(image)
    laid_out = time.process_time()
    query = read_photo(data, settings=SETTINGS)
    read = time.process_time()
    stored, printed = kept
    compare(Reading.from_bytes(stored), query, settings=SETTINGS, printed=printed)
    return decoded - start, laid_out - start, read - laid_out, time.process_time() - read


def enlarge(path: Path, noise: float) -> bytes:
    """Return the photo as a JPEG of 12 megapixels."""
    with Image.open(path) as image:
        photo = ImageOps.exif_transpose(image).convert("RGB")
    scale = (MEGAPIXELS * 1e6 / (photo.width * photo.height)) ** 0.5
    size = round(photo.width * scale), round(photo.height * scale)
    pixels = np.asarray(photo.resize(size, Image.Resampling.BICUBIC), np.float32)
    grain = np.random.default_rng(1).standard_normal(pixels.shape, np.float32) * noise
    file = io.BytesIO()
    noisy = np.clip(np.round(pixels + grain), 0, 255).astype(np.uint8)
    Image.fromarray(noisy).save(file, "JPEG", quality=QUALITY)
    return file.getvalue()


if __name__ == "__main__":
    sys.exit(main())
