"""Labelled pairs from decided claims, with their originals as files."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evidence.errors import CalibrationError, DamagedOriginalError, NotFoundError
from evidence.evaluate.pairs import Pair
from evidence.evaluate.recalibration import LEAST_PAIRS
from evidence.registry.registry import Registry
from evidence.service.settled import SettledCase, list_settled

LABELS = {  # what persons established -> label of a pair
    "same_item": "same_item",
    "different_copy": "same_design",
    "different_product": "different",
}


@dataclass(frozen=True, slots=True)
class SettledPairs:
    """Pairs whose truth persons established.

    Attributes:
        pairs: their paths are relative to the directory that the originals were written to; the
            first component tells the item, so that photos of one do not vouch for each other.
        cases: the claims that they are from.
        left_out: claims that settle nothing, by reason.
        lost: photos that are gone or no longer have their sha256; pairs with them are left out.
    """

    pairs: tuple[Pair, ...]
    cases: tuple[SettledCase, ...]
    left_out: dict[str, int]
    lost: int

    def describe(self) -> str:
        """Say in one line how many claims and pairs there are, and of which kind."""
        kinds = dict.fromkeys(LABELS, 0)
        for case in self.cases:
            kinds[case.label] += 1
        total = len(self.cases) + sum(self.left_out.values())
        told = ", ".join(f"{count} {label}" for label, count in kinds.items())
        return f"{len(self.cases)} of {total} claims settle {len(self.pairs)} pairs ({told})"

    def require_enough(self) -> None:
        """Raise CalibrationError where the pairs could not be enough by themselves."""
        same = sum(pair.shares_design for pair in self.pairs)
        if min(same, len(self.pairs) - same) < LEAST_PAIRS:
            raise CalibrationError(
                f"{self.describe()}; {same} pairs share a design and {len(self.pairs) - same} do "
                f"not, and {LEAST_PAIRS} of each are needed: add a table of labelled pairs, or "
                "calibrate when more claims are decided"
            )

    def to_json(self) -> dict[str, Any]:
        """Return what they are from, ready for ``json.dumps``."""
        return {
            "cases": [
                {"claim_id": one.claim_id, "label": one.label, "by": one.source,
                 "pairs": len(one.pairs)}
                for one in self.cases
            ],
            "left_out": self.left_out,
            "lost_photos": self.lost,
        }  # fmt: skip


def write_settled(registry: Registry, directory: Path) -> SettledPairs:
    """Write the originals of all settled pairs, each hashed anew, and list the pairs.

    Args:
        registry: what is kept.
        directory: an empty one.
    """
    settled = list_settled(registry)
    folders: dict[str, str] = {}
    written: dict[str, bool] = {}  # path -> whether the original is there
    pairs = []
    for case in settled.cases:
        folder = folders.setdefault(case.item_id, f"item-{len(folders) + 1}")
        (directory / folder).mkdir(exist_ok=True)
        for ids in case.pairs:
            reference, query = paths = [f"{folder}/{photo_id}" for photo_id in ids]
            for path, photo_id in zip(paths, ids, strict=True):
                if path not in written:
                    written[path] = _write(registry, photo_id, directory / path)
            if all(written[path] for path in paths):
                others = {"claim_id": case.claim_id}
                pairs.append(Pair(reference, query, LABELS[case.label], case.source, others))
    lost = sum(not there for there in written.values())
    return SettledPairs(tuple(pairs), settled.cases, settled.left_out, lost)


def _write(registry: Registry, photo_id: str, path: Path) -> bool:
    """Write an original; False if it is gone or was altered."""
    try:
        path.write_bytes(registry.original(photo_id))
    except (DamagedOriginalError, NotFoundError):
        return False
    return True
