"""``python -m bench.listing``: pages of 100,000 claims, sorted and filtered in several ways."""

import argparse
import json
import random
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import get_args

import numpy as np
from sqlalchemy import insert

from evidence.policy.case import Reason
from evidence.registry.listing_rows import ClaimFilter, Key, Sort
from evidence.registry.registry import Registry
from evidence.registry.tables import claims

CLAIMS = 100_000
PAGE = 50
ROUNDS = 40
START = datetime(2025, 1, 1, tzinfo=UTC)
SPAN = 10_000_000  # seconds that the deadlines are spread over
STATES = ("opened", "decided", "closed")
MIDDLE = START + timedelta(seconds=SPAN / 2)
RARE = ("claim-077777", "claim-055555")  # with a reason, and in a state, of their own

PAGES: dict[str, tuple[ClaimFilter, Sort, Key | None]] = {
    "first": (ClaimFilter(), "deadline", None),
    "middle": (ClaimFilter(), "deadline", (MIDDLE, "claim-050000")),
    "deadline unknown": (ClaimFilter(), "deadline", (None, "claim-050000")),
    "of a state": (ClaimFilter(state="opened"), "deadline", None),
    "of a rare state": (ClaimFilter(state="quarantine"), "deadline", None),
    "of a rare reason": (ClaimFilter(reason="cancellation"), "deadline", None),
    "between two deadlines": (
        ClaimFilter(deadline_after=MIDDLE, deadline_before=MIDDLE + timedelta(days=1)),
        "deadline",
        None,
    ),
    "worth more than any": (ClaimFilter(value_min=10**12), "deadline", None),
    "by value": (ClaimFilter(), "value", None),
    "by value, before a deadline": (ClaimFilter(deadline_before=MIDDLE), "value", None),
}


def fill(registry: Registry, count: int) -> None:
    """Insert made-up claims; every tenth has no deadline."""
    chance = random.Random(1)  # noqa: S311
    reasons = [reason for reason in get_args(Reason) if reason != "cancellation"]
    rows = []
    for number in range(count):
        claim_id = f"claim-{number:06}"
        deadline = START + timedelta(seconds=chance.randrange(SPAN))
        rows.append(
            {
                "claim_id": claim_id,
                "item_id": f"item-{number:06}",
                "reason": "cancellation" if claim_id == RARE[0] else chance.choice(reasons),
                "residence": "JP",
                "ordered_at": START,
                "delivered_at": START,
                "notified_at": START,
                "state": "quarantine" if claim_id == RARE[1] else chance.choice(STATES),
                "deadline": deadline if number % 10 else None,
                "value_milli": chance.randrange(10**6, 10**9),
            }
        )
    with registry._database.writing() as connection:
        connection.execute(insert(claims), rows)


def time_pages(registry: Registry, rounds: int) -> dict[str, dict[str, float]]:
    """Return for each page how many rows it has, and milliseconds: median and 95 % quantile."""
    found = {}
    for name, (wanted, sort, after) in PAGES.items():
        taken, rows = [], 0
        for _ in range(rounds):
            start = time.perf_counter()
            rows = len(registry.claims_page(wanted, sort=sort, after=after, limit=PAGE + 1))
            taken.append(1000 * (time.perf_counter() - start))
        found[name] = {
            "rows": min(rows, PAGE),
            "p50_ms": round(float(np.median(taken)), 2),
            "p95_ms": round(float(np.quantile(taken, 0.95)), 2),
        }
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Fill a temporary home, time the pages and print them as JSON."""
    parser = argparse.ArgumentParser(prog="python -m bench.listing", description=__doc__)
    parser.add_argument("--claims", type=int, default=CLAIMS, help="how many to list")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="how often each page is read")
    chosen = parser.parse_args(arguments)
    with TemporaryDirectory() as home, closing(Registry.open(Path(home) / "home")) as registry:
        fill(registry, chosen.claims)
        print(json.dumps(time_pages(registry, chosen.rounds), indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
