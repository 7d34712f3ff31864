"""Examine two items of one design closely: their print's map, their copy's marks, what differs.

Each step is taken once and only as far as its answer is wanted; ``compare`` wants all of them,
``conclude_briefly`` the name of the verdict.
"""

from evidence.comparison.alignment import Alignment
from evidence.comparison.copy_evidence import CopyEvidence, add_missing, examine_copy
from evidence.comparison.fine_laying import FineItems, lay_finely
from evidence.comparison.judging import Judgement
from evidence.comparison.missing_marks import find_missing
from evidence.comparison.print_map import PrintMap, Unmapped, map_print
from evidence.comparison.residual import Residual, find_residual
from evidence.photo.reading import Reading
from evidence.settings import Settings


def map_design(
    judged: Judgement, query: Reading, *, settings: Settings
) -> PrintMap | Unmapped | None:
    """Lay one design on itself by its print: both the cut and the changes need it.

    Returns:
        The map, or why there is none; None where the photos do not show one design.
    """
    found = judged.aligned.found
    if judged.fused.verdict != "same_design" or not isinstance(found, Alignment):
        return None
    return map_print(judged.reference, query, found, settings=settings.print_map)


def examine_marks(
    judged: Judgement, query: Reading, mapped: PrintMap | Unmapped | None, *, settings: Settings
) -> CopyEvidence | None:
    """Return what the marks of the copy say of two items of one design, small ones aside."""
    found = judged.aligned.found
    if not isinstance(found, Alignment) or mapped is None:
        return None
    return examine_copy(judged.reference, query, found, mapped, settings=settings)


def subtract(
    judged: Judgement, query: Reading, mapped: PrintMap | Unmapped | None, *, settings: Settings
) -> tuple[FineItems, Residual] | None:
    """Lay the items on each other to a part of a pixel, and take out what place and light explain.

    Returns:
        None where the reference's outline is not known: the background changes anyhow.
    """
    found, reference = judged.aligned.found, judged.reference
    if mapped is None or not isinstance(found, Alignment) or reference.outline is None:
        return None
    items = lay_finely(reference, query, found, mapped, settings=settings.changes)
    return items, find_residual(items, settings=settings.changes)


def weigh_small_marks(
    judged: Judgement,
    query: Reading,
    mapped: PrintMap | Unmapped | None,
    subtracted: tuple[FineItems, Residual],
    copy: CopyEvidence,
    *,
    settings: Settings,
) -> CopyEvidence:
    """Add to the copy's marks the small ones that only the reference shows."""
    if not isinstance(mapped, PrintMap):
        return copy
    missing = find_missing(judged.reference, query, *subtracted, settings=settings.missing)
    return add_missing(copy, missing, settings=settings.copies)
