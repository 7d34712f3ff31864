"""Mutated photos against the decoders and a served upload.

``PYTHONPATH=tests .venv/bin/python -m fuzz_decode --seconds 600`` for as long as wanted.

Most mutants are only decoded, in workers as uploads are; one in ``EVERY`` is uploaded to a real
service. A mutant that is answered by no promised status is kept in the directory for temporary
files, for a test of its own. The decoders are compiled without coverage, so a fuzzer that is led by
coverage, such as atheris, would see nothing of them; the mutations know what files are made of.
"""

import argparse
import hashlib
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir

import running
from photo.hostile_files import SOUND, chunk, hostile_files
from photo.test_hostile_files import look

from evidence.settings import Settings
from evidence.workers import Unfinished, Workers

PROMISED = {200, 201, 413, 415, 422}
EVERY = 50
LARGEST = 200_000  # bytes of a file to start from: small ones go round more often
LIMITS = Settings().limits
NUMBERS = [0, 1, 2, 7, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 2**31 - 1, 2**31, 2**32 - 1]
ITEM = {
    "order_id": "order-1",
    "sku": "S",
    "title": "T",
    "kind": "card",
    "declared_value": {"amount": "1", "currency": "JPY"},
}


def seeds() -> list[bytes]:
    """Return files to start from: ours, and those that lie beside the project."""
    files = [data for _, data, _ in hostile_files(bombs_too=False)]
    beside = (running.SHARED / "photos" / "robustness_uploads").rglob("*")
    files += [path.read_bytes() for path in sorted(beside) if path.is_file()]
    small = {data for data in files if 20 < len(data) < LARGEST}
    return [*SOUND.values(), *sorted(small)]


def mutants(files: list[bytes], rng: random.Random) -> Iterator[bytes]:
    """Yield without end."""
    while True:
        data = bytearray(rng.choice(files))
        for _ in range(rng.choice([1, 1, 2, 4, 16])):
            rng.choice(MUTATIONS)(data, rng, files)
        yield _with_checksums(bytes(data)) if rng.random() < 0.8 else bytes(data)


def flip(data: bytearray, rng: random.Random, files: list[bytes]) -> None:
    if data:
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)


def overwrite(data: bytearray, rng: random.Random, files: list[bytes]) -> None:
    """Write a number that tends to overflow, mostly near the start, where heads are."""
    width, order = rng.choice([1, 2, 4]), rng.choice(["big", "little"])
    at = rng.randrange(min(len(data), rng.choice([64, 512, 100_000])) or 1)
    data[at : at + width] = (rng.choice(NUMBERS) % 256**width).to_bytes(width, order)


def cut(data: bytearray, rng: random.Random, files: list[bytes]) -> None:
    at = rng.randrange(len(data) or 1)
    del data[at : at + rng.choice([1, 2, 16, 1000])]


def repeat(data: bytearray, rng: random.Random, files: list[bytes]) -> None:
    at = rng.randrange(len(data) or 1)
    part = bytes(data[at : at + rng.choice([1, 4, 64, 1000])])
    data[at:at] = part * rng.choice([1, 2, 100])


def splice(data: bytearray, rng: random.Random, files: list[bytes]) -> None:
    other = rng.choice(files)
    at, start = rng.randrange(len(data) or 1), rng.randrange(len(other))
    data[at : at + rng.choice([0, 64, 1000])] = other[start : start + rng.choice([16, 256, 4000])]


MUTATIONS = (flip, flip, overwrite, overwrite, cut, repeat, splice)


def _with_checksums(data: bytes) -> bytes:
    """Mend a PNG's checksums, so that what is behind them is reached."""
    if not data.startswith(b"\x89PNG\r\n\x1a\n"):
        return data
    made, at = data[:8], 8
    while at + 8 <= len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        if at + 12 + length > len(data):
            break
        made += chunk(data[at + 4 : at + 8], data[at + 8 : at + 8 + length])
        at += 12 + length
    return made + data[at:]


def fuzz(seconds: float, seed: int) -> tuple[Counter, list[str]]:
    """Return how often what was answered, and what must not happen."""
    told, wrong = Counter(), []
    until, rng = time.monotonic() + seconds, random.Random(seed)  # noqa: S311
    workers = Workers(
        count=1, waiting=0, memory=LIMITS.worker_memory, modules=["evidence.photo.decode"]
    )
    with (
        TemporaryDirectory() as home,
        running.served(Path(home) / "home", EVIDENCE_API_KEY="k") as service,
    ):
        service.call("PUT", "/v1/items/item-1", ITEM)
        for count, data in enumerate(mutants(seeds(), rng)):
            if time.monotonic() > until:
                break
            answer = workers.run(look, data, seconds=LIMITS.seconds)
            told[f"decoded: {answer.reason if isinstance(answer, Unfinished) else answer}"] += 1
            if isinstance(answer, Unfinished) and answer.reason == "failed":
                wrong.append(f"a fault of ours: {_kept(data)}")
            if count % EVERY == 0 or isinstance(answer, Unfinished):
                status = service.call(
                    "POST",
                    "/v1/items/item-1/photos",
                    fields={"view": "other"},
                    files={"file": data},
                )[0]
                told[f"uploaded: {status}"] += 1
                if status not in PROMISED:
                    wrong.append(f"{status}: {_kept(data)}")
        workers.close()
        if service.process.poll() is not None or service.call("GET", "/healthz")[0] != 200:
            wrong.append("the service died")
    return told, wrong


def _kept(data: bytes) -> Path:
    path = Path(gettempdir()) / f"mutant-{hashlib.sha256(data).hexdigest()[:16]}"
    path.write_bytes(data)
    return path


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=600.0)
    parser.add_argument("--seed", type=int, default=time.time_ns() % 2**32)
    asked = parser.parse_args()
    print(f"seed {asked.seed}")
    told, wrong = fuzz(asked.seconds, asked.seed)
    print(*(f"{count:>9,} {what}" for what, count in sorted(told.items())), *wrong, sep="\n")
    sys.exit(bool(wrong))
