"""Judge the items of the reference against the query: align, look, weigh; read the print."""

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from evidence.comparison.alignment import Alignment
from evidence.comparison.appearance import Appearance, compare_appearance
from evidence.comparison.fusion import Fused, add_print, fuse
from evidence.comparison.item_alignment import ItemAlignment, align_items, count_inliers
from evidence.comparison.items import items_of
from evidence.comparison.laying import lay_lightness
from evidence.comparison.moved_parts import holds_all, hull_of, map_beside
from evidence.comparison.outline_alignment import align_outlines
from evidence.comparison.printed_text import PrintedText, compare_text
from evidence.comparison.reference_print import ReferencePrint
from evidence.comparison.wider_outline import widen_outline
from evidence.photo.frame import rectify
from evidence.photo.hashing import hash_distance
from evidence.photo.hidden import find_hidden
from evidence.photo.reading import Reading
from evidence.settings import Settings


@dataclass(frozen=True, slots=True, eq=False)
class Judgement:
    """What one item of the reference and the query say about each other.

    Attributes:
        reference: the reference with this item as the one that its outline and frame show.
        aligned: the matches and the map.
        appearance: local agreement along the map, None without one.
        fused: the weight and its reasons.
        printed: what the print says, None where it was not read.
    """

    reference: Reading
    aligned: ItemAlignment
    appearance: Appearance | None
    fused: Fused
    printed: PrintedText | None = None


def judge(
    reference: Reading,
    query: Reading,
    *,
    settings: Settings,
    printed: ReferencePrint | None = None,
) -> Judgement:
    """Judge by the picture, and read the print where that leaves a doubt.

    Args:
        reference: the pre-shipment photo.
        query: the photo in question.
        settings: every threshold.
        printed: the reference's print, where it was found before; nothing else comes of it.
    """
    judged = judge_picture(reference, query, settings=settings)
    # the other items' print was not found before
    known = printed if judged.reference.frame is reference.frame else None
    return _read_print(judged, query, known, settings)


def judge_picture(reference: Reading, query: Reading, *, settings: Settings) -> Judgement:
    """Hold each item of the reference against the query, and take the one that agrees most.

    Products that share an artwork look alike here: only their print tells them apart.

    Args:
        reference: the pre-shipment photo.
        query: the photo in question.
        settings: every threshold.
    """
    first, *others = items_of(reference)
    best = _judge_item(first, query, settings)
    for item in others:
        if best.fused.verdict == "same_design":
            break
        best = max(best, _judge_item(item, query, settings), key=_weight)
    return _with_query_outline(best, query, settings)


def _with_query_outline(judged: Judgement, query: Reading, settings: Settings) -> Judgement:
    """Judge one design again by the query's outline, where the reference's is none of the item."""
    found = judged.aligned.found
    if judged.fused.verdict != "same_design" or not isinstance(found, Alignment):
        return judged
    wider = widen_outline(
        judged.reference, query, found.reference_from_query, settings=settings.borders
    )
    if wider is None:
        return judged
    view, frame = wider.view(), wider.frame
    size = view.shape[1], view.shape[0]
    hidden = find_hidden(rectify(view, frame), frame, size, settings=settings.reading)
    again = _judge_item(replace(wider, hidden=hidden), query, settings)
    return again if again.fused.verdict == "same_design" else judged


def _judge_item(reference: Reading, query: Reading, settings: Settings) -> Judgement:
    """Align by keypoints and weigh; where that does not show the same, try by the outlines.

    The outlines alone may bring two photos together and never speak against: an outline can
    be wrong, and then nothing agrees on the map that it gives.
    """
    aligned = align_items(reference, query, settings=settings.matching)
    judged = _weigh(reference, query, aligned, settings)
    if judged.fused.verdict == "same_design":
        return judged
    if count_inliers(aligned.found) >= settings.matching.sure_inliers:
        return judged
    laid = align_outlines(reference, query, settings=settings.matching)
    if laid is None:
        return judged
    rescued = _weigh(reference, query, replace(aligned, found=laid), settings)
    return rescued if rescued.fused.verdict == "same_design" else judged


def _read_print(
    judged: Judgement, query: Reading, known: ReferencePrint | None, settings: Settings
) -> Judgement:
    """Read the print where the artwork agrees and a part does not; it takes a second."""
    found, appearance = judged.aligned.found, judged.appearance
    seen = judged.fused.findings[0].values
    agrees = judged.fused.verdict != "different_product" and "worst_fifth" in seen
    if not agrees or not isinstance(found, Alignment) or appearance is None:
        return judged
    if seen["worst_fifth"] >= settings.fusion.read_below:
        return judged
    printed = compare_text(judged.reference, query, found, settings=settings.text, known=known)
    fused = add_print(judged.fused, printed, settings=settings)
    return replace(judged, fused=fused, printed=printed)


def see_appearance(
    reference: Reading, query: Reading, found: object, *, settings: Settings
) -> Appearance | None:
    """Compare the items' appearance along the map that was found, None without one."""
    if not isinstance(found, Alignment):
        return None
    laid = lay_lightness(reference, query, found)
    wanted = settings.appearance
    shrink = wanted.height / max(laid.seen.shape)
    seen = compare_appearance(
        _shrunk(laid.reference, shrink),
        _shrunk(laid.query, shrink),
        _shrunk(laid.seen.astype(np.uint8) * np.uint8(255), shrink) > 254,
        window=wanted.window,
        reach=wanted.reach,
        noise=wanted.noise,
        full_contrast=wanted.full_contrast,
        dark=wanted.dark,
        bright=wanted.bright,
    )
    # back to pixels of the frame: pixel centres scale as (p + 0.5) / s - 0.5
    margin = (seen.margin + 0.5) / shrink - 0.5
    return replace(seen, step=seen.step / shrink, margin=margin)


def _weigh(
    reference: Reading, query: Reading, aligned: ItemAlignment, settings: Settings
) -> Judgement:
    appearance = see_appearance(reference, query, aligned.found, settings=settings)
    qualities = reference.quality, query.quality
    bits = hash_distance(reference.hashes, query.hashes)
    fused = fuse(aligned, appearance, qualities, bits, settings=settings)
    slid = None if fused.verdict == "same_design" else map_beside(reference, aligned, settings)
    if slid is not None and appearance is not None:
        beside = see_appearance(reference, query, slid, settings=settings)
        appearance = appearance if beside is None else appearance.or_better(beside)
        fused = fuse(aligned, appearance, qualities, bits, settings=settings)
    if fused.verdict != "same_design" and not any(one.outlined for one in qualities):
        found = aligned.found
        if isinstance(found, Alignment) and appearance is not None and holds_all(aligned, settings):
            between = appearance.within(hull_of(reference, found))
            qualities = (replace(qualities[0], outlined=True), replace(qualities[1], outlined=True))
            fused = fuse(aligned, between, qualities, bits, settings=settings)
    return Judgement(reference, aligned, appearance, fused)


def _weight(judged: Judgement) -> float:
    return judged.fused.design.llr or 0.0


def _shrunk(picture: NDArray[np.uint8], scale: float) -> NDArray[np.uint8]:
    size = tuple(max(1, round(side * scale)) for side in picture.shape[::-1])
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)
