"""Compare two readings: the whole way of the data, in order, on one page."""

from functools import cache
from importlib.metadata import version

from evidence.comparison.alignment import Alignment
from evidence.comparison.changes import find_changes
from evidence.comparison.copy_evidence import CopyEvidence, add_missing, examine_copy
from evidence.comparison.fine_laying import lay_finely
from evidence.comparison.hiding import find_hidden
from evidence.comparison.judging import Judgement, judge
from evidence.comparison.missing_marks import find_missing
from evidence.comparison.placement import Placement, place_items
from evidence.comparison.print_map import PrintMap, Unmapped, map_print
from evidence.comparison.residual import find_residual
from evidence.comparison.verdict import Finding, Provenance, Region, Verdict, Weight
from evidence.photo.reading import Reading
from evidence.settings import Settings, fingerprint

LIBRARIES = (
    "imagehash", "numpy", "onnxruntime", "opencv-python-headless", "photo-evidence", "pillow",
    "rapidocr", "scipy", "zxing-cpp",
)  # fmt: skip


def compare(reference: Reading, query: Reading, *, settings: Settings) -> Verdict:
    """Say what two photos show about each other; reads and writes nothing.

    Args:
        reference: the pre-shipment photo.
        query: the photo in question.
        settings: every threshold.

    Returns:
        The verdict; the same readings, settings and libraries give the same one.
    """
    judged = judge(reference, query, settings=settings)
    fused = judged.fused
    mapped = _map(judged, query, settings)
    copy = _copy(judged, query, mapped, settings)
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


def _map(judged: Judgement, query: Reading, settings: Settings) -> PrintMap | Unmapped | None:
    """Lay one design on itself by its print: both the cut and the changes need it, once."""
    found = judged.aligned.found
    if judged.fused.verdict != "same_design" or not isinstance(found, Alignment):
        return None
    return map_print(judged.reference, query, found, settings=settings.print_map)


def _copy(
    judged: Judgement, query: Reading, mapped: PrintMap | Unmapped | None, settings: Settings
) -> CopyEvidence | None:
    """Return what the marks of the copy say of two items of one design."""
    found = judged.aligned.found
    if not isinstance(found, Alignment) or mapped is None:
        return None
    return examine_copy(judged.reference, query, found, mapped, settings=settings)


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
    found, reference = judged.aligned.found, judged.reference
    if judged.appearance is None or mapped is None or not isinstance(found, Alignment):
        return copy, (), ()
    hidden = find_hidden(
        judged.appearance, reference.frame, least_mm=settings.appearance.least_region
    )
    if reference.outline is None:  # the background changes anyhow
        return copy, (), hidden
    items = lay_finely(reference, query, found, mapped, settings=settings.changes)
    residual = find_residual(items, settings=settings.changes)
    if isinstance(mapped, PrintMap):
        missing = find_missing(reference, query, items, residual, settings=settings.missing)
        copy = add_missing(copy, missing, settings=settings.copies)
    if copy.verdict == "different_copy":
        return copy, (), ()
    changes = find_changes(reference, query, items, residual, settings=settings.changes)
    return copy, tuple(change.region for change in changes), hidden
