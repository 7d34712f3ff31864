"""Fuse what was found into one log10 likelihood ratio and a verdict with its reasons.

The two propositions are "both photos show the same design" and "they show different
products". Whether the copy is the same one is another question, which these findings
do not answer.
"""

from dataclasses import dataclass, replace

from evidence.calibration import Calibration
from evidence.comparison import print_wording, wording
from evidence.comparison.alignment import Alignment
from evidence.comparison.appearance import Appearance, Measures
from evidence.comparison.item_alignment import ItemAlignment, count_inliers
from evidence.comparison.printed_text import PrintedText
from evidence.comparison.verdict import Finding, VerdictName, Weight
from evidence.photo.quality import Quality, Shortfall
from evidence.settings import FusionSettings, Settings


@dataclass(frozen=True, slots=True)
class Fused:
    """The weight on the design, what it is called, and why.

    Attributes:
        verdict: the conclusion on the design.
        design: weight of evidence for the same design.
        findings: strongest first.
        shortfalls: shots that would settle an open question, beside the photo's own.
    """

    verdict: VerdictName
    design: Weight
    findings: tuple[Finding, ...]
    shortfalls: tuple[Shortfall, ...]


def fuse(
    aligned: ItemAlignment,
    appearance: Appearance | None,
    qualities: tuple[Quality, Quality],
    hash_bits: int,
    *,
    settings: Settings,
) -> Fused:
    """Weigh the findings and name what they say.

    Args:
        aligned: the matches and the map.
        appearance: local agreement along the map, None without one.
        qualities: of the reference and the query.
        hash_bits: distance of the perceptual hashes, in bits.
        settings: every threshold, and the calibration.
    """
    found, calibration = aligned.found, settings.calibration
    crowd = _is_crowd(aligned, settings.fusion)
    voice = _voice(qualities, settings.fusion, settings.fusion.rich)
    absence = _voice(qualities, settings.fusion, settings.fusion.plenty)
    absence *= qualities[1].outlined and not crowd
    unaligned = calibration.weights.unaligned
    if not isinstance(found, Alignment) or appearance is None:
        return _conclude(unaligned, wording.unaligned(), calibration, voice=absence)
    if appearance.visible < settings.fusion.least_visible:
        return _open(wording.too_little(appearance.visible), calibration, wording.WHOLE_FRONT)
    parts = settings.appearance
    measures = appearance.measure(
        half=parts.half, third=parts.third, fifth=parts.fifth, least=parts.least_weight
    )
    if measures is None or appearance.printed < settings.fusion.least_printed:
        return _open(wording.too_plain(), calibration, wording.WHOLE_FRONT)
    llr = weigh(measures, calibration)
    if llr < calibration.same.llr and crowd:
        return _open(wording.several_items(), calibration, wording.ONE_ITEM)
    if llr < calibration.same.llr and not any(quality.outlined for quality in qualities):
        return _open(wording.no_item(), calibration, wording.WHOLE_FRONT)
    support = (
        wording.alignment(len(found.inliers), found.rms_error),
        wording.hash_distance(hash_bits),
    )
    if llr < 0 and len(found.inliers) < settings.fusion.by_chance:
        llr, voice = max(llr, unaligned), absence
    seen = wording.appearance(measures, appearance.visible)
    return _conclude(llr, seen, calibration, support, voice=voice)


def add_print(fused: Fused, printed: PrintedText, *, settings: Settings) -> Fused:
    """Take in what the print says about items whose artwork agrees.

    That the artwork agrees says nothing on which of its products this is, so print that reads
    differently outweighs it. One place may be a misreading and only asks for a closer look.

    Args:
        fused: what the appearance says: the same design, or open.
        printed: the places that read differently.
        settings: every threshold, and the calibration.
    """
    appearance, *others = fused.findings
    bound, differences = fused.design.bound, printed.differences
    if not differences:
        alike = (print_wording.same_print(printed.compared),) if printed.compared else ()
        return replace(fused, findings=(*fused.findings, *alike))
    unweighed = (replace(appearance, llr=None, innocent_explanations=()), *others)
    if len(differences) < settings.fusion.sure_places:
        found = print_wording.unsure_print(differences[0])
        shots = (print_wording.CLOSE_UP,)
        return Fused("inconclusive", Weight(0.0, bound), (found, *unweighed), shots)
    llr = max(-bound, settings.fusion.other_print)
    found = wording.weighed(
        print_wording.other_print(differences, artwork_agrees=fused.verdict == "same_design"),
        llr,
        settings.fusion.other_print_rate,
    )
    return Fused("different_product", Weight(llr, bound), (found, *unweighed), ())


def weigh(measures: Measures, calibration: Calibration) -> float:
    """Return the log10 likelihood ratio of a logistic regression, not yet bounded."""
    weights = calibration.weights
    return (
        weights.intercept
        + weights.agreement * measures.agreement
        + weights.worst_half * measures.worst_half
        + weights.worst_third * measures.worst_third
        + weights.worst_fifth * measures.worst_fifth
    )


def _voice(qualities: tuple[Quality, Quality], settings: FusionSettings, rich: int) -> float:
    """Return how far what is missing counts, in [0, 1]: as far as print would show.

    It counts in full from ``rich`` keypoints on both items, and for nothing from half as many.
    """
    resolution = qualities[1].px_per_mm
    if resolution is not None and resolution < settings.least_px_per_mm:
        return 0.0
    details = min(quality.keypoints for quality in qualities)
    return min(1.0, max(0.0, 2 * details / rich - 1))


def _is_crowd(aligned: ItemAlignment, settings: FusionSettings) -> bool:
    """So many matches come from the same things; if no map holds them, these have moved."""
    inliers, matches = count_inliers(aligned.found), len(aligned.matches)
    crowd = matches >= settings.crowd and inliers < settings.explained * matches
    return crowd or (matches >= settings.stray and inliers < settings.little * matches)


def _open(finding: Finding, calibration: Calibration, shot: Shortfall) -> Fused:
    return Fused("inconclusive", Weight(0.0, calibration.bound), (finding,), (shot,))


def _conclude(
    llr: float,
    finding: Finding,
    calibration: Calibration,
    support: tuple[Finding, ...] = (),
    *,
    voice: float,
) -> Fused:
    """Bound the weight, damp one that speaks against, name it, and say what follows from it."""
    llr = max(-calibration.bound, min(calibration.bound, llr))
    llr = round(llr * voice if llr < 0 else llr, 3) + 0.0  # never -0.0
    weight = Weight(llr, calibration.bound)
    if llr >= calibration.same.llr:
        weighed = wording.weighed(finding, llr, None)
        return Fused("same_design", weight, (weighed, *support), ())
    if llr <= calibration.different.llr:
        weighed = wording.weighed(finding, llr, calibration.different.rate)
        return Fused("different_product", weight, (weighed, *support), ())
    weighed = wording.weighed(finding, llr, None)
    return Fused("inconclusive", weight, (weighed, *support), (wording.WHOLE_FRONT,))
