"""Stains: what a veil covers within a closed and sharp outline."""

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from evidence.comparison.veil import Veil
from evidence.settings import StainSettings

SECTORS = 16  # around a stain, each of which must have a step at its outline
MARGIN = 2.0  # mm kept around a stain, more than its outer ring is wide


@dataclass(frozen=True, slots=True, eq=False)
class Stain:
    """A place that a veil covers.

    Attributes:
        mask: (h, w) bool of the veil's picture, without holes.
        px_per_mm: of that picture.
        step: rise of the veil at the outline, as share of a whole one, which four fifths of the
            outline reach.
        strength: of all of its evidence together, in units of noise.
        likeness: cosine between the change and that of a veil, over all axes and places.
    """

    mask: NDArray[np.bool_]
    px_per_mm: float
    step: float
    strength: float
    likeness: float


def find_stains(veil: Veil, *, settings: StainSettings) -> list[Stain]:
    """Find closed and sharply bounded places of a veil, that with the highest step first.

    Glare and shadow fade over many millimetres; a drop dries with an outline. So an outline at
    some height of the veil counts if the veil rises there nearly all around, and is about as
    broad as long. It may be ragged, as a line across it or glare over a part of it leaves it, where
    the change is so like a veil's that hardly anything else would do that. Of outlines that
    overlap, that with the highest step is kept.

    Args:
        veil: how much of a veil lies where.
        settings: thresholds of this stage.

    Source:
        Outlines at all heights, the stablest taken: Matas et al., Robust Wide Baseline Stereo
        from Maximally Stable Extremal Regions, BMVC 2002.
    """
    usual = 1.4826 * float(np.median(np.abs(veil.amount[veil.seen]))) if veil.seen.any() else 0.0
    least = max(settings.least_step, settings.stands_out * usual)
    found = [
        stain
        for level in settings.levels
        for piece in _pieces_above(veil, level, settings)
        if (stain := _measure(piece, veil, settings)) is not None and stain.step >= least
    ]
    found.sort(key=lambda stain: -stain.step * stain.strength)
    kept: list[Stain] = []
    for stain in found:
        if not any(np.any(stain.mask & other.mask) for other in kept):
            kept.append(stain)
    return kept


def cover(stains: list[Stain], *, size: tuple[int, int]) -> NDArray[np.bool_]:
    """Return where stains and their rims lie, (H, W).

    Args:
        stains: of one item.
        size: (width, height) of a finer picture of the same item, in pixels.
    """
    covered = np.zeros(size[::-1], np.uint8)
    for stain in stains:
        rim = cv2.dilate(stain.mask.astype(np.uint8), _disc(2))
        covered |= cv2.resize(rim, size, interpolation=cv2.INTER_NEAREST)
    return covered > 0


def _pieces_above(veil: Veil, level: float, settings: StainSettings) -> list[NDArray[np.bool_]]:
    """Return the connected places above a level whose size and shape may be a stain's."""
    px = veil.px_per_mm
    high = ((veil.amount > level) & veil.seen).astype(np.uint8)
    high = np.asarray(cv2.morphologyEx(high, cv2.MORPH_CLOSE, _disc(1)), np.uint8)
    number, labels, measures, _ = cv2.connectedComponentsWithStats(high, connectivity=4)
    pieces = []
    for label in range(1, number):
        width, height, area = measures[label, 2:5]
        shorter, longer = sorted((width / px, height / px))
        if longer > settings.most_mm or shorter < settings.least_round * longer:
            continue
        if area < settings.least_filled * settings.least_mm2 * px * px:
            continue
        pieces.append(labels == label)
    return pieces


def _measure(piece: NDArray[np.bool_], veil: Veil, settings: StainSettings) -> Stain | None:
    """Measure a place that may be a stain; None where it is none."""
    px = veil.px_per_mm
    contours, _ = cv2.findContours(piece.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    outline = contours[0]
    around = cv2.arcLength(outline, True)
    within = cv2.contourArea(outline)
    hull = cv2.contourArea(cv2.convexHull(outline))
    share = within / max(hull, 1e-6)
    compact = 4 * np.pi * within / max(around * around, 1e-6)
    if share < settings.ragged_filled or compact < settings.ragged_compact:
        return None
    filled = np.zeros(piece.shape, np.uint8)
    cv2.drawContours(filled, contours, -1, 1, cv2.FILLED)
    mask = filled > 0
    if mask.sum() < settings.least_mm2 * px * px:
        return None
    mean = float(veil.amount[mask].mean())
    whole, change = float(veil.evidence[mask].sum()), float(veil.change[mask].sum())
    matched = float((veil.amount * veil.evidence)[mask].sum())
    strength = matched / math.sqrt(max(whole, 1e-6))
    likeness = strength / math.sqrt(max(change, 1e-6))
    if mean > settings.most_amount or strength < settings.least_strength:
        return None
    even = share >= settings.least_filled and compact >= settings.least_compact
    if likeness < (settings.least_likeness if even else settings.ragged_likeness):
        return None
    step = _step(filled, veil, settings)
    return Stain(mask, px, step, strength, likeness)


def _step(filled: NDArray[np.uint8], veil: Veil, settings: StainSettings) -> float:
    """Return the rise at the outline that four fifths of its sectors reach; 0 where unseen."""
    left, top, width, height = cv2.boundingRect(filled)
    out = round(MARGIN * veil.px_per_mm)
    window = (
        slice(max(0, top - out), top + height + out),
        slice(max(0, left - out), left + width + out),
    )
    here, amount = np.ascontiguousarray(filled[window]), veil.amount[window]
    # What lies right at the outline is smoothed into both, so it is left out within.
    inner = (cv2.erode(here, _disc(1)) > 0) & (cv2.erode(here, _disc(4)) == 0)
    outer = (cv2.dilate(here, _disc(2)) > 0) & (here == 0) & veil.seen[window]
    rows, columns = np.nonzero(here)
    y, x = np.indices(here.shape)
    turn = np.arctan2(y - rows.mean(), x - columns.mean()) / (2 * np.pi) + 0.5
    sector = np.minimum((turn * SECTORS).astype(np.intp), SECTORS - 1)
    counts, sums = (
        [np.bincount(sector[ring], weights, SECTORS) for ring, weights in rings]
        for rings in (
            [(inner, None), (outer, None)],
            [(inner, amount[inner]), (outer, amount[outer])],
        )
    )
    told = (counts[0] >= 2) & (counts[1] >= 2)
    if told.mean() < settings.least_told:
        return 0.0
    steps = sums[0][told] / counts[0][told] - sums[1][told] / counts[1][told]
    return float(np.quantile(steps, 0.2))


def _disc(radius: int) -> NDArray[np.uint8]:
    size = 2 * radius + 1
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size)), np.uint8)
