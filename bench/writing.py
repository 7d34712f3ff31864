"""``python -m bench.writing``: transactions a second of writers that wait for each other.

Each transaction logs one entry, as the smallest change does. Replicas are registries of their own
in this process, each with the same number of threads.
"""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from evidence.registry.event_rows import EventFacts, add_events
from evidence.registry.log_key import LogIdentity, write_key
from evidence.registry.registry import Registry
from evidence.registry.stores import Stores

SECONDS = 5.0
BODY = {"photo_id": "0" * 64, "view": "front", "role": "product", "version": 2}


def measure(registries: Sequence[Registry], threads: int, seconds: float) -> float:
    """Return transactions a second of all together."""
    end = time.perf_counter() + seconds

    def write(registry: Registry) -> int:
        done = 0
        while time.perf_counter() < end:
            facts = [EventFacts("claim", "claim-1", BODY)]
            with registry.database.writing() as connection:
                add_events(connection, "claim.changed", facts, actor="b", at=datetime.now(UTC))
            done += 1
        return done

    with ThreadPoolExecutor(len(registries) * threads) as pool:
        return sum(pool.map(write, [one for one in registries for _ in range(threads)])) / seconds


def main(arguments: Sequence[str] | None = None) -> int:
    """Write into a temporary home, or into an empty database, and print the rates as JSON."""
    parser = argparse.ArgumentParser(prog="python -m bench.writing", description=__doc__)
    parser.add_argument("--database", help="postgresql://..., empty; else SQLite in a new home")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="of each measurement")
    chosen = parser.parse_args(arguments)
    stores, key = Stores(chosen.database), LogIdentity(write_key(None))
    found = {}
    with TemporaryDirectory() as scratch, ExitStack() as opened:
        registries = [
            opened.enter_context(closing(Registry.open(Path(scratch), stores=stores, log=key)))
            for _ in range(2)
        ]
        for replicas, threads in ((1, 1), (1, 8), (2, 4)):
            rate = measure(registries[:replicas], threads, chosen.seconds)
            found[f"{replicas} replicas, {threads} threads each"] = round(rate)
    print(json.dumps(found, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
