"""Fuse what was found into one log10 likelihood ratio and a verdict with its reasons.

The two propositions are "both photos show the same design" and "they show different
products". Whether the copy is the same one is another question, which these findings
do not answer.
"""

from dataclasses import dataclass

from evidence.comparison import wording
from evidence.comparison.alignment import Alignment
from evidence.comparison.appearance import Appearance
from evidence.comparison.item_alignment import ItemAlignment
from evidence.comparison.verdict import Finding, VerdictName, Weight
from evidence.photo.quality import Quality, Shortfall
from evidence.settings import AppearanceSettings, FusionSettings


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
    settings: FusionSettings,
    parts: AppearanceSettings,
) -> Fused:
    """Weigh the findings on the design, in this order; the first that applies decides.

    1. No map at all: other products, as far as the photos can speak against each other;
       open where the query does not show the item's edge, since nobody knows which part
       it shows.
    2. Too little of the item can be compared, or no photo shows where an item ends, so
       that what agrees may be the background: open.
    3. The item agrees or disagrees after alignment, on the whole and in its worst parts.
    4. What does not agree although the photos share many matches: several items lie in
       the picture and have moved. Open.

    Args:
        aligned: the matches and the map.
        appearance: local agreement along the map, None without one.
        qualities: of the reference and the query.
        hash_bits: distance of the perceptual hashes, in bits.
        settings: weights and thresholds.
        parts: sizes of the parts that must agree.
    """
    found, voice = aligned.found, _voice_against(qualities, settings)
    if not isinstance(found, Alignment) or appearance is None:
        whole = qualities[1].outlined and not _is_crowd(aligned, settings)
        return _conclude(settings.unaligned, wording.unaligned(), settings, voice=voice * whole)
    if appearance.visible < settings.least_visible:
        return _open(wording.too_little(appearance.visible), settings, wording.WHOLE_FRONT)
    if not any(quality.outlined for quality in qualities):
        return _open(wording.no_item(), settings, wording.WHOLE_FRONT)
    half = appearance.worst_part(parts.half, parts.least_weight)
    third = appearance.worst_part(parts.third, parts.least_weight)
    if half is None or third is None:
        return _open(wording.too_plain(), settings, wording.WHOLE_FRONT)
    llr = (
        settings.intercept
        + settings.agreement * appearance.agreement
        + settings.worst_half * half
        + settings.worst_third * third
    )
    if llr < settings.same and _is_crowd(aligned, settings):
        return _open(wording.several_items(), settings, wording.ONE_ITEM)
    seen = wording.appearance(appearance.agreement, half, appearance.visible)
    support = (
        wording.alignment(len(found.inliers), found.rms_error),
        wording.hash_distance(hash_bits),
    )
    return _conclude(llr, seen, settings, support, voice=voice)


def _voice_against(qualities: tuple[Quality, Quality], settings: FusionSettings) -> float:
    """Return how far missing agreement counts, in [0, 1]: as far as print would show."""
    resolution = qualities[1].px_per_mm
    if resolution is not None and resolution < settings.least_px_per_mm:
        return 0.0
    return min(1.0, min(quality.keypoints for quality in qualities) / settings.rich)


def _is_crowd(aligned: ItemAlignment, settings: FusionSettings) -> bool:
    """So many matches come from the same things; if no map holds them, these have moved."""
    found = aligned.found
    inliers = len(found.inliers) if isinstance(found, Alignment) else 0
    matches = len(aligned.matches)
    return matches >= settings.crowd and inliers < settings.explained * matches


def _open(finding: Finding, settings: FusionSettings, shot: Shortfall) -> Fused:
    return Fused("inconclusive", Weight(0.0, settings.bound), (finding,), (shot,))


def _conclude(
    llr: float,
    finding: Finding,
    settings: FusionSettings,
    support: tuple[Finding, ...] = (),
    *,
    voice: float,
) -> Fused:
    """Bound the weight, damp one that speaks against, name it, and say what follows from it."""
    llr = max(-settings.bound, min(settings.bound, llr))
    llr = round(llr * voice if llr < 0 else llr, 3) + 0.0  # never -0.0
    weight = Weight(llr, settings.bound)
    if llr >= settings.same:
        weighed = wording.weighed(finding, llr, None)
        return Fused("same_design", weight, (weighed, wording.copy_undetermined(), *support), ())
    if llr <= settings.different:
        weighed = wording.weighed(finding, llr, settings.false_alarm_rate)
        return Fused("different_product", weight, (weighed, *support), ())
    weighed = wording.weighed(finding, llr, None)
    return Fused("inconclusive", weight, (weighed, *support), (wording.WHOLE_FRONT,))
