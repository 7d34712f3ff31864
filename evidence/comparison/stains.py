"""Stains: what a veil covers within a closed outline."""

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from evidence.comparison.closed_outlines import ClosedOutline, find_closed_outlines
from evidence.comparison.veil import FloatMap, Veil
from evidence.comparison.weighing import weigh_together
from evidence.settings import StainSettings

BOUNDS = -0.5, 1.2  # of a veil, share of a whole one; beyond them foil and glare have most say
USUAL = 0.03  # of a veil, at least, where nothing changed; share of a whole one
FINER = 4  # binary digits of a pixel that outlines are drawn by


@dataclass(frozen=True, slots=True)
class StainMeasures:
    """What speaks for a stain within an outline, and against it.

    Attributes:
        step: mean rise of the veil at the outline, share of a whole one; unseen parts count 0.
        nearly_all: the rise that four fifths of what is seen of the outline reach.
        stands_out: log10 of the mean rise in units of what is usual on the item.
        likeness: cosine between the change along the rim and that of a veil, in [-1, 1].
        amount: mean of the veil within. A drop leaves most at its rim, and light in the middle.
        across_mm: longer side of the outline's box.
        roundness: shorter side, share of the longer.
    """

    step: float
    nearly_all: float
    stands_out: float
    likeness: float
    amount: float
    across_mm: float
    roundness: float


@dataclass(frozen=True, slots=True, eq=False)
class Stain:
    """A place that a veil covers.

    Attributes:
        mask: (h, w) bool of the veil's picture, without holes.
        px_per_mm: of that picture.
        strength: of all of its evidence together, in units of noise.
        measures: what its weight comes from.
        weight: log10 likelihood ratio of a stain to whatever else has such an outline.
    """

    mask: NDArray[np.bool_]
    px_per_mm: float
    strength: float
    measures: StainMeasures
    weight: float


def find_stains(veil: Veil, *, settings: StainSettings) -> list[Stain]:
    """Find closed outlines within which a veil lies, the surest first.

    Glare and shadow fade over many millimetres; a drop dries with an outline, and leaves most at
    its rim. So the outlines at which the veil rises most are looked at, and each is weighed by how
    surely, how evenly and how much like a veil it does so. Glare over a part of it, a line across
    it or dark print below it take something from several of these, and seldom from all.

    Args:
        veil: how much of a veil lies where.
        settings: thresholds of this stage.

    Source:
        What drops leave at their rim: Deegan et al., Capillary flow as the cause of ring stains
        from dried liquid drops, Nature 1997.
    """
    return [
        one
        for one in look_at_outlines(veil, settings=settings)
        if one.weight >= settings.least_weight
    ]


def look_at_outlines(veil: Veil, *, settings: StainSettings) -> list[Stain]:
    """Return what may be a stain, the surest first, whatever its weight."""
    amount = np.clip(veil.amount, *BOUNDS)
    found = find_closed_outlines(amount, veil.seen, veil.px_per_mm, settings=settings.outlines)
    usual = max(1.4826 * float(np.median(np.abs(amount[veil.seen]))), USUAL) if found else USUAL
    stains = [_weigh(outline, veil, usual, settings) for outline in found]
    return sorted((one for one in stains if one is not None), key=lambda one: -one.weight)


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


def _weigh(
    outline: ClosedOutline, veil: Veil, usual: float, settings: StainSettings
) -> Stain | None:
    """Weigh what lies within an outline; None where nothing is seen of it."""
    px = veil.px_per_mm
    points = _wider(outline.points, settings.soft_mm * px)
    filled = np.zeros(veil.amount.shape, np.uint8)
    cv2.fillPoly(filled, [np.rint(points * 2**FINER).astype(np.int32)], 1, shift=FINER)
    within = (filled > 0) & veil.seen
    depth = cv2.distanceTransform(filled, cv2.DIST_L2, 3)
    rim = within & (depth > settings.rim_mm[0] * px) & (depth < settings.rim_mm[1] * px)
    if not (rim.any() and outline.seen.any()):
        return None
    across, down = np.ptp(points, axis=0) / px
    step = outline.mean_step(settings.outlines.most_step)
    measures = StainMeasures(
        step=step,
        nearly_all=float(np.quantile(outline.steps[outline.seen], 0.2)),
        stands_out=math.log10(max(step, 1e-3) / usual),
        likeness=_likeness(veil, rim),
        amount=float(veil.amount[within].mean()),
        across_mm=float(max(across, down)),
        roundness=float(min(across, down) / max(across, down)),
    )
    strength = _matched(veil, within)
    return Stain(filled > 0, px, strength, measures, weigh_together(measures, settings.weights))


def _wider(points: FloatMap, by: float) -> FloatMap:
    """Return an outline that lies so many pixels further out."""
    away = points - points.mean(axis=0)
    far = np.maximum(np.linalg.norm(away, axis=1, keepdims=True), 1e-3)
    return np.asarray(points + away * (by / far))


def _matched(veil: Veil, places: NDArray[np.bool_]) -> float:
    """Return the evidence for a veil of all places together, in units of noise."""
    whole = float(veil.evidence[places].sum())
    return float((veil.amount * veil.evidence)[places].sum()) / math.sqrt(max(whole, 1e-6))


def _likeness(veil: Veil, places: NDArray[np.bool_]) -> float:
    """Return the cosine between what changed in these places and what a veil changes."""
    change = float(veil.change[places].sum())
    return _matched(veil, places) / math.sqrt(max(change, 1e-6))


def _disc(radius: int) -> NDArray[np.uint8]:
    size = 2 * radius + 1
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size)), np.uint8)
