"""``python -m bench.log``: how fast the log takes entries, proves them and is checked whole.

Entries are written in transactions of ``--batch``; a request of the service writes one or two.
"""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from evidence.registry.checkpoint_file import CheckpointFile
from evidence.registry.event_rows import EventFacts, add_events
from evidence.registry.registry import Registry

ENTRIES = 1_000_000
BATCH = 1_000
SINGLE = 200  # transactions of one entry
BODY = {"photo_id": "0" * 64, "view": "front", "role": "product", "version": 2}


def append(registry: Registry, first: int, count: int) -> None:
    """Log so many photos in one transaction."""
    facts = [EventFacts("claim", f"claim-{n}", BODY) for n in range(first, first + count)]
    with registry._database.writing() as connection:
        add_events(connection, "claim.photo_added", facts, actor="bench", at=datetime.now(UTC))


def measure(registry: Registry, folder: Path, entries: int, batch: int) -> dict[str, float]:
    """Return entries a second, seconds and bytes."""
    place = CheckpointFile(folder)
    appending = proving = 0.0
    for first in range(1, entries + 1, batch):
        numbers = range(first, min(first + batch, entries + 1))
        start = time.perf_counter()
        append(registry, first, len(numbers))
        place.add([registry.sign_log()])
        middle = time.perf_counter()
        registry.log_proofs(numbers)
        appending += middle - start
        proving += time.perf_counter() - middle
    start = time.perf_counter()
    report = registry.check_log([folder])
    checking = time.perf_counter() - start
    if report.faults:
        raise RuntimeError(report.faults[0].text)
    start = time.perf_counter()
    for turn in range(SINGLE):
        append(registry, entries + 1 + turn, 1)
    single = time.perf_counter() - start
    return {
        "entries": entries,
        "a_transaction": batch,
        "appended_a_second": round(entries / appending),
        "proofs_a_second": round(entries / proving),
        "appended_and_proved_a_second": round(entries / (appending + proving)),
        "checkpoints": report.checkpoints,
        "whole_check_seconds": round(checking, 3),
        "transactions_of_one_entry_a_second": round(SINGLE / single),
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Fill a temporary home, and print what was measured as JSON."""
    parser = argparse.ArgumentParser(prog="python -m bench.log", description=__doc__)
    parser.add_argument("--entries", type=int, default=ENTRIES)
    parser.add_argument("--batch", type=int, default=BATCH, help="entries in one transaction")
    parser.add_argument("--directory", type=Path, help="where the temporary home is made")
    chosen = parser.parse_args(arguments)
    with (
        TemporaryDirectory(dir=chosen.directory) as scratch,
        closing(Registry.open(Path(scratch) / "home")) as registry,
    ):
        found = measure(registry, Path(scratch) / "place", chosen.entries, chosen.batch)
    print(json.dumps(found, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
