"""Labelled pairs of photos, as a table gives them."""

import csv
import io
from dataclasses import dataclass
from pathlib import PurePath

from evidence.errors import UnacceptableError

LABELS = ("same_item", "same_design", "different")
COLUMNS = ("reference", "query", "label", "confidence")
APART = ("same_artwork", "low_texture")  # kinds that ask another, harder question


@dataclass(frozen=True, slots=True)
class Pair:
    """One labelled pair.

    Attributes:
        reference: path of the reference, relative to the root.
        query: path of the query, relative to the root.
        label: ``same_item``, ``same_design`` or ``different``.
        confidence: how sure the label is, as its maker wrote it.
        others: the columns that this program does not know.
    """

    reference: str
    query: str
    label: str
    confidence: str
    others: dict[str, str]

    @property
    def shares_design(self) -> bool:
        """Whether both photos show the same product, whichever copy of it."""
        return self.label != "different"

    @property
    def apart(self) -> str:
        """The kind that is counted apart, or nothing."""
        kind = self.others.get("kind", "").strip().lower().replace("-", "_").replace(" ", "_")
        return kind if kind in APART else ""

    @property
    def folder(self) -> str:
        """The first component of the reference's path."""
        parts = PurePath(self.reference).parts
        return parts[0] if len(parts) > 1 else "(no folder)"


def load_pairs(text: str) -> tuple[Pair, ...]:
    """Read labelled pairs from CSV.

    Raises:
        UnacceptableError: it is no CSV, a column is missing, a label is unknown, a path is
            empty or there are no pairs.
    """
    table = csv.DictReader(io.StringIO(text))
    try:
        missing = [name for name in COLUMNS[:3] if name not in (table.fieldnames or ())]
        if missing:
            raise UnacceptableError(f"the table lacks the column {', '.join(missing)}")
        pairs = tuple(_pair(row, table.line_num) for row in table)
    except csv.Error as error:
        raise UnacceptableError(f"line {table.line_num}: this is no CSV") from error
    if not pairs:
        raise UnacceptableError("the table has no pairs")
    return pairs


def _pair(row: dict[str, str | None], line: int) -> Pair:
    """Check one row; the CSV reader gives None for what a short row lacks."""
    reference, query, label = row["reference"], row["query"], row["label"]
    if not reference or not query:
        raise UnacceptableError(f"line {line}: the path of a photo is empty")
    if label not in LABELS:
        raise UnacceptableError(f"line {line}: the label is none of {', '.join(LABELS)}")
    others = {k: v or "" for k, v in row.items() if k is not None and k not in COLUMNS}
    return Pair(reference, query, label, row.get("confidence") or "", others)
