"""Conclude what two readings show without all that a person would be shown of it."""

from dataclasses import dataclass

from evidence.comparison.copy_evidence import CopyEvidence
from evidence.comparison.examination import (
    examine_marks,
    map_design,
    subtract,
    weigh_small_marks,
)
from evidence.comparison.item_alignment import share_a_map
from evidence.comparison.judging import judge, judge_picture
from evidence.comparison.reference_print import ReferencePrint
from evidence.comparison.verdict import Verdict, VerdictName, Weight
from evidence.photo.reading import Reading
from evidence.settings import CopySettings, Settings


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What a comparison comes to, as far as a search needs it.

    Attributes:
        verdict: the same name that the whole comparison gives; ``inconclusive`` where it was not
            gone into.
        design: the same weight on the design; none where it was not gone into.
    """

    verdict: VerdictName
    design: Weight


def conclusion_of(verdict: Verdict) -> Conclusion:
    """Return what a whole comparison came to."""
    return Conclusion(verdict.verdict, verdict.design)


def conclude_briefly(
    reference: Reading,
    query: Reading,
    *,
    settings: Settings,
    printed: ReferencePrint | None = None,
) -> Conclusion:
    """Say what ``compare`` would conclude, at a quarter of its cost where both show one design.

    What changed on the item is not looked for, and small marks only where they could give the
    verdict another name. Where both photos are clear and their details agree on no map, it is not
    gone into, at a quarter of the cost: a search finds nothing there, and says nothing of it.

    Args:
        reference: the pre-shipment photo.
        query: the photo in question.
        settings: every threshold.
        printed: as for ``compare``.
    """
    if _share_nothing(reference, query, settings):
        return Conclusion("inconclusive", Weight(None, settings.calibration.bound))
    judged = judge(reference, query, settings=settings, printed=printed)
    mapped = map_design(judged, query, settings=settings)
    copy = examine_marks(judged, query, mapped, settings=settings)
    if copy is None:
        return Conclusion(judged.fused.verdict, judged.fused.design)
    if small_marks_matter(copy, settings=settings.copies):
        subtracted = subtract(judged, query, mapped, settings=settings)
        if subtracted is not None:
            copy = weigh_small_marks(judged, query, mapped, subtracted, copy, settings=settings)
    return Conclusion(copy.verdict, judged.fused.design)


def conclude_by_picture(reference: Reading, query: Reading, *, settings: Settings) -> Conclusion:
    """Verify that two photos show one picture: by the map of their details, then along it.

    A fifth of the cost of ``conclude_briefly`` where both show one design, and less where it would
    read print. Print is not read, so another product of the same artwork is taken for the design,
    and the copy is not examined.

    Args:
        reference: the pre-shipment photo.
        query: the photo in question.
        settings: every threshold.
    """
    if _share_nothing(reference, query, settings):
        return Conclusion("inconclusive", Weight(None, settings.calibration.bound))
    fused = judge_picture(reference, query, settings=settings).fused
    return Conclusion(fused.verdict, fused.design)


def _share_nothing(reference: Reading, query: Reading, settings: Settings) -> bool:
    """Say whether both photos are clear and their details agree on no map."""
    clear = not reference.shortfalls and not query.shortfalls
    return clear and not share_a_map(reference, query, settings=settings.matching)


def small_marks_matter(copy: CopyEvidence, *, settings: CopySettings) -> bool:
    """Say whether missing small marks, at their heaviest, could give the verdict another name.

    Args:
        copy: what the other marks say.
        settings: weights and thresholds.
    """
    if copy.verdict == "different_copy" or any(mark.kind != "cut" for mark in copy.marks):
        return False  # beside numbers they are not looked for
    said = copy.weight.llr or 0.0
    lowest = said + min(settings.few_weigh, settings.many_weigh)
    return lowest <= settings.other or (copy.verdict == "same_item" and lowest < settings.same)
