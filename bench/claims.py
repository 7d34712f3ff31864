"""Time claims of two photos against items of six, whose readings are stored."""

import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from bench.rule import SETTINGS
from evidence.evaluate import Pair
from evidence.photo.reading import read_photo
from evidence.registry.records import KeptPhoto
from evidence.service.claim_verdict import judge_claim
from evidence.service.parts import Service, open_service
from evidence.service.uploads import Upload, kept_photo

KINDS = ("both show the item", "one shows something else")
REMEMBERED = "asked again"
NOW = datetime(2025, 1, 1, tzinfo=UTC)
WORKERS = 2
ITEM_PHOTOS = 6


@dataclass(frozen=True, slots=True)
class MadeClaim:
    """Photos' paths.

    Attributes:
        references: six, of which at least one shows the item.
        honest: two that show the item.
        other: shows something else.
    """

    references: tuple[str, ...]
    honest: tuple[str, str]
    other: str


def make_claims(pairs: Sequence[Pair], count: int) -> list[MadeClaim]:
    """Make up claims from labelled pairs, evenly over the table.

    The item's six photos are the pair's reference, and for the rest photos of the same folder
    that show something else; all of them are called its front, so that nothing but the perceptual
    hashes tells the likeliest.
    """
    shown = sorted({name for pair in pairs for name in (pair.reference, pair.query)})
    alike: dict[str, set[str]] = {name: set() for name in shown}
    for pair in pairs:
        if pair.shares_design:
            alike[pair.reference].add(pair.query)
            alike[pair.query].add(pair.reference)
    made = []
    for name in shown:
        folder = name.split("/", maxsplit=1)[0]
        others = [x for x in shown if x.startswith(folder) and x != name and x not in alike[name]]
        if len(alike[name]) >= 2 and len(others) >= ITEM_PHOTOS:
            first, second, *_ = sorted(alike[name])
            apart = [x for x in others if not alike[x] & alike[name]]
            rest = apart[: ITEM_PHOTOS - 1]
            strangers = [x for x in apart if x not in rest and not alike[x] & set(rest)]
            if strangers and len(rest) == ITEM_PHOTOS - 1:
                made.append(MadeClaim((name, *rest), (first, second), strangers[-1]))
    return made[:: max(1, len(made) // count)][:count]


def time_claims(
    pairs: Sequence[Pair], root: Path, home: Path, *, count: int
) -> dict[str, dict[str, float]]:
    """Return median and 95 % quantile in seconds: both photos show the item, one does, or again.

    Args:
        pairs: labelled photos.
        root: where their paths start.
        home: empty directory for the store.
        count: of claims.

    Raises:
        ValueError: no item has enough photos among these pairs.
    """
    claims = make_claims(pairs, count)
    if not claims:
        raise ValueError("no item has three photos that show it and six beside it")
    times: dict[str, list[float]] = {kind: [] for kind in (*KINDS, REMEMBERED)}
    service = open_service(home, SETTINGS, now=lambda: NOW, workers=WORKERS, waiting=ITEM_PHOTOS)
    with closing(service):
        names = {x for one in claims for x in (*one.references, *one.honest, one.other)}
        kept = {name: _keep(service, root / name) for name in sorted(names)}
        for turn, claim in enumerate((claims[0], *claims)):
            queries = claim.honest, (claim.honest[0], claim.other)
            for which, (kind, two) in enumerate(zip(KINDS, queries, strict=True)):
                # Other settings each time, so that nothing is remembered from before.
                limits = replace(SETTINGS.limits, compare_seconds=60.0 + 2 * turn + which)
                fresh = replace(service, settings=replace(SETTINGS, limits=limits))
                start = time.perf_counter()
                photos = [kept[x] for x in claim.references], [kept[x] for x in two]
                judge_claim(fresh, *photos)
                took = time.perf_counter() - start
                judge_claim(fresh, *photos)
                again = time.perf_counter() - start - took
                if turn:  # the first one warms the workers up
                    times[kind].append(took)
                    times[REMEMBERED].append(again)
    return {
        kind: {
            "claims": len(taken),
            "median": float(np.median(taken)),
            "quantile_95": float(np.quantile(taken, 0.95)),
        }
        for kind, taken in times.items()
    }


def _keep(service: Service, path: Path) -> KeptPhoto:
    data = path.read_bytes()
    reading = read_photo(data, settings=SETTINGS)
    photo = kept_photo(Upload(data, "front"), reading, NOW)
    service.registry.keep_loose_photo(photo, data, reading.to_bytes())
    return photo
