"""Compare two readings: the whole way of the data, in order, on one page."""

from functools import cache
from importlib.metadata import version

from evidence.comparison.alignment import Alignment
from evidence.comparison.changes import find_changes
from evidence.comparison.copy_evidence import CopyEvidence
from evidence.comparison.examination import (
    examine_marks,
    map_design,
    subtract,
    weigh_small_marks,
)
from evidence.comparison.hiding import find_hidden
from evidence.comparison.judging import Judgement, judge
from evidence.comparison.placement import Placement, place_items
from evidence.comparison.print_map import PrintMap, Unmapped
from evidence.comparison.reference_print import ReferencePrint
from evidence.comparison.verdict import Finding, Provenance, Region, Verdict, Weight
from evidence.photo.reading import Reading
from evidence.settings import Settings, fingerprint

LIBRARIES = (
    "imagehash", "numpy", "onnxruntime", "opencv-python-headless", "photo-evidence", "pillow",
    "rapidocr", "scipy", "zxing-cpp",
)  # fmt: skip


def compare(
    reference: Reading,
    query: Reading,
    *,
    settings: Settings,
    printed: ReferencePrint | None = None,
) -> Verdict:
    """Say what two photos show about each other; reads and writes nothing.

    Args:
        reference: the pre-shipment photo.
        query: the photo in question.
        settings: every threshold.
        printed: the reference's print, where ``find_print`` found it before; the verdict is the
            same without.

    Returns:
        The verdict; the same readings, settings and libraries give the same one.
    """
    judged = judge(reference, query, settings=settings, printed=printed)
    fused = judged.fused
    mapped = map_design(judged, query, settings=settings)
    copy = examine_marks(judged, query, mapped, settings=settings)
    differences: tuple[Region, ...] = ()
    hidden: tuple[Region, ...] = ()
    if copy is not None and copy.verdict != "different_copy":
        copy, differences, hidden = _look_closely(judged, query, mapped, copy, settings)
    if judged.printed is not None:
        differences += tuple(one.region for one in judged.printed.differences)
    return Verdict(
        verdict=copy.verdict if copy else fused.verdict,
        design=fused.design,
        copy=copy.weight if copy else Weight(None, settings.copies.bound),
        regions=differences,
        hidden=hidden,
        shortfalls=(*query.shortfalls, *fused.shortfalls, *(copy.shortfalls if copy else ())),
        findings=_with_copy(fused.findings, copy),
        provenance=Provenance(fingerprint(settings), settings.calibration.id, library_versions()),
        marks=copy.marks if copy else (),
        placement=_place(judged, query),
    )


@cache
def library_versions() -> dict[str, str]:
    """Return the version of every library that a verdict depends on."""
    return {name: version(name) for name in LIBRARIES}


def _place(judged: Judgement, query: Reading) -> Placement | None:
    found = judged.aligned.found
    if not isinstance(found, Alignment):
        return None
    return place_items(judged.reference, query, found.reference_from_query)


def _with_copy(findings: tuple[Finding, ...], copy: CopyEvidence | None) -> tuple[Finding, ...]:
    """Return the findings on the design with that on the copy behind the first."""
    return (findings[0], copy.finding, *findings[1:]) if copy else findings


def _look_closely(
    judged: Judgement,
    query: Reading,
    mapped: PrintMap | Unmapped | None,
    copy: CopyEvidence,
    settings: Settings,
) -> tuple[CopyEvidence, tuple[Region, ...], tuple[Region, ...]]:
    """Return the copy with its small marks, what changed on it, and where the query hides it."""
    reference = judged.reference
    if judged.appearance is None:
        return copy, (), ()
    hidden = find_hidden(
        judged.appearance, reference.frame, least_mm=settings.appearance.least_region
    )
    subtracted = subtract(judged, query, mapped, settings=settings)
    if subtracted is None:
        return copy, (), hidden
    copy = weigh_small_marks(judged, query, mapped, subtracted, copy, settings=settings)
    if copy.verdict == "different_copy":
        return copy, (), ()
    changes = find_changes(
        reference, query, *subtracted, cut_seen=copy.sees_cut, settings=settings.changes
    )
    return copy, tuple(change.region for change in changes), hidden
