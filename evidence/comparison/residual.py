"""What one photo shows and the other does not, once place, light and sharpness are the same."""

from dataclasses import dataclass, replace
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from evidence.comparison.allowances import (
    forgive_misplacement,
    root_of,
    slopes_of,
    steepness_of,
    take_out_slow,
)
from evidence.comparison.cells import Cells
from evidence.comparison.fine_laying import FineItems
from evidence.comparison.photometry import explain, in_noise, rank_liveliness
from evidence.comparison.rim import hold_against_side
from evidence.comparison.sharpness import make_equally_sharp
from evidence.settings import ChangeSettings

FloatMap = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Residual:
    """What is left over of the query, place by place; all (H, W).

    Attributes:
        reference, query: lightness, levels of 255, equally sharp, in the same place.
        levels: query less what the reference explains, in levels of 255.
        noise: the same in units of noise, the stronger of a fine and a coarser look.
        thin: the same of what is thinner than half a millimetre, under reflections too.
        colour: (2, H, W), the same of the colour axes Cr and Cb, in levels.
        colour_noise: the stronger of the two in units of noise.
        seen: where both photos show the item.
        paper: levels of white in the query.
    """

    reference: FloatMap
    query: FloatMap
    levels: FloatMap
    noise: FloatMap
    thin: FloatMap
    colour: FloatMap
    colour_noise: FloatMap
    seen: NDArray[np.bool_]
    paper: float


class _Light(NamedTuple):
    """What is left over of lightness, levels, in noise, of thin marks in noise, all (H, W).

    And of each cell, (R, C): its gain and how fast a reflection rises, levels a millimetre.
    """

    levels: FloatMap
    noise: FloatMap
    thin: FloatMap
    gain: FloatMap
    shining: FloatMap


def find_residual(items: FineItems, *, settings: ChangeSettings) -> Residual:
    """Take out all that place, light and sharpness explain."""
    cells = items.cells
    shown = items.on_reference & items.on_query
    seen = (shown & (items.depth >= settings.sure_depth_mm)).astype(np.float32)
    one, other = make_equally_sharp(items.reference[0], items.query[0], seen)
    light = _light(one, other, seen, cells, settings)
    half = replace(cells, size=(cells.size[0] // 2, cells.size[1] // 2))
    ours, theirs = (
        [_shrink(part, half.size) for part in channels]
        for channels in (items.reference, items.query)
    )
    small = _shrink(seen * items.coloured, half.size)
    unsure = half.spread(light.shining) * np.float32(settings.colour_unsure)
    small = (small > 0.99).astype(np.float32)
    colour, colour_noise = _colour(ours, theirs, small, unsure, half, settings)
    grown = np.stack([cells.spread(part) for part in colour])
    veiled = cells.spread(light.gain)
    usual = float(np.median(light.gain))
    clear = (veiled > settings.least_gain * usual) & (veiled < usual / settings.least_gain)
    enough = cells.spread(cells.mean(seen, settings.light_mm)) >= settings.least_share
    unclear = cv2.dilate(
        (~(clear & enough)).astype(np.uint8), _disc(settings.veil_mm * settings.px_per_mm)
    )
    clear = unclear == 0
    thin, noise, colour_noise = (
        hold_against_side(part * here, here, items.depth, settings=settings)
        for part, here in (
            (light.thin, shown),
            (light.noise, shown & clear),
            (cells.spread(colour_noise), shown & clear),
        )
    )
    paper = float(np.quantile(other[::4, ::4], 0.98))
    return Residual(
        one, other, light.levels, noise, thin, grown, colour_noise, shown & clear, paper
    )


def _disc(radius: float) -> NDArray[np.uint8]:
    size = 2 * round(radius) + 1
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size)), np.uint8)


def _shrink(picture: FloatMap, size: tuple[int, int]) -> FloatMap:
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.float32)


def _light(
    one: FloatMap, other: FloatMap, seen: FloatMap, cells: Cells, settings: ChangeSettings
) -> _Light:
    across, down = slopes_of(one)
    bend = np.asarray(cv2.Laplacian(one, cv2.CV_32F), np.float32)
    parts = [one, np.full_like(one, 30.0), across, down, bend]
    firm = (4.0, 1.0, 1.0, 1.0, 1.0)
    left, found = explain(
        parts, other, seen, cells, sigma_mm=settings.light_mm, firm=firm, miss=settings.miss
    )
    unsure = steepness_of(found, cells) * np.float32(settings.light_unsure_mm)
    left = forgive_misplacement(left, other - left)
    left = take_out_slow(left, seen, cells, settings)
    activity = root_of(across * across + down * down + bend * bend / np.float32(4))
    lively = rank_liveliness(activity, seen, settings=settings)

    def noise(part: FloatMap, unsure: FloatMap) -> FloatMap:
        return in_noise(part, lively, cells.spread(unsure), seen, cells, settings=settings)

    fine, coarse = noise(left, unsure), noise(_blur(left, 2.0), unsure)
    narrow = left - _blur(left, settings.thin_mm * settings.px_per_mm)
    return _Light(
        levels=left,
        noise=np.where(np.abs(fine) > np.abs(coarse), fine, coarse),
        thin=noise(narrow, unsure * np.float32(settings.thin_unsure)),
        gain=(1 + found[..., 0]).astype(np.float32),
        shining=steepness_of(found, cells, prints=(0.0,)),
    )


def _blur(picture: FloatMap, sigma: float) -> FloatMap:
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), sigma), np.float32)


def _colour(
    ours: list[FloatMap],
    theirs: list[FloatMap],
    seen: FloatMap,
    unsure: FloatMap,
    cells: Cells,
    settings: ChangeSettings,
) -> tuple[FloatMap, FloatMap]:
    soft = [_blur(part, 1.0) for part in ours]
    across, down = slopes_of(soft[0])
    lively = rank_liveliness(root_of(across * across + down * down), seen, settings=settings)
    found, noise = [], np.zeros_like(seen)
    for axis, another in ((1, 2), (2, 1)):
        query = _blur(theirs[axis], 1.0)
        parts = [soft[axis] - 128, soft[0], soft[another] - 128, np.full_like(seen, 30.0)]
        left, _ = explain(
            parts,
            query - 128,
            seen,
            cells,
            sigma_mm=settings.light_mm,
            firm=(4.0, 4.0, 4.0, 1.0),
            miss=settings.miss,
        )
        found.append(left)
        noise = np.maximum(
            noise,
            np.abs(in_noise(left, lively, unsure, seen, cells, settings=settings)),
        )
    return np.stack(found), noise
